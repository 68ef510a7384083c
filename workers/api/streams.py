"""Server-sent events: what happens to the escalations of an authority, and the story of one record, as it goes on.

Each event has the position as its id, so whoever comes back with the last one that they saw (`Last-Event-ID`) misses
nothing and is told nothing twice. A stream holds no thread, no transaction and no task of its own: when the connection
is gone, so is the stream.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from time import monotonic

import orjson
from sqlalchemy import ColumnElement, Engine, Table, select
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from events.errors import Refused
from events.escalations import EscalationAcknowledged, EscalationRaised, EscalationResolved
from projections.generations import positions, reading
from projections.timeline import ENTRIES, SHAPE, TimelineEntry, entry_of
from workers.api.callers import Reception
from workers.api.describing import stream_operation
from workers.api.records import TIMELINE, Told, about_of
from workers.api.routes import Route, Serve
from workers.api.views import once
from workers.api.waiting import position_from
from workers.doors.office import Office
from workers.doors.problems import BUSY, TOO_MANY, Stopped

ESCALATIONS = tuple(each.stored_name for each in (EscalationRaised, EscalationAcknowledged, EscalationResolved))
LAST_SEEN = "Last-Event-ID"
MEDIA_TYPE = "text/event-stream"
PAUSE = 0.2
"""Seconds between two looks, whoever looks: the streams of an authority share them."""

PAGE = 100
OF_ONE_CALLER = 10
"""Streams that one caller may have open."""

LONGEST = 900.0
"""Seconds after which a stream ends, to be taken up again: who asks is looked at anew."""


class Streams:
    """The open streams of a process. `closing` ends them all."""

    def __init__(self, office: Office, *, heartbeat: float = 15.0) -> None:
        self.closing = asyncio.Event()
        self.open: Counter[str] = Counter()
        self._office = office
        self._heartbeat = heartbeat
        self._seen: dict[str, tuple[float, int]] = {}

    @contextmanager
    def place(self, caller: str) -> Iterator[None]:
        """A place among the open streams. Stopped where there is none left."""
        if self.open.total() >= self._office.system.settings.api_streams:
            raise Stopped(BUSY, f"at most {self._office.system.settings.api_streams} open streams")
        if self.open[caller] >= OF_ONE_CALLER:
            raise Stopped(TOO_MANY, f"at most {OF_ONE_CALLER} open streams of one caller")
        self.open[caller] += 1
        try:
            yield
        finally:
            self.open[caller] -= 1
            self.open += Counter()  # forget who has none

    async def reached(self, authority: str) -> int:
        """How far the timeline has come, as of the last look."""
        looked, seen = self._seen.get(authority, (0.0, 0))
        if monotonic() - looked < PAUSE:
            return seen
        found = await self._office.ask(positions, self._office.system.engine, TIMELINE)
        self._seen[authority] = (monotonic(), found.get(authority, 0))
        return found.get(authority, 0)

    async def told(self, authority: str, about: str | None, after: int) -> AsyncGenerator[bytes]:
        """The events after a position, as they come to be known; and in silence, from time to time, how far it is."""
        began = spoke = monotonic()
        yield b": open\n\n"
        while not self.closing.is_set() and monotonic() - began < LONGEST:
            reached = await self.reached(authority)
            while after < reached:
                found = await self._office.ask(tail, self._office.system.engine, authority, about, after, reached)
                for each in found:
                    yield _sent(each)
                    spoke = monotonic()
                after = found[-1].position if len(found) == PAGE else reached
            if monotonic() - spoke >= self._heartbeat:
                yield f": {reached}\nid: {after}\n\n".encode()
                spoke = monotonic()
            await asyncio.sleep(PAUSE)


def stream_routes(office: Office, reception: Reception, streams: Streams) -> Iterator[Route]:
    """The stream of an authority's escalations, and that of one record."""
    escalations = _serving(office, reception, streams, of_record=False)
    yield Route("escalations", "GET", "/v1/{authority}/escalations/events", escalations, stream_operation(record=False))
    path = "/v1/{authority}/records/{kind}/{reference}/events"
    record = _serving(office, reception, streams, of_record=True)
    yield Route("record", "GET", path, record, stream_operation(record=True))


def _serving(office: Office, reception: Reception, streams: Streams, *, of_record: bool) -> Serve:
    async def serve(request: Request) -> Response:
        caller = await reception.reader(request)
        about, authority = about_of(office, request) if of_record else None, request.path_params["authority"]
        if asked := once(request):
            raise Refused(next(iter(asked)), f"is not an option; the header {LAST_SEEN} says where to go on")
        after = position_from(request.headers.get(LAST_SEEN))
        reached = await streams.reached(authority)
        if after is not None and after > await office.ask(office.system.history(authority).position):
            raise Refused(LAST_SEEN, "nothing was ever recorded there")
        return _Stream(streams, caller.person, streams.told(authority, about, reached if after is None else after))

    return serve


class _Stream(Response):
    """Has its place among the open streams for just as long as the connection lasts, however that ends."""

    def __init__(self, streams: Streams, caller: str, events: AsyncGenerator[bytes]) -> None:
        super().__init__(media_type=MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})
        self._place = streams.place(caller)
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream. Stopped where there is no place left for it."""
        async with aclosing(self._events) as events:
            with self._place:
                stream = StreamingResponse(events, headers=dict(self._without_length()))
                await stream(scope, receive, send)

    def _without_length(self) -> Iterator[tuple[str, str]]:
        return ((name, held) for name, held in self.headers.items() if name != "content-length")


def tail(engine: Engine, authority: str, about: str | None, after: int, until: int) -> Sequence[TimelineEntry]:
    """Up to a page of the events in between, in the order of their positions: of one record, or about escalations."""
    with reading(SHAPE, engine) as (db, tables):
        table = tables[ENTRIES]
        query = select(table).where(table.c.authority == authority, _wanted(table, about))
        between = query.where(table.c.position > after, table.c.position <= until)
        return [entry_of(row._asdict()) for row in db.execute(between.order_by(table.c.position).limit(PAGE))]


def _wanted(table: Table, about: str | None) -> ColumnElement[bool]:
    return table.c.stored_name.in_(ESCALATIONS) if about is None else table.c.about == about


def _sent(entry: TimelineEntry) -> bytes:
    told = orjson.dumps(Told.of(entry, {}).model_dump()).decode()
    return f"id: {entry.position}\nevent: {entry.stored_name}\ndata: {told}\n\n".encode()
