"""The data folder: ours alone, whatever it was before. It holds rows about children, and secrets of the server."""

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from events.errors import SettingsError

OURS = ("views.sqlite*", "nats.*", "nats-server*", "jetstream", "processes")
"""What we keep in the folder. Other files there are not touched, but nobody else reaches them either."""

FOLDER, FILE = 0o700, 0o600
OTHERS = 0o077


def make_private(folder: Path) -> None:
    """Make the folder if it is missing, and close it and what we keep in it to everybody else.

    A repeat changes nothing. SettingsError when it is open and belongs to another user.
    """
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    for each in (folder, *(found for pattern in OURS for found in folder.glob(pattern))):
        with suppress(FileNotFoundError):  # the journal of a database comes and goes as others write
            _close(each)


def _close(path: Path) -> None:
    mode = path.stat().st_mode
    if not mode & OTHERS:
        return
    try:
        path.chmod(FOLDER if stat.S_ISDIR(mode) else FILE)
    except PermissionError as error:
        raise SettingsError(
            f"setting SIGHTLINE_DATA: {path} is open to others and belongs to another user; close it (chmod go=)"
        ) from error


def private_file(file: Path) -> Path:
    """The file, made empty if it is missing, so that a library that opens it makes it no wider.

    One that is there is not opened: closing it again would end every lock that this process holds on it, and a database
    would be taken from under its own connections.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE))
    return file


LARGEST_SECRET = 65_536
"""Bytes of a file beyond which it is no key."""


def read_secret(path: Path, named: str) -> bytes:
    """What a file holds that nobody but its owner may read or change. A repeat reads it again.

    SettingsError, beginning with `named`, if it cannot be read, is no plain file, is too large or is open to others.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise SettingsError(f"{named}: {path}: {error.strerror}") from error
    try:
        # The open file is judged, not its name, which could be another's by the time of reading.
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise SettingsError(f"{named}: {path} is not a plain file")
        if found.st_mode & OTHERS:
            mode = f"{stat.S_IMODE(found.st_mode):04o}"
            raise SettingsError(f"{named}: {path} has mode {mode}; only its owner may read it (0600)")
        if found.st_size > LARGEST_SECRET:
            raise SettingsError(f"{named}: {path} is too large for a key: {found.st_size} bytes")
        return os.read(file, LARGEST_SECRET)
    finally:
        os.close(file)


def make_secret(path: Path, named: str, content: Callable[[], bytes]) -> None:
    """Put the content at `path` with mode 0600, or leave what stands there.

    Processes that race to make it end with one file, and a crash leaves either none or a whole one. SettingsError,
    beginning with `named`, if it cannot be made.
    """
    if path.exists():
        return
    try:
        _put(path, content())
    except OSError as error:
        raise SettingsError(f"{named}: {path}: {error.strerror}") from error


def _put(path: Path, content: bytes) -> None:
    """Write the content to a file of its own and link that into place.

    Unlike opening the name itself exclusively, this never shows another process, or the next start after a crash, a
    file without its content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE)
    try:
        with os.fdopen(file, "wb") as writer:
            writer.write(content)
            writer.flush()
            os.fsync(writer.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another process was first, and its content is the one to use
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)  # what is sealed or signed from now on needs this file after a power cut
    finally:
        os.close(folder)
