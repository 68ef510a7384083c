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
    """

    def __init__(self, system: System, view: View, authority: str, broker: NatsBroker) -> None:
        self._system = system
        self._view = view
        self._authority = authority
        self._broker = broker
        self._log = log.bind(view=view.name, authority=authority)
        self._halted = True  # until an event was taken: an earlier process may have left word of a halt
        self.intake = Intake(
            authority=authority,
            stream=stream_name(authority),
            subject=all_subjects(authority),
            durable=f"view-{view.name}",
            handle=self.take,
            batch=BATCH,
            reached=self.reached,
        )

    def reached(self) -> int:
        """The position up to which the view is kept."""
        return positions(self._system.engine, self._view.name).get(self._authority, 0)

    async def take(self, messages: Sequence[Msg]) -> None:
        """Keep the batch. NackMessage brings it back later; a repeat changes nothing."""
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
        if events:
            await asyncio.to_thread(self._keep_now, events)

    def _keep_now(self, events: Sequence[Recorded]) -> None:
        keep(self._view, self._system.engine, self._authority, events)
        if self._halted:
            halts.lift(self._system.engine, self._view.name, self._authority)
            self._halted = False

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
