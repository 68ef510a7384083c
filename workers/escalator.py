"""Records what has come due: fired timers come in, facts are appended on condition that nothing changed meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from nats.aio.msg import Msg

from events.errors import Conflict, Refused
from events.recorded import Recorded
from events.subjects import fired_subject, timer_stream
from services.directory.snapshot import directory_of
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.escalations.recording import as_recorded
from services.escalations.settle import settle
from services.imports import Imports
from services.log import Log
from services.store.attempts import MAX_BATCH
from workers.attending import Attending, retrying
from workers.consuming import Intake, consuming
from workers.standing import WorkerHealth
from workers.system import System
from workers.together import beside
from workers.worker import Worker

if TYPE_CHECKING:  # health alone looks at workers: their own processes do without it
    from workers.looking import Looking

log = Log(__name__)

NAME = "escalator"
BATCH = 100
ATTEMPTS = 5
"""How often an audit is decided again at once when somebody else changed it first; then it waits its turn."""

EARLY = timedelta(seconds=5)
"""How far the server's clock may run ahead of ours: a timer that fired before its time comes again at its time."""


@asynccontextmanager
async def escalating(system: System) -> AsyncIterator[None]:
    """Record what comes due in every authority while the block runs."""
    escalators = [Escalator(system, authority) for authority in system.authorities]
    again = partial(retrying, system, NAME, [each.attending for each in escalators])
    async with consuming(system.broker(), [each.intake for each in escalators], system.compare), beside(again):
        yield


class Batch:
    """Timers that are handled together: the directory is looked at once for all of them, after they fired."""

    def __init__(self, look: Callable[[], Directory]) -> None:
        self._look = look
        self._lock = Lock()
        self._found: Directory | None = None

    def directory(self) -> Directory:
        """The directory as it stood when the first of them was worked out. StoreUnavailable as for whoever asks it."""
        with self._lock:
            if self._found is None:
                self._found = self._look()
            return self._found


class Escalator:
    """Records what has come due in one authority.

    A timer only says which audit to look at; what is recorded follows from the audit's history alone, and the append
    is conditional on that history. So a timer that fires twice, two escalators, or one that is killed at any
    moment leave one record of each step.
    """

    def __init__(self, system: System, authority: str) -> None:
        self._authority = authority
        self._history = system.history(authority)
        self._catalogue = system.catalogue
        self._policies = system.policies[authority]
        self._clock = system.clock
        self._imports = Imports(self._history)
        self._directory = Directory()
        self._directory_lock = Lock()
        self._batch: Batch | None = None
        self._log = log.bind(authority=authority)
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
        self._batch = Batch(self.directory)
        try:
            await self.attending.all(fired, stop)
        finally:
            self._batch = None

    async def _attend(self, aggregate: str) -> float | None:
        early = await asyncio.to_thread(self.settle, aggregate, self._batch)
        return None if early is None else early.total_seconds()

    async def _attend_together(self, aggregates: Sequence[str], stopped: Callable[[], bool]) -> dict[str, float | None]:
        found = await asyncio.to_thread(self.settle_together, aggregates, self._batch, stopped)
        return {each: None if early is None else early.total_seconds() for each, early in found.items()}

    def settle_together(
        self, aggregates: Sequence[str], batch: "Batch | None" = None, stopped: Callable[[], bool] = lambda: False
    ) -> dict[str, timedelta | None]:
        """Record what is due in several audits, in few writes; as `settle` by audit.

        What is recorded of an audit stands in one write, on condition that nothing changed in any audit of that write.
        An audit that could not be read or worked out, or not be written with the others, is left out, and so is what
        was not begun when it was time to stop.
        """
        settled: dict[str, timedelta | None] = {}
        waiting: dict[str, tuple[list[Recorded], timedelta | None]] = {}
        room = MAX_BATCH
        histories = self._history.load_all(aggregates)
        directory = batch.directory() if batch else self.directory()
        now, imports = self._clock(), self._imports.of_many()
        for aggregate, history in histories.items():
            if stopped():
                break
            try:
                facts, early = self._judge(aggregate, history, directory, now, imports)
            except Exception as error:  # noqa: BLE001 - it shows again where this one is settled alone
                self._log.debug("not settled with others", aggregate=aggregate, error=repr(error))
                continue
            if not facts:
                settled[aggregate] = early
                continue
            if len(facts) > room:
                settled |= self._write(waiting)
                waiting, room = {}, MAX_BATCH
            waiting[aggregate] = facts, early
            room -= len(facts)
        return settled | self._write(waiting)

    def _write(self, waiting: Mapping[str, tuple[list[Recorded], timedelta | None]]) -> dict[str, timedelta | None]:
        """Append what is to be recorded of each audit, all of it or nothing; what was settled by that."""
        events = [event for facts, _ in waiting.values() for event in facts]
        try:
            self._history.append(*events)
        except (Conflict, Refused) as error:
            self._log.debug("not recorded together", audits=len(waiting), error=str(error))
            return {}
        if events:
            self._log.info("recorded together", audits=len(waiting), facts=len(events))
        return {aggregate: early for aggregate, (_, early) in waiting.items()}

    def _judge(
        self, aggregate: str, history: tuple[Recorded, ...], directory: Directory, now: datetime, imports: Imports
    ) -> tuple[list[Recorded], timedelta | None]:
        """What is to be recorded in one audit, and how long until its next step, if that is only a moment away."""
        if not history:
            return [], None
        held = imports.behind(history)
        settlement = settle(self._catalogue.record(aggregate, history), self._policies, directory, now, held=held)
        early = _moments_away(min((rung.due for rung in settlement.pending), default=None), now)
        return list(as_recorded(history, settlement.facts, now)), early

    def settle(self, aggregate: str, batch: "Batch | None" = None) -> timedelta | None:
        """Record what is due in one audit; how long until the next step, if that is only a moment away.

        The directory is asked of the batch, if there is one: what was recorded before a timer fired stands in it.
        Raises Conflict when others keep changing the audit, StoreUnavailable when the store cannot be reached.
        """
        for attempt in range(ATTEMPTS):
            history = self._history.load(aggregate)
            directory = batch.directory() if batch and not attempt else self.directory()
            facts, early = self._judge(aggregate, history, directory, self._clock(), self._imports)
            if not facts:
                return early
            try:
                self._history.append(*facts)
            except Conflict:
                self._log.debug("audit changed meanwhile", aggregate=aggregate, attempt=attempt)
            else:
                self._log.info("recorded", aggregate=aggregate, facts=len(facts))
                return early
        raise Conflict(f"{aggregate}: others keep changing it")

    def directory(self) -> Directory:
        """The directory as it stands now: only what is new in it is read, from the stream's leader."""
        with self._directory_lock:
            if not self._directory.version:
                self._directory = directory_of(self._history)
            new = list(self._history.each(DIRECTORY, after=self._directory.version or None))
            if new:  # another thread may be reading the one we have
                self._directory = fold_directory(new, deepcopy(self._directory))
            return self._directory


def _moments_away(due: datetime | None, now: datetime) -> timedelta | None:
    return due - now if due is not None and due - now < EARLY else None


async def look(at: "Looking") -> WorkerHealth:
    """How it stands in one authority: the timers that fired and wait for it."""
    return await at.consumer(NAME, timer_stream(at.authority), f"{fired_subject(at.authority, '')}>")


WORKER = Worker(escalating, look)
