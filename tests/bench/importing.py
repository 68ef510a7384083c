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
from workers.recording.desks import recording_desks
from workers.system import System

AT_WORK = 200
"""Audits whose commands run through one another, as they do in a month."""

PEOPLE_FROM = "2020-01-02"
"""Everybody is at their post before the first month."""

GOAL = 12_000


def lines(authority: str, audits: int, months: int = 1) -> list[bytes]:
    """The file: a directory, then whole audits from allocation to closing, each with all that the form asks for.

    They are of so many months up to January 2026, as many in each.
    """
    lives = [_life(number, number * months // audits - months + 1) for number in range(audits)]
    rounds = (zip_longest(*lives[first : first + AT_WORK]) for first in range(0, audits, AT_WORK))
    ordered = (line for step in chain.from_iterable(rounds) for line in step if line is not None)
    began = ({**line, "at": PEOPLE_FROM} for line in people("torbay"))
    return [orjson.dumps({**line, "authority": authority}) for line in chain(began, ordered)]


def _life(number: int, month: int) -> Life:
    """One audit, so many months after January 2026."""
    first, second = (f"{2026 + each // 12}-{each % 12 + 1:02}" for each in (month, month + 1))
    life = Life("torbay", f"A-{number}", child=f"C-{number}")
    life.allocated(f"{first}-05").submitted(f"{first}-20").to_moderator(f"{first}-21").moderated(f"{first}-23")
    life.act("audit.share", f"{first}-24", "P-QA", "qa_team")
    life.act("audit.give_feedback", f"{first}-25", "P-AUD", "auditor", recipient="P-TM")
    life.act("audit.file", f"{first}-26", "P-QA", "qa_team")
    life.action(f"{first}-27", "X-1", due=f"{second}-16")
    life.act(
        "action.complete", f"{second}-09", "P-TM", "team_manager", action="X-1", impact="the child's day is steadier"
    )
    return life.confirmed(f"{second}-10").closed(f"{second}-11")


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
    assert not summary.rejections, summary.rejections
    return [
        speed_row(f"import of {audits:,} audits", summary.events / took, goal=GOAL),
        speed_row("  the same, in commands", summary.accepted / took, unit="commands/s"),
    ]
