"""The data folder: ours alone, whatever it was before. It holds rows about children, and secrets of the server."""

import os
import stat
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
        mode = each.stat().st_mode
        if not mode & OTHERS:
            continue
        try:
            each.chmod(FOLDER if stat.S_ISDIR(mode) else FILE)
        except PermissionError as error:
            raise SettingsError(
                f"setting SIGHTLINE_DATA: {each} is open to others and belongs to another user; close it (chmod go=)"
            ) from error


def private_file(file: Path) -> Path:
    """The file, made empty if it is missing, so that a library that opens it makes it no wider.

    One that is there is not opened: closing it again would end every lock that this process holds on it, and a database
    would be taken from under its own connections.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE))
    return file
