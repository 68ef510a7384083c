"""Importing a file of commands: the real importer, desks, keyring and store, on a real server."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, zip_longest
from pathlib import Path
from time import perf_counter

import orjson

from services.settings import Settings
from tests.bench.report import Row, speed_row
from tests.lives import Life, people
from tests.stores import Store
from tests.workers.rig import policy_folder
from workers.recording import recording_desks
from workers.system import System

AT_WORK = 200
"""Audits whose commands run through one another, as they do in a month."""

GOAL = 12_000


def lines(authority: str, audits: int) -> list[bytes]:
    """The file: a directory, then whole audits from allocation to closing, each with all that the form asks for."""
    lives = [_life(number) for number in range(audits)]
    rounds = (zip_longest(*lives[first : first + AT_WORK]) for first in range(0, audits, AT_WORK))
    ordered = (line for step in chain.from_iterable(rounds) for line in step if line is not None)
    return [orjson.dumps({**line, "authority": authority}) for line in chain(people("torbay"), ordered)]


def _life(number: int) -> Life:
    life = Life("torbay", f"A-{number}", child=f"C-{number}")
    life.allocated("2026-01-05").submitted("2026-01-20").to_moderator("2026-01-21").moderated("2026-01-26")
    life.act("audit.share", "2026-01-27", "P-QA", "qa_team")
    life.act("audit.give_feedback", "2026-01-28", "P-AUD", "auditor", recipient="P-TM")
    life.act("audit.file", "2026-01-29", "P-QA", "qa_team")
    life.action("2026-01-30", "X-1", due="2026-02-16")
    life.act(
        "action.complete", "2026-02-09", "P-TM", "team_manager", action="X-1", impact="the child's day is steadier"
    )
    return life.confirmed("2026-02-10").closed("2026-02-11")


@contextmanager
def council(store: Store, folder: Path) -> Iterator[tuple[System, str]]:
    """An authority of its own with streams, a policy and a database; its name."""
    authority = store.authority()
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(data=folder, nats=store.url, policies=policy_folder(folder / "policies", authority))
    with System(settings) as system:
        yield system, authority


def import_history(store: Store, folder: Path, *, audits: int = 2_000) -> list[Row]:
    """Commands and events per second of one import."""
    with council(store, folder) as (system, authority):
        file = lines(authority, audits)
        with recording_desks(system, "bench-import", unverified=True) as importer:
            began = perf_counter()
            summary = importer.run(file)
            took = perf_counter() - began
    assert not summary.rejections, summary.rejections[:3]
    return [
        speed_row(f"import of {audits:,} audits", summary.events / took, goal=GOAL),
        speed_row("  the same, in commands", summary.accepted / took, unit="commands/s"),
    ]
