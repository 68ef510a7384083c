"""Appending by a process beside: the same events as without it, whoever is killed and whoever else writes."""

import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from events.envelope import ID, checked_hash
from events.errors import Conflict
from events.recorded import Recorded
from services import import_lines, importer
from services.import_summary import Summary
from services.settings import read_settings
from services.store.application import History
from services.store.mapper import fact_to_store
from services.store.stored import FactNotification
from tests.bench.importing import lines
from tests.histories import history
from tests.projections.samples import SAMPLES
from tests.stores import eventually
from tests.workers.besides import is_gone, of, processes_of, system, writes
from workers.recording import beside
from workers.recording.batches import Batch, Place
from workers.recording.beside import WritesBeside
from workers.recording.desks import recording_desks
from workers.running.supervisor import environment
from workers.system import System

ROOT = Path(__file__).parents[2]
AUDITS, CHUNK = 12, 40

__all__ = ["system", "writes"]


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("this process appends nothing more")


def stored(system: System) -> Counter[str]:
    """The ids of all events that stand, each with how often it does, once versions and hashes were looked at."""
    [authority] = system.authorities
    names = Counter[str]()
    for each in system.history(authority).recorder.select_notifications(start=1, limit=10_000):
        assert isinstance(each, FactNotification)
        assert checked_hash(each.headers, each.state)
        names[each.headers[ID]] += 1
    return names


def imported(system: System, told: Callable[[WritesBeside], object] = bool) -> Summary:
    """The import of a file in chunks; `told` is called with what writes it, after each but the first two."""
    [authority] = system.authorities
    with recording_desks(system, "of-two", unverified=True) as importing:
        store = importing.desks[authority].store
        assert isinstance(store, WritesBeside)
        chunks = Counter[str]()

        def progress(_: int) -> None:
            chunks["decided"] += 1
            if chunks["decided"] == 2:  # the first part is on its way, and with it the start of the process
                eventually(lambda: store.is_beside)
            if chunks["decided"] > 2:  # what was on its way before it was ready is written
                told(store)

        return importing.run(lines(authority, AUDITS), progress)


@pytest.fixture
def in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "WORTH_IT", 1)
    monkeypatch.setattr(import_lines, "CHUNK", CHUNK)
    monkeypatch.setattr(importer, "MOST_LINES", CHUNK)


def test_events_travel_as_they_are() -> None:
    """Of every contract, and of envelopes that say all they can: what arrives is stored as it would be from here."""
    events = history(SAMPLES)
    told = replace(events[0].envelope, causation="E-1.0", imported="I-1", digest="0a.b", unverified="role")
    full = replace(told, policy_hash="ff")
    events += [replace(each, envelope=full.numbered(number)) for number, each in enumerate(events)]
    batch = Batch.of(events)
    assert pickle.loads(pickle.dumps(batch)).to_store() == [fact_to_store(each) for each in events]  # noqa: S301 - what was written a moment before


@pytest.mark.usefixtures("in_chunks")
def test_an_import_by_two_processes(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is ready the process writes all that follows; a repeat finds all of it done, and none is left."""
    [authority] = system.authorities
    with monkeypatch.context() as alone:
        summary = imported(system, lambda _: alone.setattr(system.history(authority), "append", refuse))
    assert [*summary.rejections] == []
    assert processes_of(os.getpid()) == []
    held = stored(system)
    assert set(held.values()) == {1}
    assert sum(held.values()) == summary.events + len(("opened", "closed"))
    with recording_desks(system, "of-two", unverified=True) as importing:
        again = importing.run(lines(authority, AUDITS))
    assert (again.accepted, [*again.rejections], again.events) == (0, [], 0)
    assert stored(system) == held


@pytest.mark.usefixtures("in_chunks")
def test_one_that_is_killed(system: System) -> None:
    """The import goes on without it: nothing is lost, and nothing stands twice."""

    def kill(_: WritesBeside) -> None:
        for each in processes_of(os.getpid()):
            each.kill()
            each.wait()

    summary = imported(system, kill)
    assert [*summary.rejections] == []
    held = stored(system)
    assert set(held.values()) == {1}
    assert sum(held.values()) == summary.events + len(("opened", "closed"))


def test_somebody_else_writes_first(writes: WritesBeside, system: System) -> None:
    """Nothing of the batch stands. What is decided afresh on what stands is taken, whatever the process knew of it."""
    writes.append(of(system, "audit/A-0", 2))
    by_somebody_else(system, of(system, "audit/A-0", 3, "rival"))
    with pytest.raises(Conflict):
        writes.append(of(system, "audit/A-1", 1), of(system, "audit/A-0", 3))
    assert writes.load("audit/A-1") == ()
    assert [each.originator_version for each in writes.load("audit/A-0")] == [1, 2, 3]
    writes.append(of(system, "audit/A-0", 4))
    eventually(lambda: writes.is_beside)  # it is worth it again
    writes.append(of(system, "audit/A-0", 5), of(system, "audit/A-1", 1))
    by_somebody_else(system, of(system, "audit/A-0", 6, "rival-2"))
    with pytest.raises(Conflict):  # it looks at what it knows, and asks nobody
        writes.append(of(system, "audit/A-2", 1), of(system, "audit/A-0", 7))
    assert len(writes.load("audit/A-0")) == 6
    writes.append(of(system, "audit/A-2", 1), of(system, "audit/A-0", 7))
    assert len(writes.load("audit/A-0")) == 7


def by_somebody_else(system: System, event: Recorded) -> None:
    [authority] = system.authorities
    with Place(system.settings, authority, system.url).history() as other:
        other.append(event)


def test_one_that_cannot_begin(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process finds no server, or is ended before it is ready, this one appends all."""
    monkeypatch.setattr(beside, "WORTH_IT", 1)
    [authority] = system.authorities
    nowhere = Place(system.settings, authority, "nats://127.0.0.1:1")
    with WritesBeside(system.history(authority), nowhere) as writes:
        writes.append(of(system, "audit/A-0", 1))
        begun = processes_of(os.getpid())  # none, where it is gone already
        eventually(lambda: all(map(is_gone, begun)))
        writes.append(of(system, "audit/A-0", 2))
        writes.append(of(system, "audit/A-0", 3))
        assert not writes.is_beside
        assert len(writes.load("audit/A-0")) == 3


def test_who_has_one_core_writes_alone(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes on one core would only wait for one another."""
    monkeypatch.setattr(beside, "WORTH_IT", 1)
    monkeypatch.setattr(beside, "cores", lambda: 1)
    [authority] = system.authorities
    with WritesBeside(system.history(authority), Place(system.settings, authority, system.url)) as writes:
        writes.append(of(system, "audit/A-0", 1))
        assert processes_of(os.getpid()) == []


def append_when_told() -> None:
    """The program that is killed: it says when its process is ready, and waits."""
    two = patch.object(beside, "cores", lambda: 2)
    with two, patch.object(beside, "WORTH_IT", 1), System(read_settings()) as system:
        [authority] = system.authorities
        with WritesBeside(system.history(authority), Place(system.settings, authority, system.url)) as writes:
            writes.append(of(system, "audit/A-0", 1))
            eventually(lambda: writes.is_beside)
            print("ready", flush=True)
            sys.stdin.readline()


def test_who_imports_is_killed(system: System) -> None:
    """The process that appends for it ends by itself."""
    program = [sys.executable, "-c", f"import {__name__} as me; me.append_when_told()"]
    variables = {**os.environ, **environment(system.settings)}
    with subprocess.Popen(program, cwd=ROOT, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"ready\n"
        [other] = processes_of(first.pid)
        first.kill()
        eventually(lambda: is_gone(other))


def test_history_is_of_this_process(writes: WritesBeside, system: System) -> None:
    """What the process wrote is read here at once."""
    [authority] = system.authorities
    assert isinstance(system.history(authority), History)
    writes.append(of(system, "audit/A-5", 1), of(system, "audit/A-5", 2))
    assert len(writes.load("audit/A-5")) == 2
    assert writes.unwritten(["audit/A-5", "audit/A-6"]) == {"audit/A-6"}


@pytest.mark.usefixtures("in_chunks")
def test_one_that_cannot_be_started(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process is left for it, the import is written by the one that decides, whole."""

    def none_left(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(beside, "_Process", none_left)
    [authority] = system.authorities
    with recording_desks(system, "of-two", unverified=True) as importing:
        summary = importing.run(lines(authority, AUDITS))
    assert [*summary.rejections] == []
    held = stored(system)
    assert set(held.values()) == {1}
    assert sum(held.values()) == summary.events + len(("opened", "closed"))
