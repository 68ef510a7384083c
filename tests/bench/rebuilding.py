"""Every view made anew from history, beside one raw batched read of it; and the past of a year ago."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import process_time

import psutil

from events.subjects import stream_name
from projections.moments import Moment
from projections.registry import DECLARED, VIEWS
from services.clock import local_date
from services.store.link import Link, close_link, open_link
from services.store.reading import raw_pages
from services.store.source import Source
from tests.bench.importing import council
from tests.bench.report import Row, rate_row, seconds
from tests.histories import batches, history, months_of_auditing
from tests.stores import Store
from workers.past import SystemAt
from workers.rebuilding import rebuild_everything
from workers.system import System

EACH = 12
"""Events of one audit in `months_of_auditing`."""

SHARE = 0.5
YEARS = 2
SLOWEST_PAST = 5.0
MEGABYTE = 2**20


def rebuild_all_views(store: Store, folder: Path, *, events: int = 100_000) -> list[Row]:
    """All views at once from the first event, then a view and all folded ones as at the middle of the time."""
    step = timedelta(days=365 * YEARS) / events
    with council(store, folder) as (system, authority):
        facts = history(months_of_auditing(-(-events // EACH)), authority=authority, step=step)[:events]
        for batch in batches(facts, 1_000):
            system.history(authority).append(*batch)
        raw = events / _raw_read(system, authority)
        grown = _Grown()
        rate = events / seconds(lambda: rebuild_everything(system, [authority], grown))
        middle = local_date(facts[len(facts) // 2].envelope.occurred)
        return [
            rate_row(f"rebuild of {len(DECLARED)} views", rate, raw, goal=SHARE, of="one raw read"),
            Row("memory of that, from the first batch on", f"{grown.megabytes:+.0f} MB"),
            *_pasts(system, authority, Moment(happened_by=middle), events),
        ]


class _Grown:
    """How much memory the process, and those that it started, hold more than after the first batch."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._first = 0
        self.megabytes = 0.0

    def __call__(self, _authority: str, _position: int) -> None:
        held = sum(each.memory_info().rss for each in (self._process, *self._process.children()))
        self._first = self._first or held
        self.megabytes = max(self.megabytes, (held - self._first) / MEGABYTE)


def _raw_read(system: System, authority: str) -> float:
    link = open_link(system.url)
    try:
        return seconds(lambda: link.run(_read(link, stream_name(authority))))
    finally:
        close_link(link)


async def _read(link: Link, stream: str) -> int:
    source = Source(link.client, stream)
    try:
        return sum([len(page) async for page in raw_pages(source, after=0)])
    finally:
        await source.close()


def _pasts(system: System, authority: str, moment: Moment, events: int) -> list[Row]:
    return [
        _past(f"{what} as at a year back, {events:,} events, {again}", ask)
        for what, views in (("register", ["register"]), ("all folded views", list(VIEWS)))
        for again in ("first", "again")
        for ask in [lambda: _asked(system, authority, moment, views)]  # noqa: B023 - it is called before the next
    ]


def _asked(system: System, authority: str, moment: Moment, views: list[str]) -> None:
    with SystemAt(system, authority, moment, views) as past:
        assert past.engine


def _past(case: str, ask: Callable[[], None]) -> Row:
    before, took = process_time(), seconds(ask)
    used = process_time() - before
    return Row(case, f"{took:.2f} s, {used:.2f} s of a core", goal=f"≤ {SLOWEST_PAST:.0f} s", met=used <= SLOWEST_PAST)
