"""Arms the timers: follows every event and works out each audit that it touches."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import unquote

import structlog
from faststream.nats import NatsBroker
from nats.aio.msg import Msg

from events import envelope
from events.errors import SightlineError, Unavailable
from events.escalations import EscalationRaised, EscalationResolved, NoticeLapsed, NoticeSent
from events.imports import ImportClosed
from events.subjects import aggregate_of, all_subjects, stream_name
from services.own_names import SYSTEM_ACTOR
from services.store.reading import read_pages
from workers.arming import WORKED_OUT, Arming
from workers.consuming import Intake, consuming, retry_delay
from workers.system import System
from workers.timers import Timers

log = structlog.get_logger(__name__)

BATCH = 200
AUDITS_AT_ONCE = 4
REMEMBERED = 100_000
IMPORT = "import/"
IMPORTED = "ce-imported"

OUTCOMES = {each.stored_name for each in (NoticeSent, NoticeLapsed, EscalationRaised, EscalationResolved)}
"""What the escalator itself records changes nothing about what is still to come."""


@asynccontextmanager
async def timekeeping(system: System) -> AsyncIterator[None]:
    """Arm timers for every authority while the block runs."""
    broker = system.broker()
    client = await broker.connect()
    keepers = [
        Timekeeper(system, authority, broker, Timers(client, authority, system.settings.clock_offset))
        for authority in system.authorities
    ]
    async with consuming(broker, [each.intake for each in keepers]):
        yield


class Timekeeper:
    """Arms the timers of one authority.

    What an import brought in is left alone until the import is closed: then every audit that it touched is worked
    out. Each audit is worked out from its newest history, so a batch that comes twice arms nothing twice.
    """

    def __init__(self, system: System, authority: str, broker: NatsBroker, timers: Timers) -> None:
        self._authority = authority
        self._broker = broker
        self._history = system.history(authority)
        self._arming = Arming(system, authority, timers)
        self._seen: OrderedDict[str, int] = OrderedDict()
        self._room = asyncio.Semaphore(AUDITS_AT_ONCE)
        self._log = log.bind(authority=authority)
        self.intake = Intake(
            authority=authority,
            stream=stream_name(authority),
            subject=all_subjects(authority),
            durable="timekeeper",
            handle=self.take,
            batch=BATCH,
        )

    async def take(self, messages: Sequence[Msg]) -> None:
        """Work out what the batch touches. What fails comes again, later each time, and holds up nothing else."""
        touched: dict[str, list[Msg]] = {}
        for message in messages:
            if self._matters(message):
                touched.setdefault(aggregate_of(message.subject), []).append(message)
        await asyncio.gather(*(self._attend(aggregate, behind) for aggregate, behind in touched.items()))

    def _matters(self, message: Msg) -> bool:
        headers = message.headers or {}
        aggregate = aggregate_of(message.subject)
        name = headers.get(envelope.TYPE, "")
        if aggregate.startswith(IMPORT):
            return name == ImportClosed.stored_name
        if not aggregate.startswith(WORKED_OUT) or headers.get(IMPORTED):
            return False
        if name in OUTCOMES and unquote(headers.get("ce-actor", "")) == SYSTEM_ACTOR:
            return False
        return int(headers.get(envelope.VERSION, "0")) > self._seen.get(aggregate, 0) or not name

    async def _attend(self, aggregate: str, behind: Sequence[Msg]) -> None:
        try:
            async with self._room:
                if aggregate.startswith(IMPORT):
                    await self._release(aggregate)
                else:
                    await self._work_out(aggregate)
        except SightlineError as error:
            delay = retry_delay(behind[0])
            self._log.error("audit not worked out", aggregate=aggregate, error=str(error), again_in=delay)
            for message in behind:
                await message.nak(delay=delay)

    async def _work_out(self, aggregate: str) -> None:
        outlook = await self._arming.work_out(aggregate)
        self._seen[aggregate] = outlook.version
        self._seen.move_to_end(aggregate)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    async def _release(self, aggregate: str) -> None:
        """Work out every audit that a closed import touched."""
        history = await asyncio.to_thread(self._history.load, aggregate)
        first, last = history[0].position or 1, history[-1].position
        name = aggregate.removeprefix(IMPORT)
        client = await self._broker.connect()
        audits: dict[str, None] = {}
        async for page in read_pages(client, self._authority, after=first - 1, until=last):
            audits.update(dict.fromkeys(each.originator_id for each in page if each.envelope.imported == name))
        self._log.info("import closed", released=name, audits=len(audits))
        failed = 0
        for audit in audits:
            if audit.startswith(WORKED_OUT):
                failed += not await self._released(audit)
        if failed:
            raise Unavailable(f"{aggregate}: {failed} audits were not worked out")

    async def _released(self, audit: str) -> bool:
        try:
            await self._work_out(audit)
        except SightlineError as error:
            self._log.error("audit not worked out", aggregate=audit, error=str(error))
            return False
        return True
