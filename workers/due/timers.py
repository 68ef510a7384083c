"""Timers: a schedule for each step still to come, and a poke for an audit that has something due now.

Both are messages on the timer stream, whose loss costs time and nothing else: state decides what is recorded, and
the sweeper finds what a lost timer missed.
"""

import asyncio
import hashlib
from collections import Counter, OrderedDict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from nats.aio.client import Client

from events.subjects import armed_subjects, fired_subject, timer_aggregate, timer_stream, timer_subject
from services.obligations.model import Rung
from services.store.source import Source

KEPT = timedelta(days=7)
"""How long a fired timer waits for an escalator before the server drops it. The sweeper makes up for a longer
absence, so that what has fired does not pile up for ever."""

REMEMBERED = 200_000
PAGE = 500
TTL, SCHEDULE, TARGET, SCHEDULED_TTL = "Nats-TTL", "Nats-Schedule", "Nats-Schedule-Target", "Nats-Schedule-TTL"
_KEPT = f"{int(KEPT.total_seconds())}s"


def step_token(rung: Rung) -> str:
    """The subject token of a step: the same for every date of it, so that a new date replaces the old timer."""
    return hashlib.sha256(f"{rung.obligation}|{rung.step}|{rung.key}".encode()).hexdigest()[:16]


def schedule_header(due: datetime, offset: timedelta) -> str:
    """When the server is to fire, by its own clock. Rounded up: a step must have come due when its timer fires."""
    moment = (due - offset).astimezone(UTC)
    moment += timedelta(microseconds=-moment.microsecond % 1_000)
    return f"@at {moment.isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


class Timers:
    """Arms and pokes for one authority. `offset` is that of the rehearsal's clock: the server has the real one."""

    def __init__(self, client: Client, authority: str, offset: timedelta) -> None:
        self._js = client.jetstream()
        self._stream = Source(client, timer_stream(authority))
        self._authority = authority
        self._offset = offset
        self._armed: OrderedDict[str, str] = OrderedDict()

    async def poke(self, aggregate: str) -> None:
        """Have the aggregate worked out now. A repeat has it worked out once more, which records nothing new."""
        await self._js.publish(fired_subject(self._authority, aggregate), headers={TTL: _KEPT})

    async def arm(self, aggregate: str, rungs: Iterable[Rung]) -> int:
        """Have the aggregate worked out when each step comes due; how many timers that are.

        What stands armed at that instant is left.
        """
        # Where one step has several dates at once, its timer stands at the first; the sweeper arms the next.
        first: dict[str, Rung] = {}
        for rung in rungs:
            subject = timer_subject(self._authority, aggregate, step_token(rung))
            if subject not in first or rung.due < first[subject].due:
                first[subject] = rung
        for subject, rung in first.items():
            at = schedule_header(rung.due, self._offset)
            if self._armed.get(subject) == at:
                continue
            target = fired_subject(self._authority, aggregate)
            await self._js.publish(subject, headers={SCHEDULE: at, TARGET: target, SCHEDULED_TTL: _KEPT})
            self._remember(subject, at)
        return len(first)

    async def standing(self) -> Counter[str]:
        """How many timers stand armed of each aggregate. StoreUnavailable without an answer."""
        found: Counter[str] = Counter()
        armed, more = armed_subjects(self._authority), True
        while more:  # the server names a hundred thousand subjects at a time
            info = await self._stream.info({"subjects_filter": armed, "offset": found.total()})
            named = info["state"].get("subjects") or {}
            found.update(timer_aggregate(subject) for subject in named)
            more = bool(named) and found.total() < info.get("total", 0)
        return found

    async def recall(self, *aggregates: str) -> None:
        """Forget what was armed, and look what stands armed for these. StoreUnavailable without an answer."""
        self._armed.clear()
        await asyncio.gather(*map(self._recall, aggregates))

    async def _recall(self, aggregate: str) -> None:
        pattern = timer_subject(self._authority, aggregate, ">")
        after, more = 0, True
        while more:
            page = await self._stream.page(after + 1, PAGE, pattern)
            for message in page.messages:
                self._remember(message.subject, message.headers.get(SCHEDULE, ""))
                after = message.sequence
            more = page.more and bool(page.messages)

    def _remember(self, subject: str, at: str) -> None:
        self._armed[subject] = at
        self._armed.move_to_end(subject)
        if len(self._armed) > REMEMBERED:
            self._armed.popitem(last=False)
