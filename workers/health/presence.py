"""Which worker processes there are beside this data folder: each holds a lock in it for as long as it exists.

A process that is suspended gives no sign of life and keeps its lock, so health can tell it from one that ended.
"""

import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from services.log import Log
from services.private import FILE, FOLDER

PLACE = "processes"
"""The folder of the locks, in the data folder; a file's name is the worker, its machine and its process."""

SUSPENDED = frozenset("Tt")
"""How Linux names the state of a process that a signal or a debugger has stopped."""

log = Log(__name__)


@dataclass(frozen=True, slots=True)
class Present:
    """A process of a worker, and its machine. `suspended` is None where nobody can tell from here."""

    machine: str
    pid: int
    suspended: bool | None


@contextmanager
def present(data: Path, worker: str) -> Iterator[None]:
    """Be seen as a process of this worker while the block runs.

    Where the data folder takes no file, the log says so and the work goes on: nothing but a word in health hangs on it.
    """
    file = data / PLACE / f"{worker}@{platform.node()}.{os.getpid()}"
    try:
        file.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        _clear(file.parent, worker)
        descriptor = _locked(file)
    except OSError as error:
        log.warning("health cannot see this process", error=type(error).__name__, folder=str(file.parent))
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink()
        os.close(descriptor)


def processes(data: Path, worker: str) -> list[Present]:
    """The processes of this worker that hold the folder, whether they do anything or not."""
    held = [file for file in sorted((data / PLACE).glob(f"{worker}@*")) if _is_held(file)]
    return [_present(*file.name.partition("@")[2].rpartition(".")[::2]) for file in held]


def _present(machine: str, pid: str) -> Present:
    return Present(machine, int(pid), _is_suspended(pid) if machine == platform.node() else None)


def _locked(file: Path) -> int:
    """The file, open and locked. One that was cleared away in between is made again."""
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, FILE)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)


def _clear(folder: Path, worker: str) -> None:
    """Remove what processes left that were killed."""
    for file in folder.glob(f"{worker}@*"):
        with suppress(FileNotFoundError), file.open("rb") as held, suppress(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.unlink()


def _is_held(file: Path) -> bool:
    with suppress(FileNotFoundError), file.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _is_suspended(pid: str) -> bool | None:
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return told.rpartition(")")[2].split()[0] in SUSPENDED
