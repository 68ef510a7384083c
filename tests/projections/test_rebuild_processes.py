"""A rebuild of every view by several processes: each that is killed is missed, and none is left when the first is."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

import psutil
import psycopg
import pytest
from sqlalchemy import make_url, select, text

from events.errors import SightlineError, Unavailable
from projections.differences import Compared
from projections.register import SHAPE as REGISTER
from projections.store import GENERATIONS, SHARES, lock, writing
from projections.view import Halted
from services.settings import read_settings
from tests.bench.importing import council
from tests.histories import batches, history, months_of_auditing
from tests.projections.rebuilt import of_nothing
from tests.stores import Store, eventually
from workers.histories import sharing
from workers.histories.rebuilding import rebuild_everything
from workers.processes.failed import Failed
from workers.running.supervisor import environment
from workers.system import System

AUDITS = 40
BLOCK = 100
"""Positions that one process reads before the next one's begin: each has some of them."""
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def system(postgres: str, single_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A council with a history, whose views are in PostgreSQL and were rebuilt once."""
    folder = tmp_path_factory.mktemp("processes")
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute('CREATE DATABASE "processes"')
    url = make_url(postgres).set(database="processes").render_as_string(hide_password=False)
    with council(single_store, folder) as (plain, authority):
        for batch in batches(history(months_of_auditing(AUDITS), authority=authority), 500):
            plain.history(authority).append(*batch)
        settings = plain.settings.model_copy(update={"database": url, "rebuild_processes": 1})
    with System(settings) as found:
        assert of_nothing(rebuilt(found))
    with System(settings.model_copy(update={"rebuild_processes": 2})) as found:
        yield found


def rebuilt(system: System) -> list[Compared]:
    """What is not as it was after a rebuild of every view."""
    [authority] = system.authorities
    return rebuild_everything(system, [authority], lambda *_: None)


def generations(system: System) -> dict[str, tuple[int, int | None]]:
    """Which generation of each view is live, and which is being filled."""
    with system.engine.connect() as db:
        return {row.view: (row.live, row.building) for row in db.execute(select(GENERATIONS))}


def processes_of(pid: int) -> list[psutil.Process]:
    """The processes that fill shares for that one, beside its own."""
    return [each for each in psutil.Process(pid).children() if "workers.histories.filling" in each.cmdline()]


def is_gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it went between the two questions
        return True


def are_held_up(system: System, processes: int) -> None:
    """Wait until so many wait for a lock: each has written the timeline, and nothing of the views after it."""

    def waiting() -> int:
        with system.engine.connect() as db:
            asked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            return int(db.execute(asked).scalar_one())

    eventually(lambda: waiting() == processes)


def test_one_that_is_killed(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named in one line, takes the others with it, switches nothing, and what is written is gone on with."""
    fill, left = sharing.fill_shares, list[psutil.Process]()

    def kill_one(held: ExitStack) -> None:
        with held:  # the first one comes to hear of it once it goes on
            are_held_up(system, 2)
            [other] = processes_of(os.getpid())
            other.kill()
            eventually(lambda: is_gone(other))

    def held_up(*asked: Any) -> int:
        held = ExitStack()
        lock(held.enter_context(writing(system.engine)), REGISTER.name)
        killer = Thread(target=kill_one, args=(held,))
        killer.start()
        try:
            return fill(*asked)
        finally:
            killer.join()
            left.extend(processes_of(os.getpid()))

    monkeypatch.setattr(sharing, "SHARED_FROM", 1)
    monkeypatch.setattr(sharing, "BLOCK", BLOCK)
    before = generations(system)
    with monkeypatch.context() as held:
        held.setattr(sharing, "fill_shares", held_up)
        with pytest.raises(
            Unavailable, match=r"^rebuild of council-\d+: process 2 of 2 was ended \(code -9\); no view"
        ):
            rebuilt(system)
    assert left == []
    begun = generations(system)
    assert begun == {view: (live, live + 1) for view, (live, _) in before.items()}
    with system.engine.connect() as db:
        filled = {(row.view, row.share) for row in db.execute(select(SHARES))}
    assert {view for view, share in filled if share == 1} == {"timeline"}
    assert filled >= {("timeline", 0), ("register", 0)}
    assert of_nothing(rebuilt(system))
    assert generations(system) == {view: (building, None) for view, (_, building) in begun.items()}


def rebuild_when_told() -> None:
    """The program that is killed: it says when its generations are there, and fills them in shares once it is told."""
    fill = sharing.fill_shares

    def told(*asked: Any) -> int:
        print("ready", flush=True)
        sys.stdin.readline()
        return fill(*asked)

    with patch.multiple(sharing, SHARED_FROM=1, BLOCK=BLOCK, fill_shares=told), System(read_settings()) as system:
        rebuilt(system)


def test_the_first_one_is_killed(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that began the others is killed as they write: none of them is left, and a repeat ends the work."""
    before = generations(system)
    program = [sys.executable, "-c", f"import {__name__} as me; me.rebuild_when_told()"]
    variables = {**os.environ, **environment(system.settings)}
    with subprocess.Popen(program, cwd=ROOT, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        assert first.stdout.readline() == b"ready\n"
        with writing(system.engine) as db:
            lock(db, REGISTER.name)
            first.stdin.write(b"\n")
            first.stdin.flush()
            are_held_up(system, 2)
            [other] = processes_of(first.pid)
            first.kill()
            eventually(lambda: is_gone(other))
    assert {live for live, _ in generations(system).values()} == {live for live, _ in before.values()}
    monkeypatch.setattr(sharing, "SHARED_FROM", 1)
    monkeypatch.setattr(sharing, "BLOCK", BLOCK)
    assert of_nothing(rebuilt(system))


def test_into_one_file(system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes fill one SQLite file, which has one writer at a time: the rows are those of one process."""
    alone = system.settings.model_copy(update={"database": f"sqlite:///{tmp_path}/views.db", "rebuild_processes": 1})
    monkeypatch.setattr(sharing, "SHARED_FROM", 1)
    monkeypatch.setattr(sharing, "BLOCK", BLOCK)
    for settings in (alone, alone.model_copy(update={"rebuild_processes": 2})):
        with System(settings) as found:
            compared = rebuilt(found)
    assert of_nothing(compared)
    assert {each.view: each.rows for each in compared}["timeline"] > AUDITS


@pytest.mark.parametrize("error", [Halted("register", "torbay", 7, "no such row"), Unavailable("the disk is full")])
def test_an_error_travels(error: SightlineError) -> None:
    """What one process failed of is the same in the other, though it is not made of its words alone."""
    again = pickle.loads(pickle.dumps(Failed.by(error))).error()  # noqa: S301 - what was written a moment before
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_who_rebuilds_alone(system: System) -> None:
    """One process does it where it is told to, and for a short history."""
    assert sharing.sharing(system) is not None
    alone = System(system.settings.model_copy(update={"rebuild_processes": 1}))
    assert sharing.sharing(alone) is None
    [authority] = system.authorities
    assert sharing.fill_shares(system, 2, authority, {}, None) == 0
