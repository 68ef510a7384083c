"""A projector killed at any moment: rows and checkpoint always agree, and it goes on from there."""

import itertools
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import inspect

from events.recorded import Recorded
from projections.generations import positions
from projections.keeper import keep
from projections.rebuild import rebuild
from projections.rebuild_all import rebuild_all
from projections.registry import VIEWS
from projections.store import open_store
from tests.histories import TORBAY, batches, history, months_of_auditing
from tests.projections.rebuilt import work
from tests.projections.views import in_database, in_memory, kept, made

pytestmark = pytest.mark.long

AUDITS = 150
VIEW = "actions"
ROOT = Path(__file__).parents[2]


def saying(most: int) -> Callable[[int], None]:
    """Says each position; after so many it stands still, so that whoever is slow to kill it finds it there."""
    told = itertools.count(1)

    def say(position: int) -> None:
        print(position, flush=True)
        if next(told) == most:
            signal.pause()

    return say


def keep_until_killed(url: str) -> None:
    """The program that is killed: it keeps small batches and says each position that it reached."""
    engine, view = open_store(url), made(VIEW)
    events = history(months_of_auditing(AUDITS))
    sizes, say = itertools.cycle((1, 2, 5, 11)), saying(60)
    at = positions(engine, VIEW).get(TORBAY, 0)
    while at < len(events):
        at = keep(view, engine, TORBAY, events[at : at + next(sizes)])
        say(at)


def rebuild_until_killed(url: str) -> None:
    """The other program that is killed: it rebuilds again and again and says each position."""
    engine, view = open_store(url), made(VIEW)
    events = history(months_of_auditing(AUDITS // 5))
    while True:
        rebuild(
            view,
            engine,
            {TORBAY: lambda after: batches(events[after:], 50)},
            lambda _, position: print(position, flush=True),
        )


def rebuild_all_until_killed(url: str) -> None:
    """The third one: it rebuilds every view at once and says the position from which on it reads, then each it reached.

    The pages are small, so that some of them are left whenever it is killed.
    """
    say = saying(8)

    def read(after: int) -> list[Sequence[Recorded]]:
        say(after)
        return batches(history(months_of_auditing(AUDITS // 5))[after:], 20)

    views = [made(name) for name in VIEWS]
    rebuild_all(work(open_store(url), {TORBAY: read}, views), lambda _, position: say(position))


def killed(work: str, url: str, *, after: int) -> list[int]:
    """Run that program, kill it once it has said so many positions; what it said."""
    program = [sys.executable, "-c", f"import {__name__} as me; me.{work}({url!r})"]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(line) for line in itertools.islice(process.stdout, after)]
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return said


def test_rebuild_killed_in_a_loop(url: str) -> None:
    """After each SIGKILL the live view is whole; the next rebuild leaves one generation and nothing else."""
    events = history(months_of_auditing(AUDITS // 5))
    engine = open_store(url)
    kept(engine, VIEW, events)
    whole = in_database(engine, made(VIEW))
    for after in (1, 4, 8, 9, 16):  # eight positions make a rebuild, so some are killed around a switch
        killed("rebuild_until_killed", url, after=after)
        assert in_database(engine, made(VIEW)) == whole
    rebuild(made(VIEW), engine, {TORBAY: lambda after: batches(events[after:], 50)})
    assert in_database(engine, made(VIEW)) == whole
    names = [name for name in inspect(engine).get_table_names() if name.startswith("action")]
    assert len(names) == len(made(VIEW).shape.specs)
    engine.dispose()


def test_rebuild_of_all_killed_twice(url: str) -> None:
    """SIGKILL leaves every live view whole; begun again it reads on from where it was, and makes the same."""
    events = history(months_of_auditing(AUDITS // 5))
    engine = open_store(url)
    for name in VIEWS:
        kept(engine, name, events)
    whole = {name: in_database(engine, made(name)) for name in VIEWS}
    first = killed("rebuild_all_until_killed", url, after=4)
    again = killed("rebuild_all_until_killed", url, after=4)
    assert (first[0], again[0] >= first[-1], again[-1] > again[0]) == (0, True, True)
    assert {name: in_database(engine, made(name)) for name in VIEWS} == whole
    begun: list[int] = []

    def read(after: int) -> list[Sequence[Recorded]]:
        begun.append(after)
        return batches(events[after:], 20)

    found = rebuild_all(work(engine, {TORBAY: read}, [made(name) for name in VIEWS]))
    assert begun[0] >= again[-1]
    assert not any(each.differing for each in found)
    assert {name: in_database(engine, made(name)) for name in VIEWS} == whole
    left = [each.rpartition("_g") for each in sorted(inspect(engine).get_table_names())]
    own = sorted(name for name, _, generation in left if generation.isdecimal())
    assert own == sorted(spec.name for name in VIEWS for spec in made(name).shape.specs)
    engine.dispose()


def test_killed_in_a_loop(url: str) -> None:
    """After each SIGKILL the rows are those of the events up to the checkpoint, no more and no less."""
    events = history(months_of_auditing(AUDITS))
    for lives in (1, 3, 10, 17, 29):
        said = killed("keep_until_killed", url, after=lives)[-1]
        engine = open_store(url)
        reached = keep(made(VIEW), engine, TORBAY, [])  # waits for what the server may still be ending
        assert said <= reached < len(events)
        assert in_database(engine, made(VIEW)) == in_memory(made(VIEW), events[:reached])
        engine.dispose()
    engine = open_store(url)
    kept(engine, VIEW, events)
    assert in_database(engine, made(VIEW)) == in_memory(made(VIEW), events)
    engine.dispose()
