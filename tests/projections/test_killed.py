"""A projector killed at any moment: rows and checkpoint always agree, and it goes on from there."""

import itertools
import signal
import subprocess
import sys
from pathlib import Path

from projections.generations import positions
from projections.store import open_store
from tests.histories import TORBAY, history, months_of_auditing
from tests.projections.views import in_database, in_memory, kept, made

AUDITS = 150
VIEW = "actions"
ROOT = Path(__file__).parents[2]


def keep_until_killed(url: str) -> None:
    """The program that is killed: it keeps small batches and says each position that it reached."""
    from projections.keeper import keep  # noqa: PLC0415 - the program's own start

    engine, view = open_store(url), made(VIEW)
    events = history(months_of_auditing(AUDITS))
    sizes = itertools.cycle((1, 2, 5, 11))
    at = positions(engine, VIEW).get(TORBAY, 0)
    while at < len(events):
        at = keep(view, engine, TORBAY, events[at : at + next(sizes)])
        sys.stdout.write(f"{at}\n")
        sys.stdout.flush()


def test_killed_in_a_loop(url: str) -> None:
    """After each SIGKILL the rows are those of the events up to the checkpoint, no more and no less."""
    events = history(months_of_auditing(AUDITS))
    said = 0
    for lives in (1, 3, 10, 17, 29):
        program = [sys.executable, "-c", f"import {__name__} as me; me.keep_until_killed({url!r})"]
        with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in itertools.islice(process.stdout, lives):
                said = int(line)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        engine = open_store(url)
        reached = positions(engine, VIEW)[TORBAY]
        assert said <= reached < len(events)
        assert in_database(engine, made(VIEW)) == in_memory(made(VIEW), events[:reached])
        engine.dispose()
    engine = open_store(url)
    kept(engine, VIEW, events)
    assert in_database(engine, made(VIEW)) == in_memory(made(VIEW), events)
    engine.dispose()
