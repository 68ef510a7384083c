"""What waits for each view: new events of an authority, in a line of its own, and how they are shared out among all."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from events.errors import SightlineError
from events.recorded import Recorded
from services.store.messages import RawMessage
from workers.intake.delivered import decoded
from workers.processes.together import either

BATCH = 2_000
"""Measured on two busy cores: 8,600 events a second with 500, 10,000 to 16,000 with 2,000; a live tail has batches of a
few events."""

ROOM = 4 * BATCH
"""Events that wait for one view at most. All lines hold the same events: many long ones cost little more than one."""

NEAR = ROOM // 2
"""Events that a view may be behind which takes part again: what comes while it reads them has room in its line."""

AT_ONCE = 3 * BATCH
"""Events of an import that a view takes together which works records out: what happened to one within them is worked
out once. With what else comes meanwhile they have room in its line."""

COMPANY = 2.0
"""Seconds for which such a view lets more of an import come. Anything else goes at once, and so does its end."""

PATIENT = 5.0
"""Seconds that others may wait for more, of each batch, because a line has no room: then its view is left out until it
has caught up. They take turns to write, and on a machine with much to do a turn of all of them takes as long."""

LOOK_EVERY = 0.25
"""Seconds between two looks whether anybody waits for more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of the stream without a gap, from `first` on: their events up to the first that is none, and why."""

    first: int
    events: Sequence[Recorded]
    fault: SightlineError | None = None

    @property
    def end(self) -> int:
        """The position after the last event."""
        return self.first + len(self.events)

    @classmethod
    def of(cls, messages: Sequence[RawMessage]) -> "Batch":
        """What stands in these messages, of which there is one at least."""
        return cls(messages[0].sequence, *decoded(messages))


class Line:
    """What waits for one view. It takes nothing in before it is opened, and after it was closed.

    `room` is set whenever it may have room again. One that `gathers` lets more of an import come before it gives any.
    """

    def __init__(self, room: asyncio.Event | None = None, *, gathers: bool = False) -> None:
        self._batches: deque[Batch] = deque()
        self._events = 0
        self._is_open = False
        self._roused = False
        self._news = asyncio.Event()
        self._room = room or asyncio.Event()
        self._gathers = gathers
        self._most = AT_ONCE if gathers else BATCH
        self.is_waited_at = False

    @property
    def idle(self) -> bool:
        """Whether the view has taken all that there was, and waits."""
        return self._is_open and not self._batches and not self._roused

    def open(self) -> None:
        """Take in what comes from now on."""
        self.close()
        self._is_open, self._roused = True, False

    def close(self) -> None:
        """Forget what waits, and take nothing in."""
        self._batches.clear()
        self._events = 0
        self._is_open = False
        self._room.set()

    def rouse(self) -> None:
        """Let the view look at the stream before it goes on; what waits is forgotten."""
        self.close()
        self._roused = True
        self._news.set()

    def put(self, batch: Batch) -> bool:
        """Let the batch wait for the view, unless nothing is taken in; False where it should and there is no room."""
        if not self._is_open:
            return True
        if self._events > 0 and self._events + len(batch.events) > ROOM:
            return False
        self._batches.append(batch)
        self._events += len(batch.events)
        self._news.set()
        return True

    async def next(self, stop: asyncio.Event) -> Batch | None:
        """What comes next, as much of it as goes together; None where the view is to look, or it is time to stop."""
        while not (self._batches or self._roused or stop.is_set()):
            self._news.clear()
            self.is_waited_at = True
            try:
                await either(self._news, stop)
            finally:
                self.is_waited_at = False
        if self._gathers:
            await self._gather(stop)
        if self._roused or not self._batches:
            self._roused = False
            return None
        batch, events = self._batches.popleft(), self._events
        joined = list(batch.events)
        while self._batches and batch.fault is None and self._batches[0].first == batch.first + len(joined):
            if len(joined) + len(self._batches[0].events) > self._most:
                break
            following = self._batches.popleft()
            joined += following.events
            batch = Batch(batch.first, joined, following.fault)
        self._events = events - len(batch.events)
        self._room.set()
        return batch

    async def _gather(self, stop: asyncio.Event) -> None:
        """Let more of an import come, for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(COMPANY):
                while self._events < self._most and self._ends_within_an_import() and not stop.is_set():
                    self._news.clear()
                    await either(self._news, stop)

    def _ends_within_an_import(self) -> bool:
        """Whether what waits is to be followed by more that its import brings, as far as it tells."""
        last = self._batches[-1] if self._batches and not self._roused else None
        return last is not None and last.fault is None and bool(last.events and last.events[-1].envelope.imported)


async def share_out(batch: Batch, lines: Sequence[Line], room: asyncio.Event, stop: asyncio.Event) -> None:
    """Put the batch into every line; `room` is set whenever one of them has room again.

    One without room is waited for while no other is waited at, and for a while beyond that. Then its view misses the
    batch, and is told to look. Nobody is waited for once it is time to stop.
    """
    left, patience = [each for each in lines if not each.put(batch)], PATIENT
    while left and not stop.is_set():
        began, held_up = monotonic(), any(each.is_waited_at for each in lines)
        with suppress(TimeoutError):
            async with asyncio.timeout(min(LOOK_EVERY, patience) if held_up else LOOK_EVERY):
                await room.wait()
        room.clear()
        left = [each for each in left if not each.put(batch)]
        patience -= monotonic() - began if held_up else 0.0
        if held_up and patience <= 0:
            for each in left:
                each.rouse()
            return
