"""Keeps one view up to date: every event of every authority, in order, rows and checkpoint in one transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager

import structlog
from faststream.exceptions import NackMessage
from faststream.nats import NatsBroker
from nats.aio.msg import Msg
from nats.js.errors import NotFoundError
from sqlalchemy.exc import SQLAlchemyError

from events.errors import BrokenHistory, SightlineError
from events.recorded import Recorded
from events.subjects import all_subjects, stream_name
from projections.generations import positions
from projections.grade_changes import Scales
from projections.keeper import keep
from projections.registry import VIEWS
from projections.view import Halted, View
from services.policy.load import Policies
from services.store.reading import to_recorded
from workers import halts
from workers.consuming import Intake, consuming
from workers.system import System

log = structlog.get_logger(__name__)

BATCH = 2_000
"""No more than one batch is in flight, so the server waits for its acknowledgements before it sends the next one.
Measured on two busy cores: 8,600 events a second with 500, 10,000 to 16,000 with 2,000; a live tail has batches of a
few events."""

RETRY_HALTED = 5.0
"""Seconds between two attempts at an event that the view cannot take."""

SURE_AFTER = 1.0
"""Seconds between two looks at a stream that ends before the view: a leader just elected may not know its end yet."""

REMEDY = "it was put back from a backup, or cut off: run `sightline verify`, then `sightline rebuild`"

RETRY_EARLY = 0.2
"""Seconds until a batch comes again that overtook another one."""


def scales(policies: Mapping[str, Policies]) -> dict[str, Scales]:
    """The grades of each authority, as its newest policy orders them."""
    newest = {authority: each.newest.grades for authority, each in policies.items()}
    return {name: Scales(overall=grades.overall, sections=grades.sections) for name, grades in newest.items()}


def projecting(system: System, name: str) -> AbstractAsyncContextManager[None]:
    """Keep the view of that name while the block runs. KeyError for a view that there is not."""
    broker = system.broker()
    view = VIEWS[name](scales(system.policies))
    halts.prepare(system.engine)
    projectors = [Projector(system, view, authority, broker) for authority in system.authorities]
    return consuming(broker, [each.intake for each in projectors])


class Projector:
    """Folds the events of one authority into one view.

    An event that cannot be taken halts it: all before it is kept, the halt is written beside the checkpoints, and
    the event comes again and again until it can be taken. Nothing is skipped.

    A view that is ahead of its stream halts as well, before any event: the stream was put back from a backup, and what
    comes next stands at positions that the view has kept other events for. It stays halted when the stream has grown
    past it, and until the view was rebuilt. A stream that grew past it while nobody looked does not show by its
    positions: the checker is to be run after every restore.
    """

    def __init__(self, system: System, view: View, authority: str, broker: NatsBroker) -> None:
        self._system = system
        self._view = view
        self._authority = authority
        self._broker = broker
        self._log = log.bind(view=view.name, authority=authority)
        self._ahead = False
        self._told = False
        self._halted = True  # until an event was taken: an earlier process may have left word of a halt
        self.intake = Intake(
            authority=authority,
            stream=stream_name(authority),
            subject=all_subjects(authority),
            durable=f"view-{view.name}",
            handle=self.take,
            batch=BATCH,
            reached=self.reached,
            inspect=self.inspect,
        )

    def reached(self) -> int:
        """The position up to which the view is kept."""
        return positions(self._system.engine, self._view.name).get(self._authority, 0)

    async def inspect(self) -> BrokenHistory | None:
        """Tell, and take nothing from then on, when the view has kept more than the stream holds."""
        reached = await asyncio.to_thread(self.reached)
        known = await asyncio.to_thread(halts.ahead, self._system.engine, self._view.name)
        if reached and self._authority in known:  # a view that was dropped begins again from nothing
            return self._is_ahead("the view is ahead of its stream")
        end = await self._end()  # asked after the view: if that goes on meanwhile, it must not look ahead
        if end < reached:
            self._ahead = True
            await asyncio.sleep(SURE_AFTER)
            end = await self._end()
        if end >= reached:
            self._ahead = self._told = False
            return None
        gap = self._is_ahead(f"the view is at event {reached}, but the stream ends at {end}")
        halt = halts.Halt(self._view.name, self._authority, end + 1, str(gap), self._system.clock())
        await asyncio.to_thread(halts.note_ahead, self._system.engine, halt)
        return gap

    def _is_ahead(self, reason: str) -> BrokenHistory:
        gap = BrokenHistory(f"view {self._view.name}, {self._authority}", f"{reason}; {REMEDY}")
        if not self._told:
            self._log.error("projection halted", reason=str(gap))
        self._ahead = self._told = self._halted = True
        return gap

    async def _end(self) -> int:
        """The last position of the stream."""
        js = (await self._broker.connect()).jetstream()
        return int((await js.stream_info(stream_name(self._authority))).state.last_seq)

    async def take(self, messages: Sequence[Msg]) -> None:
        """Keep the batch. NackMessage brings it back later; a repeat changes nothing."""
        if self._ahead:
            raise NackMessage(delay=RETRY_HALTED)
        events, fault = decoded(messages)
        try:
            await self._keep(events)
        except Halted as halt:
            await self._keep([each for each in events if (each.position or 0) < halt.position])
            raise await self._halt(halt.position, halt.reason) from halt
        except BrokenHistory as gap:
            raise await self._missing(events[0], gap) from gap
        except SightlineError as error:  # such as tables that other code made
            raise await self._halt(_position(messages[0]), str(error)) from error
        except SQLAlchemyError as error:
            self._log.error("database", error=type(error).__name__)
            raise NackMessage(delay=RETRY_HALTED) from error
        if fault is not None:
            raise await self._halt(_position(messages[len(events)]), str(fault)) from fault

    async def _keep(self, events: Sequence[Recorded]) -> None:
        if not events or await asyncio.to_thread(self._keep_now, events) == events[-1].position:
            return
        # All was kept before: it came again, or it is new in a stream that was put back.
        if gap := await self.inspect():
            raise NackMessage(delay=RETRY_HALTED) from gap

    def _keep_now(self, events: Sequence[Recorded]) -> int:
        reached = keep(self._view, self._system.engine, self._authority, events)
        if self._halted and reached == events[-1].position:
            halts.lift(self._system.engine, self._view.name, self._authority)
            self._halted = False
        return reached

    async def _missing(self, first: Recorded, gap: BrokenHistory) -> NackMessage:
        """Tell a batch that overtook another one from a hole in the stream, which nothing will ever fill."""
        wanted = await asyncio.to_thread(self.reached) + 1
        js = (await self._broker.connect()).jetstream()
        try:
            await js.get_msg(stream_name(self._authority), seq=wanted)
        except NotFoundError:
            if wanted < (first.position or 0):
                return await self._halt(wanted, str(gap))
        return NackMessage(delay=RETRY_EARLY)

    async def _halt(self, position: int, reason: str) -> NackMessage:
        halt = halts.Halt(self._view.name, self._authority, position, reason, self._system.clock())
        if not self._halted or position not in (each.position for each in await self._noted()):
            self._log.error("projection halted", position=position, reason=reason)
            await asyncio.to_thread(halts.note, self._system.engine, halt)
        self._halted = True
        return NackMessage(delay=RETRY_HALTED)

    async def _noted(self) -> list[halts.Halt]:
        known = await asyncio.to_thread(halts.halts, self._system.engine)
        return [halt for place, halt in known.items() if place == (self._view.name, self._authority)]


def decoded(messages: Sequence[Msg]) -> tuple[list[Recorded], SightlineError | None]:
    """The events of the messages up to the first that is none, and why that one is none."""
    events: list[Recorded] = []
    for message in messages:
        try:
            events.append(to_recorded(message.subject, message.headers, message.data, _position(message)))
        except SightlineError as fault:
            return events, fault
    return events, None


def _position(message: Msg) -> int:
    return int(message.metadata.sequence.stream)
