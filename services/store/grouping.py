"""Whose turn it is to write to a stream: alone, or with others as one atomic batch.

A batch costs the server about the same for two events as for two hundred, and it takes one batch after the other. So
what arrives while one is under way waits, and goes as one batch with all that waits by then, as databases commit in
groups. Who finds nobody at work goes at once, and a few single events go side by side, which is quicker than a batch.

Those who were told together mostly come again together, so whoever comes first then waits a moment for the others. Two
appends to one subject are never in one batch: the later one waits until the earlier one is through.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from typing import Self

from services.store.attempts import MAX_BATCH, Append
from services.store.errors import StoreUnavailable

MAX_WEIGHT = 1_048_576
"""Bytes that the messages of several appends may have together. Who has more goes alone."""

HEADERS = 1_024
"""Bytes that the headers of an event are taken to have."""

SIDE_BY_SIDE = 16
"""So many single events at most cost the server less than a batch."""

CROWD = 0.001
"""Seconds in which those who were told together mostly come again. Who wrote alone is not waited for."""

LEAST = 0.1
"""Seconds that a batch is given, however little time one of its members has left."""

Outcome = int | StoreUnavailable
"""What a batch came to for one of its members: its first sequence, 0 where it is to be tried alone, or the error."""

Together = Callable[[Sequence[Append], float], Awaitable[Sequence[Outcome]]]


class Way(Enum):
    """How an append goes: a single event beside others, alone as a batch, or as one of the members of a batch.

    One that went alone as a batch and was not stored by that goes on as a member of a batch that is over.
    """

    BESIDE = auto()
    BATCH = auto()
    MEMBER = auto()


class Turn:
    """The turn of one append while the block runs. `first` is its first sequence where it was stored with others.

    Where `first` is 0, the append is to be written now, alone. Its deadline is one of the event loop's clock: when that
    is over, the turn comes all the same, without time to write. StoreUnavailable where the server stored a batch only
    in part, and nothing of this append.
    """

    def __init__(self, group: "Group", append: Append, deadline: float) -> None:
        self.append = append
        self.deadline = deadline
        self.first = 0
        self.way: Way | None = None
        self.told: asyncio.Future[int] | None = None
        self._group = group

    async def __aenter__(self) -> Self:
        await self._group.enter(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._group.leave(self)

    @property
    def count(self) -> int:
        """How many messages the append has."""
        return len(self.append.messages)

    @property
    def weight(self) -> int:
        """How many bytes they have, about."""
        return sum(len(each.data) + HEADERS for each in self.append.messages)

    def give_way(self) -> None:
        """Hold up no other batch from now on. Its subjects stay its own until the block ends; a repeat does nothing."""
        self._group.give_way(self)

    def tell(self, outcome: Outcome) -> None:
        """Let the append go on, unless its caller gave up."""
        if self.told is None or self.told.done():
            return
        if isinstance(outcome, StoreUnavailable):
            self.told.set_exception(outcome)
        else:
            self.told.set_result(outcome)


class Group:
    """The appends of one process to one stream, all of them on one event loop.

    `together` writes several appends as one batch, within so many seconds. `may_join` says of an append whether it
    looks as if the server will take it: one that is refused has all others of its batch tried alone.
    """

    def __init__(self, together: Together, may_join: Callable[[Append], bool]) -> None:
        self._together = together
        self._may_join = may_join
        self._waiting: list[Turn] = []
        self._subjects: set[str] = set()
        self._beside = 0
        self._batch = False
        self._looking = False
        self._crowd, self._until, self._alarm = 0, 0.0, 0.0
        self._task: asyncio.Task[None] | None = None

    def turn(self, append: Append, deadline: float) -> Turn:
        """The append's turn, which begins when its block does."""
        return Turn(self, append, deadline)

    async def enter(self, turn: Turn) -> None:
        """Wait until the append may go, or was stored with others."""
        loop = asyncio.get_running_loop()
        if turn.count == 1 and self._is_free(turn, loop.time()):
            self._go(turn, Way.BESIDE)
            return
        turn.told = loop.create_future()
        self._waiting.append(turn)
        self._look_soon()
        ending = loop.call_at(turn.deadline, self._give_up, turn)
        try:
            turn.first = await turn.told
        except BaseException:
            self.leave(turn)
            raise
        finally:
            ending.cancel()

    def leave(self, turn: Turn) -> None:
        """The append is through, or its caller gave up."""
        if turn.way is None:
            self._take_out(turn)
        else:
            self._subjects.difference_update(turn.append.expected)
        if turn.way is Way.BESIDE:
            self._beside -= 1
        elif turn.way is Way.BATCH:
            self._end_batch(1)
        if self._waiting:
            self._look_soon()

    def give_way(self, turn: Turn) -> None:
        """The append was not stored at once: others go while it tries again, but none that writes to its subjects."""
        if turn.way is Way.BATCH:
            turn.way = Way.MEMBER
            self._end_batch(1)
            if self._waiting:
                self._look_soon()

    def _is_free(self, turn: Turn, now: float) -> bool:
        """Whether a single event may go at once: no batch is under way or about to be, and nobody waits before it."""
        busy = self._batch or self._waiting or self._beside >= SIDE_BY_SIDE or self._crowd_comes(now)
        return not busy and self._subjects.isdisjoint(turn.append.expected)

    def _go(self, turn: Turn, way: Way) -> None:
        turn.way = way
        self._subjects.update(turn.append.expected)
        if way is Way.BESIDE:
            self._beside += 1
        else:
            self._batch = True

    def _give_up(self, turn: Turn) -> None:
        if turn.way is None:
            self._take_out(turn)
            turn.tell(0)

    def _take_out(self, turn: Turn) -> None:
        if turn in self._waiting:
            self._waiting.remove(turn)

    def _look_soon(self) -> None:
        """Look who may go once those have come who are on their way from their threads just now."""
        if not self._looking and not self._batch:
            self._looking = True
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._look)

    def _look(self) -> None:
        self._looking = False
        while self._waiting and not self._batch and (ready := self._ready()):
            few = len(ready) <= SIDE_BY_SIDE and all(each.count == 1 for each in ready)
            if (self._crowd > SIDE_BY_SIDE or not few) and self._wait_for_crowd():
                return
            if not few:
                self._send(ready)
                return
            free = ready[: max(SIDE_BY_SIDE - self._beside, 0)]
            for each in free:
                self._let_go(each, Way.BESIDE)
            if not free:
                return

    def _send(self, ready: list[Turn]) -> None:
        if len(ready) == 1:
            self._let_go(ready[0], Way.BATCH)
            return
        for each in ready:
            self._take_out(each)
            self._go(each, Way.MEMBER)
        self._task = asyncio.create_task(self._write(ready))

    def _let_go(self, turn: Turn, way: Way) -> None:
        self._take_out(turn)
        self._go(turn, way)
        turn.tell(0)

    async def _write(self, members: list[Turn]) -> None:
        outcomes: Sequence[Outcome] = [0] * len(members)
        try:
            left = min(each.deadline for each in members) - asyncio.get_running_loop().time()
            outcomes = await self._together([each.append for each in members], max(left, LEAST))
        finally:
            for member, outcome in zip(members, outcomes, strict=True):
                member.tell(outcome)
            self._end_batch(len(members))
            self._look_soon()

    def _ready(self) -> list[Turn]:
        """Who may go now, in the order in which they came: as many as one batch holds."""
        blocked, ready = set(self._subjects), list[Turn]()
        count = weight = 0
        for turn in self._waiting:
            if blocked.isdisjoint(turn.append.expected):
                if turn.weight > MAX_WEIGHT or not self._may_join(turn.append):
                    if not ready:
                        return [turn]  # it goes alone
                else:
                    count, weight = count + turn.count, weight + turn.weight
                    if count > MAX_BATCH or weight > MAX_WEIGHT:
                        break
                    ready.append(turn)
            blocked.update(turn.append.expected)
        return ready

    def _end_batch(self, members: int) -> None:
        self._batch = False
        self._crowd = members + len(self._waiting)
        self._until = asyncio.get_running_loop().time() + CROWD

    def _crowd_comes(self, now: float) -> bool:
        """Whether more than can go side by side are expected just now."""
        return self._crowd > SIDE_BY_SIDE and now < self._until

    def _wait_for_crowd(self) -> bool:
        """Whether to look again in a moment, since not all are back who were told together."""
        loop = asyncio.get_running_loop()
        if len(self._waiting) >= self._crowd or loop.time() >= self._until:
            return False
        if self._alarm != self._until:
            self._alarm = self._until
            loop.call_at(self._until, self._look)
        return True
