"""A report with a trend, made of five years of history, beside a bare SELECT of the rows that it is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import process_time

from sqlalchemy import Engine, select

from events.recorded import Recorded
from projections.counted import counted
from projections.counted_shelf import Shelf, Span
from projections.generations import reading
from projections.store import open_store
from projections.timeline import ENTRIES, SHAPE
from tests.bench.report import Row, seconds
from tests.projections.views import kept
from tests.random_entries import random_entries
from tests.random_lives import random_lines
from tests.reports.made import LATER, History, made
from tests.stores import Store

AUTHORITY, SEED, LIVES = "torbay", 3, 90
REPORT, PERIOD = "audit_highlight", "2026-03"
TREND = Span(date(2025, 10, 1), date(2026, 3, 31), LATER)
"""The six months of the report's trends."""

DAYS = 5 * 365
BATCH = 2_000
MOST_SECONDS = 1.0
ROUNDS = 5


def report_of_five_years(_: Store, folder: Path, *, events: int = 60_000) -> list[Row]:
    """Seconds of the highlight report, and of its processor alone, from the view of the timeline in a file."""
    folder.mkdir(parents=True, exist_ok=True)
    told = list(five_years(events))
    engine = kept(open_store(f"sqlite:///{folder / 'views.db'}"), "timeline", told, size=BATCH)
    ours, bare, used = [], [], []
    for _round in range(ROUNDS):
        before = process_time()
        ours.append(seconds(lambda: made(engine, AUTHORITY, REPORT, PERIOD)))
        used.append(process_time() - before)
        bare.append(_bare(engine))
    engine.dispose()
    took, beside, cpu = median(ours), median(bare), median(used)
    goal = f"≤ {MOST_SECONDS:g} s"
    return [
        Row(
            f"report with trends, {len(told):,} events over five years",
            f"{took:.2f} s",
            f"bare SELECT of its rows: {beside:.2f} s",
            f"{took / beside:.1f}",
            goal,
            took <= MOST_SECONDS,
        ),
        Row("  the same, of a core", f"{cpu:.2f} s", goal=goal, met=cpu <= MOST_SECONDS),
    ]


def _bare(engine: Engine) -> float:
    """The time in which the driver gives the rows of the records that the report reads."""
    shelf = Shelf()
    with reading(SHAPE, engine) as (db, tables):
        entries = tables[ENTRIES]
        counted(db, entries, AUTHORITY, TREND, shelf)
        asked = select(entries).where(entries.c.authority == AUTHORITY, entries.c.about.in_(shelf.records))
        written = asked.compile(db, compile_kwargs={"render_postcompile": True})
        given = tuple(written.params[name] for name in written.positiontup or ())
        return seconds(lambda: db.exec_driver_sql(str(written), given).fetchall())


def five_years(events: int) -> Iterator[Recorded]:
    """A short random history, over and over, each time of other records and of later days; all audits have ended."""
    told = History(AUTHORITY, *random_lines(SEED, AUTHORITY, LIVES), *random_entries(SEED, AUTHORITY)).events
    own, rest = _ended(told), [each for each in told if not _counts(each)]
    times = max(1, events // len(own))
    again = (
        _moved(each, number, timedelta(days=60 - DAYS * (times - number) // times))
        for number in range(times)
        for each in own
    )
    for position, each in enumerate((*rest, *again), start=1):
        yield replace(each, position=position)


def _counts(each: Recorded) -> bool:
    return each.originator_id.startswith(("audit/", "entry/"))


def _ended(told: Sequence[Recorded]) -> list[Recorded]:
    ends = ("audit.closed", "audit.voided")
    ended = {each.originator_id for each in told if each.fact.stored_name.startswith(ends)}
    return [each for each in told if each.originator_id.startswith("entry/") or each.originator_id in ended]


def _moved(each: Recorded, number: int, by: timedelta) -> Recorded:
    envelope, fact = each.envelope, each.fact
    held = ((name, getattr(fact, name, None)) for name in ("on", "due"))
    days = {name: value + by for name, value in held if isinstance(value, date)}
    moved = envelope.occurred + by
    return replace(
        each,
        originator_id=f"{each.originator_id}-{number}",
        envelope=replace(envelope, occurred=moved, recorded=moved, event_id=f"{AUTHORITY}-{number}-{each.position}.0"),
        fact=fact.model_copy(update=days) if days else fact,
    )
