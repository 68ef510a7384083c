"""Arms the timers: follows every event and works out each audit that it touches."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from nats.aio.client import Client
from nats.aio.msg import Msg

from events import envelope
from events.escalations import OUTCOMES, EscalationResolved
from events.imports import ImportClosed
from events.subjects import all_subjects, stream_name
from services.core.own_names import SYSTEM_ACTOR
from services.log import Log
from workers.due.arming import Arming
from workers.due.attending import Attending, retrying
from workers.due.brought import record_of
from workers.due.releasing import IMPORT, Releasing
from workers.due.timers import Timers
from workers.due.under_way import RELEASER
from workers.intake.consuming import Intake, consuming
from workers.parts.standing import WorkerHealth
from workers.parts.worker import Worker
from workers.processes.together import beside
from workers.system import System

if TYPE_CHECKING:  # health alone looks at workers: their own processes do without it
    from workers.parts.looking import Looking

log = Log(__name__)

NAME = RELEASER
BATCH = 200
REMEMBERED = 100_000

BY_THE_ESCALATOR = {each.stored_name for each in (*OUTCOMES, EscalationResolved)}
"""What the escalator itself records changes nothing about what is still to come."""


OPEN_TOO_LONG = timedelta(minutes=30)
"""An import that was opened before that and never closed was given up: a hundred thousand commands take a minute."""


@asynccontextmanager
async def timekeeping(system: System) -> AsyncIterator[None]:
    """Arm timers for every authority while the block runs."""
    broker = system.broker()
    client = await broker.connect()
    keepers = [
        Timekeeper(system, authority, client, Timers(client, authority, system.settings.clock_offset))
        for authority in system.authorities
    ]
    again = partial(retrying, system, NAME, [each.attending for each in keepers])
    async with consuming(broker, [each.intake for each in keepers], system.compare), beside(again):
        yield


class Timekeeper:
    """Arms the timers of one authority.

    What an import brought in is left alone until the import is closed: then every audit that it touched is worked
    out (see `releasing`). Each audit is worked out from its newest history, so a batch that comes twice arms nothing
    twice.
    """

    def __init__(self, system: System, authority: str, client: Client, timers: Timers) -> None:
        self._authority = authority
        self._worked_out = system.catalogue.worked_out
        self._arming = Arming(system, authority, timers)
        self._seen: OrderedDict[str, int] = OrderedDict()
        self.attending = Attending(system, NAME, authority, self._attend, self._attend_together)
        self._releasing = Releasing(system, authority, client, self._arming, self.attending, self._see)
        self.intake = Intake(
            authority=authority,
            stream=stream_name(authority),
            subject=all_subjects(authority),
            durable=NAME,
            handle=self.take,
            batch=BATCH,
        )

    async def take(self, messages: Sequence[Msg], stop: asyncio.Event) -> None:
        """Work out what the batch touches. What fails is parked, and holds up nothing else."""
        touched: dict[str, list[Msg]] = {}
        for message in messages:
            if self._matters(message):
                touched.setdefault(record_of(message.subject), []).append(message)
        await self.attending.all(touched, stop)

    def _matters(self, message: Msg) -> bool:
        headers = message.headers or {}
        aggregate = record_of(message.subject)
        if aggregate.startswith(IMPORT):
            return headers.get(envelope.TYPE) == ImportClosed.stored_name
        if not aggregate.startswith(self._worked_out) or headers.get(envelope.IMPORTED):
            return False
        name = headers.get(envelope.TYPE, "")
        if name in BY_THE_ESCALATOR and unquote(headers.get("ce-actor", "")) == SYSTEM_ACTOR:
            return False
        version = headers.get(envelope.VERSION, "")
        return not version.isdecimal() or int(version) > self._seen.get(aggregate, 0) or not name

    async def _attend(self, record: str, stop: asyncio.Event) -> float | None:
        if record.startswith(IMPORT):
            return await self._releasing.release(record, stop)
        self._see(record, (await self._arming.work_out(record)).version)
        return None

    async def _attend_together(self, records: Sequence[str], stopped: Callable[[], bool]) -> dict[str, float | None]:
        wanted = [each for each in records if not each.startswith(IMPORT)]
        found = await self._arming.work_out_together(wanted, stopped)
        for record, outlook in found.items():
            self._see(record, outlook.version)
        return dict.fromkeys(found)

    def _see(self, record: str, version: int) -> None:
        self._seen[record] = version
        self._seen.move_to_end(record)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


async def look(at: "Looking") -> WorkerHealth:
    """How it stands in one authority: with the imports that hold notices back, and those that nobody will end."""
    found = await at.consumer(NAME, stream_name(at.authority), all_subjects(at.authority))
    imports = await at.open_imports() if at.whole else {}
    found = replace(found, open_imports=tuple(imports))
    too_long = [name for name, since in imports.items() if datetime.now(UTC) - since > OPEN_TOO_LONG]
    if not too_long or not found.ok:
        return found
    told = ", ".join(f"{name} (since {imports[name].astimezone():%Y-%m-%d %H:%M})" for name in too_long)
    return replace(found, state="holding", reason=f"imports begun and not ended, whose notices wait: {told}")


WORKER = Worker(timekeeping, look)
