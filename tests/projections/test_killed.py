"""A projector killed at any moment: rows and checkpoint always agree, and it goes on from there."""

import itertools
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import inspect

from projections.generations import positions
from projections.keeper import keep
from projections.rebuild import rebuild
from projections.store import open_store
from tests.histories import TORBAY, batches, history, months_of_auditing
from tests.projections.views import in_database, in_memory, kept, made

AUDITS = 150
VIEW = "actions"
ROOT = Path(__file__).parents[2]


def keep_until_killed(url: str) -> None:
    """The program that is killed: it keeps small batches and says each position that it reached."""
    engine, view = open_store(url), made(VIEW)
    events = history(months_of_auditing(AUDITS))
    sizes = itertools.cycle((1, 2, 5, 11))
    at = positions(engine, VIEW).get(TORBAY, 0)
    while at < len(events):
        at = keep(view, engine, TORBAY, events[at : at + next(sizes)])
        print(at, flush=True)


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
