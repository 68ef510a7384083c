"""A process that appends beside another one, as tests look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from events.recorded import Recorded
from tests.bench.importing import council
from tests.stores import Store, eventually, recorded
from workers.recording import beside
from workers.recording.batches import Place
from workers.recording.beside import WritesBeside
from workers.system import System


@pytest.fixture
def system(single_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """On two cores, whatever the machine has: who has one core starts no process beside."""
    monkeypatch.setattr(beside, "cores", lambda: 2)
    with council(single_store, tmp_path) as (found, _):
        yield found


@pytest.fixture
def writes(system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[WritesBeside]:
    with writing(system, monkeypatch) as found:
        yield found


@contextmanager
def writing(system: System, patch: pytest.MonkeyPatch) -> Iterator[WritesBeside]:
    """One whose process is ready, after one event of its own."""
    patch.setattr(beside, "WORTH_IT", 1)
    [authority] = system.authorities
    with WritesBeside(system.history(authority), Place(system.settings, authority, system.url)) as found:
        found.append(of(system, "audit/A-0", 1))
        eventually(lambda: found.is_beside)
        yield found


def of(system: System, record: str, version: int, command: str | None = None) -> Recorded:
    [authority] = system.authorities
    return recorded(authority, record, version, command=command)


def processes_of(pid: int) -> list[psutil.Process]:
    """The processes that append for that one."""
    return [each for each in psutil.Process(pid).children() if "workers.recording.appending" in command_of(each)]


def command_of(process: psutil.Process) -> list[str]:
    """What it was started as; nothing of one that is gone."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # or a zombie, which is one of these
        return []


def is_gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it went between the two questions
        return True
