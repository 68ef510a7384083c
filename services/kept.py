"""What was worked out from files that do not change, kept so that the next process need not work it out again.

It is no source of truth: whatever is missing, damaged, of other files or not ours alone is worked out afresh, and
where nothing can be written nothing is kept. It lies in the user's own folder for such things.
"""

import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import time

from services.private import FILE, FOLDER, OTHERS

AT_MOST = 256
"""Files that stay. Where there are more a quarter goes at once, what was asked for longest ago first: to look at each
takes longer than to write the one that came."""

FRESH = 60.0
"""Seconds for which nobody notes that a file was asked for again."""

ROOT = Path(__file__).parents[1]
"""Where the rooms of the program stand."""


def folder() -> Path:
    """Where it is kept: by the variable for such things, or in the user's home."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if os.path.isabs(named) else Path.home() / ".cache") / "sightline"  # noqa: PTH117 - may be empty


@cache
def program(*rooms: str) -> str:
    """These rooms as they stand on the disk: another text, size or time of a file is another program.

    It is judged as Python judges whether what it has compiled is still that of the file.
    """
    files = sorted(each for room in rooms for each in _files(os.path.join(ROOT, room), room))  # noqa: PTH118 - hundreds
    return sha256(repr((sys.version, files)).encode()).hexdigest()


@cache
def program_text(*rooms: str) -> str:
    """A name for the text of these rooms' modules: alike wherever the same release is installed, whenever that was."""
    known = f"text of {program(*rooms)}"
    if (kept := recall(known)) is not None:
        return kept.decode()
    text = sha256()
    for name in sorted(name for room in rooms for name, _, _ in _files(os.path.join(ROOT, room), room)):  # noqa: PTH118 - as above
        text.update(f"{name}\n".encode() + sha256((ROOT / name).read_bytes()).digest())
    keep(known, text.hexdigest().encode())
    return text.hexdigest()


def _files(at: str, named: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(at) as found:
        for each in found:
            if each.is_dir(follow_symlinks=False):
                if each.name != "__pycache__":
                    yield from _files(each.path, f"{named}/{each.name}")
            elif each.name.endswith(".py"):
                told = each.stat()
                yield f"{named}/{each.name}", told.st_size, told.st_mtime_ns


def recall(of: str) -> bytes | None:
    """What was kept of this, if it is whole and nobody but us can have written it; None otherwise."""
    try:
        file = os.open(_file(of), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, RuntimeError):  # it is not there, or there is no home
        return None
    with os.fdopen(file, "rb") as reader:
        # The open file is judged, not its name, which could be another's by the time of reading.
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_mode & OTHERS or found.st_uid != os.geteuid():
            return None
        seal, _, content = reader.read().partition(b"\n")
        if found.st_mtime < time() - FRESH:
            with suppress(OSError):  # a disk that cannot be written is read all the same
                os.utime(reader.fileno())
    return content if seal == _seal(of, content) else None


def keep(of: str, content: bytes) -> None:
    """Keep this, if it can be. Several that do so at once end with one whole file; a repeat replaces it by the same."""
    with suppress(OSError, RuntimeError):  # what is not kept is worked out again
        file = _file(of)
        file.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE), "wb") as writer:
                writer.write(_seal(of, content) + b"\n" + content)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        _leave_few(file.parent)


def _leave_few(at: Path) -> None:
    if len(os.listdir(at)) <= AT_MOST:  # noqa: PTH208 - the names alone
        return
    held = sorted(at.iterdir(), key=lambda each: each.lstat().st_mtime_ns, reverse=True)
    for each in held[AT_MOST * 3 // 4 :]:
        each.unlink(missing_ok=True)


def _file(of: str) -> Path:
    return folder() / sha256(of.encode()).hexdigest()


def _seal(of: str, content: bytes) -> bytes:
    """It tells damage, and another's content under this name."""
    return sha256(b"\n".join((of.encode(), content))).hexdigest().encode()
