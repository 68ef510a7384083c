"""The texts of policy files."""

from pathlib import Path

from events.errors import PolicyError

ROOMS = ("events", "services")
"""What a policy is made by and checked by."""


def text_of(path: Path) -> str:
    """The file's text, without the mark that some editors begin it with. Raises PolicyError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> PolicyError:
    """What is said of a file that cannot be read, and why."""
    return PolicyError(str(path), "(file)", f"the file cannot be read: {' '.join(str(error).split())}")
