"""Records what has come due: fired timers come in, facts are appended on condition that nothing changed meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from nats.aio.msg import Msg

from events.subjects import fired_subject, timer_stream
from workers.due.attending import Attending, retrying
from workers.due.settling import Batch, Settling
from workers.intake.consuming import Intake, consuming
from workers.parts.standing import WorkerHealth
from workers.parts.worker import Worker
from workers.processes.together import beside
from workers.system import System

if TYPE_CHECKING:  # health alone looks at workers: their own processes do without it
    from workers.parts.looking import Looking

NAME = "escalator"
BATCH = 100


@asynccontextmanager
async def escalating(system: System) -> AsyncIterator[None]:
    """Record what comes due in every authority while the block runs."""
    escalators = [Escalator(system, authority) for authority in system.authorities]
    again = partial(retrying, system, NAME, [each.attending for each in escalators])
    async with consuming(system.broker(), [each.intake for each in escalators], system.compare), beside(again):
        yield


class Escalator:
    """Records what has come due in one authority.

    A timer only says which audit to look at; what is recorded follows from the audit's history alone (see `settling`).
    So a timer that fires twice, two escalators, or one that is killed at any moment leave one record of each step.
    """

    def __init__(self, system: System, authority: str) -> None:
        self._settling = Settling(system, authority)
        self._batch: Batch | None = None
        self._prefix = fired_subject(authority, "")
        self.attending = Attending(system, NAME, authority, self._attend, self._attend_together)
        self.intake = Intake(
            authority=authority,
            stream=timer_stream(authority),
            subject=f"{self._prefix}>",
            durable=NAME,
            handle=self.take,
            batch=BATCH,
        )

    async def take(self, messages: Sequence[Msg], stop: asyncio.Event) -> None:
        """Work out each audit once that a timer of the batch names. What fails is parked, and holds up nothing else."""
        fired: dict[str, list[Msg]] = {}
        for message in messages:
            aggregate = message.subject.removeprefix(self._prefix).replace(".", "/", 1)
            fired.setdefault(aggregate, []).append(message)
        self._batch = Batch(self._settling.directory)
        try:
            await self.attending.all(fired, stop)
        finally:
            self._batch = None

    async def _attend(self, aggregate: str, _stop: asyncio.Event) -> float | None:
        early = await asyncio.to_thread(self._settling.settle, aggregate, self._batch)
        return None if early is None else early.total_seconds()

    async def _attend_together(self, aggregates: Sequence[str], stopped: Callable[[], bool]) -> dict[str, float | None]:
        found = await asyncio.to_thread(self._settling.settle_together, aggregates, self._batch, stopped)
        return {each: None if early is None else early.total_seconds() for each, early in found.items()}


async def look(at: "Looking") -> WorkerHealth:
    """How it stands in one authority: the timers that fired and wait for it."""
    return await at.consumer(NAME, timer_stream(at.authority), f"{fired_subject(at.authority, '')}>")


WORKER = Worker(escalating, look)
