"""Every view made anew from history, beside one raw batched read of it; and the past of a year ago.

The raw read is that of the client as it ships, like every raw peer of the bench; what our own client makes of the same
batches, which reads headers faster, is told beside it.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import process_time

import nats
import orjson
import psutil
from nats.aio.msg import Msg
from sqlalchemy import Engine, Table
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from events.subjects import stream_name
from projections.generations import reading
from projections.moments import Moment
from projections.registry import DECLARED, VIEWS
from projections.view import Shape
from services.clock import local_date
from services.settings import Settings
from services.store.gathering import PENDING, STATUS
from services.store.link import Link, close_link, open_link
from services.store.messages import PAGE_BYTES
from services.store.reading import PAGE
from services.store.source import Source
from tests.bench.importing import council
from tests.bench.report import Row, rate_row, seconds
from tests.histories import batches, history, months_of_auditing
from tests.stores import Store
from workers.asking.past import SystemAt
from workers.histories.rebuilding import rebuild_everything
from workers.processes.collecting import collect_seldom
from workers.system import System

DIALECT = dialect()

EACH = 12
"""Events of one audit in `months_of_auditing`."""

SHARE = 0.5
TURNS = 3
"""Raw reads, of which the middle one counts: of the same history one takes half as long again as another."""
YEARS = 2
SLOWEST_PAST = 5.0
MEGABYTE = 2**20


def rebuild_all_views(store: Store, folder: Path, *, events: int = 100_000) -> list[Row]:
    """All views at once from the first event, then a view and all folded ones as at the middle of the time."""
    with council(store, folder) as (system, authority):
        middle = local_date(_fill(system, authority, events))
        rows, raw, made = _rebuilt(system, authority, events)
        least = _least(system, authority, folder / "least.db")
        return [
            *rows,
            rate_row("the least for it, of a core", events / least, events / raw.core, goal=None, of="one raw read"),
            rate_row("the rebuild beside that", events / made.core, events / least, goal=None, of="the least"),
            *_pasts(system, authority, Moment(happened_by=middle), events),
        ]


def rebuild_a_million(store: Store, folder: Path, *, events: int = 1_000_000) -> list[Row]:
    """All views at once from the first event of a long history, without what is asked beside it of a shorter one."""
    with council(store, folder) as (system, authority):
        _fill(system, authority, events)
        return _rebuilt(system, authority, events)[0]


def _fill(system: System, authority: str, events: int) -> datetime:
    """Write two years of auditing and give the instant of their middle. Nothing of them is kept in memory."""
    step = timedelta(days=365 * YEARS) / events
    facts = history(months_of_auditing(-(-events // EACH)), authority=authority, step=step)[:events]
    for batch in batches(facts, 1_000):
        system.history(authority).append(*batch)
    return facts[len(facts) // 2].envelope.occurred


def _rebuilt(system: System, authority: str, events: int) -> tuple[list[Row], "_Spent", "_Spent"]:
    reads = _alone([bare_read, raw_read] * TURNS, system, authority)
    bare, own = _middle(reads[::2]), _middle(reads[1::2])
    [made] = _alone([_rebuild], system, authority)
    views = f"rebuild of {len(DECLARED)} views, {events:,} events"
    rows = [
        rate_row(views, events / made.clock, events / bare.clock, goal=SHARE, of="one raw read"),
        rate_row("the same, of a core", events / made.core, events / bare.core, goal=None, of="one raw read"),
        rate_row("the same by the clock", events / made.clock, events / own.clock, goal=None, of="with our headers"),
        Row("memory of that, from the first batch on", f"{made.megabytes:+.0f} MB"),
    ]
    return rows, own, made


def _middle(reads: Sequence["_Spent"]) -> "_Spent":
    """What the middle one of some readings took."""
    return sorted(reads, key=lambda each: each.clock)[len(reads) // 2]


def _alone(works: Sequence[Callable[[System, str], object]], system: System, authority: str) -> list["_Spent"]:
    """What each takes, in a process of its own, as a person starts it: this one has filled a history before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        asked = [pool.submit(_measured, each, system.settings, authority) for each in works]
        return [each.result() for each in asked]


def _measured(work: Callable[[System, str], object], settings: Settings, authority: str) -> "_Spent":
    collect_seldom()  # as every process of ours does
    with System(settings) as system:
        found: list[object] = []
        spent = _spent(lambda: found.append(work(system, authority)))
        return replace(spent, megabytes=found[0]) if isinstance(found[0], float) else spent


def _rebuild(system: System, authority: str) -> float:
    """Rebuild every view; the megabytes that this took, from the first batch on."""
    grown = _Grown()
    rebuild_everything(system, [authority], grown)
    return grown.megabytes


class _Grown:
    """How much memory the process, and those that it started, hold more than once each had its first batch."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._first = 0
        self.megabytes = 0.0

    def __call__(self, _authority: str, position: int) -> None:
        if not position:  # one of them is still starting
            return
        held = sum(each.memory_info().rss for each in (self._process, *self._process.children()))
        self._first = self._first or held
        self.megabytes = max(self.megabytes, (held - self._first) / MEGABYTE)


@dataclass(frozen=True, slots=True)
class _Spent:
    """How long something took, by the clock and of the processor: of this process and of those that it started."""

    clock: float
    core: float
    megabytes: float = 0.0


def _spent(work: Callable[[], object]) -> _Spent:
    before, clock = _core(), seconds(work)
    return _Spent(clock, _core() - before)


def _core() -> float:
    return sum(each.ru_utime + each.ru_stime for each in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def bare_read(system: System, authority: str) -> None:
    """Read every message of an authority's stream, in batches that a copy is asked for, by the client as it ships."""
    assert asyncio.run(_bare(system.url, stream_name(authority)))


async def _bare(url: str, stream: str) -> int:
    """Read every message of a stream, in the batches that a copy is asked for, and give how many came."""
    client = await nats.connect(url)
    inbox, ended = client.new_inbox(), asyncio.Queue[bool]()
    came = position = 0

    async def take(message: Msg) -> None:
        nonlocal came, position
        headers = message.headers or {}
        if STATUS in headers:
            ended.put_nowait(headers.get(PENDING) == "0")
            return
        came, position = came + 1, int(headers["Nats-Sequence"])

    await client.subscribe(inbox, cb=take, pending_msgs_limit=-1, pending_bytes_limit=-1)
    over = False
    while not over:
        asked = {"seq": position + 1, "batch": PAGE, "max_bytes": PAGE_BYTES}
        await client.publish(f"$JS.API.DIRECT.GET.{stream}", orjson.dumps(asked), reply=inbox)
        over = await ended.get()
    await client.close()
    return came


def raw_read(system: System, authority: str, take: Callable[[bytes], object] = len) -> None:
    """Read the same batches by our own client, and give each body to `take`."""
    link = open_link(system.url)
    try:
        link.run(_read(link, stream_name(authority), take))
    finally:
        close_link(link)


async def _read(link: Link, stream: str, take: Callable[[bytes], object]) -> None:
    source = Source(link.client, stream)
    try:
        position, end = 0, await source.last_sequence()
        while position < end:
            for message in (await source.page(position + 1, PAGE)).messages:
                take(message.data)
                position = message.sequence
    finally:
        await source.close()


def _least(system: System, authority: str, place: Path) -> float:
    """What a program in Python cannot do without, in seconds of a core: it reads, decodes and writes the very rows.

    The bodies become plain values, nothing is folded or worked out, and the rows, as a rebuild has left them, go one
    table after the other into a file that no kill need leave whole, which gets its indexes when it is full.
    """
    held = [table for each in DECLARED.values() for table in _tables(system.engine, each.shape)]
    with closing(sqlite3.connect(system.settings.database_url.removeprefix("sqlite:///"))) as views:
        asked = {table.name: f"SELECT * FROM {table.name}" for table in held}  # noqa: S608 - our own names
        rows = {name: views.execute(query).fetchall() for name, query in asked.items()}
    with closing(sqlite3.connect(place)) as new:
        before = _core()
        raw_read(system, authority, orjson.loads)
        new.execute("PRAGMA journal_mode=OFF")
        new.execute("PRAGMA synchronous=OFF")
        for table in held:
            new.execute(str(CreateTable(table).compile(dialect=DIALECT)))
            places = ", ".join("?" for _ in table.columns)
            new.executemany(f"INSERT INTO {table.name} VALUES ({places})", rows[table.name])  # noqa: S608 - as above
        for index in (index for table in held for index in table.indexes):
            new.execute(str(CreateIndex(index).compile(dialect=DIALECT)))
        new.commit()
        return _core() - before


def _tables(engine: Engine, shape: Shape) -> list[Table]:
    with reading(shape, engine) as (_, tables):
        return list(tables.values())


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
