"""Working records out, many at once: what fails is parked, so that it holds up no other, and tried again on its own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice

import nats.errors
from nats.aio.msg import Msg
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from services.log import Log
from workers.intake.consuming import retry_delay
from workers.kept import parked
from workers.kept.parked import LONGEST_NAME
from workers.processes.together import all_of, unless
from workers.system import System

log = Log(__name__)

RETRY_EVERY = 1.0
"""Seconds between two looks at what is parked."""

LOOKS = 5
"""Every so many looks is seen what another process parked that ended; what this one parked is looked at each time."""

AT_ONCE = 4
"""Records of one authority that are worked out at the same time; of what one of them releases, as many again."""

TOGETHER = 100
"""Records that are worked out together at most: their histories are held in memory at the same time."""

NOT_DONE = 0.5
"""Seconds until a message comes again that was not begun because the process is to end."""

Work = Callable[[str, asyncio.Event], Awaitable[float | None]]
"""Works one record out; gives the seconds after which it should be worked out once more, if any. Safe to repeat. What
takes long ends early once the event says that it is time to stop, and asks to be worked out once more."""

Together = Callable[[Sequence[str], Callable[[], bool]], Awaitable[Mapping[str, float | None]]]
"""Works out of several records what it can, at the cost of few questions: as `Work` by record. What it leaves out, for
whatever reason, is then worked out by itself. It is handed whether it is time to stop, and begins no record then."""


def in_parts(records: Iterable[str]) -> Iterator[list[str]]:
    """The records, as many of them as are worked out together."""
    coming = iter(records)
    while part := list(islice(coming, TOGETHER)):
        yield part


class Attending:
    """Works out the records of one authority for one worker.

    A record that fails, for whatever reason, is one record's failure: its message is acknowledged and the record is
    parked, in the database of the views; it is tried again from there, also by another process. Where that database
    does not answer, the message itself comes again later. With `together` the records are worked out many at once, and
    alone only those that it leaves out.
    """

    def __init__(
        self, system: System, worker: str, authority: str, work: Work, together: Together | None = None
    ) -> None:
        self.worker = worker
        self.authority = authority
        self._system = system
        self._work = work
        self._together = together
        self._room = asyncio.Semaphore(AT_ONCE)
        self._parked: set[str] = set()
        self._log = log.bind(authority=authority)

    async def all(self, records: Mapping[str, Sequence[Msg]], stop: asyncio.Event) -> None:
        """Work out each record, and acknowledge the messages behind it or send them back."""
        done: dict[str, float | None] = {}
        for part in in_parts(records):
            done |= {} if stop.is_set() else await self.together(part, stop.is_set)
        for record, again in done.items():
            if again is not None:
                await self._send_back(record, records[record][:1], again)
        left = [each for each in records.items() if each[0] not in done]
        await asyncio.gather(*(self._behind(record, messages, stop) for record, messages in left))

    async def each(self, records: Iterable[str], stop: asyncio.Event) -> bool:
        """Work out each record for itself, within the work on one; whether all were begun before it was time to end.

        Several are worked out at the same time. Raises as `one` does, once those that were begun have ended.
        """
        wanted = dict.fromkeys(records)
        for part in in_parts(list(wanted)):
            for record in () if stop.is_set() else await self.together(part, stop.is_set):
                del wanted[record]
        coming = iter(wanted)

        async def work() -> bool:
            for record in coming:
                if stop.is_set():
                    return False
                await self.one(record, stop)
            return True

        return all(await all_of(*(work() for _ in range(AT_ONCE))))

    async def one(self, record: str, stop: asyncio.Event) -> float | None:
        """Work out one record, or park it; one that is to be worked out once more stays parked until that is done.

        SightlineError or SQLAlchemyError where it could not even be parked.
        """
        try:
            again = await self._work(record, stop)
        except Exception as error:  # noqa: BLE001 - one record that nobody foresaw must not end the work on all others
            reason = str(error) if isinstance(error, SightlineError) else repr(error)
            self._log.error(
                "record not worked out", record=record, error=reason, unforeseen=not isinstance(error, SightlineError)
            )
            await asyncio.to_thread(self._park, record, reason)
            self._parked.add(record)
            return None
        if record in self._parked and again is None:
            await asyncio.to_thread(self._release, record)
            self._parked.discard(record)
        return again

    @property
    def has_parked(self) -> bool:
        """Whether anything is parked that this process knows of."""
        return bool(self._parked)

    def is_parked(self, record: str) -> bool:
        """Whether a record is parked, as far as this process knows."""
        return record in self._parked

    async def learn(self) -> None:
        """Take in what is parked, by whatever process: what is worked out then is released."""
        found = await asyncio.to_thread(_known, self._system, self.worker)
        self._parked = {each.record for each in found.get((self.worker, self.authority), ())}

    async def look(self, stop: asyncio.Event, found: Sequence[parked.Parked]) -> None:
        """Try again what is parked and whose time has come."""
        self._parked = {each.record for each in found}
        now = datetime.now(UTC)
        for each in found:
            if stop.is_set():
                return
            if each.again <= now and await asyncio.to_thread(parked.claim, self._system.engine, each):
                async with self._room:
                    again = await self.one(each.record, stop)
                if again is not None:  # no message comes again for what is parked
                    await asyncio.to_thread(parked.put_off, self._system.engine, each, again)

    def _park(self, record: str, reason: str) -> None:
        parked.park(self._system.engine, self.worker, self.authority, record[:LONGEST_NAME], reason)

    def _release(self, record: str) -> None:
        parked.release(self._system.engine, self.worker, self.authority, record)

    async def together(self, part: Sequence[str], stopped: Callable[[], bool]) -> Mapping[str, float | None]:
        """Work out what can be of these records together; as `one` of each that was done. One that is parked is not."""
        wanted = [each for each in part if each not in self._parked]
        if self._together is None or not wanted[1:]:
            return {}
        try:
            return await self._together(wanted, stopped)
        except Exception as error:  # noqa: BLE001 - each of them says by itself what is wrong with it
            self._log.warning("not worked out together", records=len(wanted), error=repr(error))
            return {}

    async def _send_back(self, record: str, messages: Sequence[Msg], delay: float) -> None:
        try:
            for message in messages:
                await message.nak(delay=delay)
        except nats.errors.Error as error:  # the message comes again by itself
            self._log.warning("message not sent back", record=record, error=type(error).__name__)

    async def _behind(self, record: str, messages: Sequence[Msg], stop: asyncio.Event) -> None:
        async with self._room:
            if stop.is_set():
                await self._send_back(record, messages, NOT_DONE)
                return
            try:
                again = await self.one(record, stop)
            except (SightlineError, SQLAlchemyError) as error:  # not even parked: the message itself comes again
                delay = retry_delay(messages[0])
                self._log.error("record not parked", record=record, error=str(error), again_in=delay)
                await self._send_back(record, messages, delay)
                return
            if again is not None:
                await self._send_back(record, messages[:1], again)


async def retrying(system: System, worker: str, attending: Sequence[Attending], stop: asyncio.Event) -> None:
    """Try again what is parked, until it is time to stop. The database is asked rarely while nothing is."""
    looks = 0
    while not await unless(stop, RETRY_EVERY):
        looks += 1
        if looks % LOOKS != 1 and not any(each.has_parked for each in attending):
            continue
        try:
            found = await asyncio.to_thread(_known, system, worker)
            for each in attending:
                await each.look(stop, found.get((worker, each.authority), ()))
        except (SightlineError, SQLAlchemyError) as error:  # the next look tells more
            log.warning("parked records not seen", error=type(error).__name__)


def _known(system: System, worker: str) -> Mapping[tuple[str, str], tuple[parked.Parked, ...]]:
    return parked.parked(system.engine, worker)  # the database is opened at the first use, which may fail
