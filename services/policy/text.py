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


def is_folder(path: Path) -> bool:
    """Whether a folder is there. Raises PolicyError where the one around it may not be entered."""
    try:
        return path.is_dir()
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception, what: str = "file") -> PolicyError:
    """What is said of a file or a folder that cannot be read, and why."""
    return PolicyError(str(path), f"({what})", f"the {what} cannot be read: {' '.join(str(error).split())}")
