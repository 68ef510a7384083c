"""What the sender asks of a way by which messages go, and how it answers."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from events.deliveries import Failure, Transport
from services.deliveries.letters import Letter

Fate = Literal["on its way", "arrived", "came back"]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why a letter was not taken. `for_good`: it never will be. `closed`: no other letter would be taken now either.

    `again_in` are the seconds that the other side asked for before the next attempt.
    """

    reason: Failure
    for_good: bool = False
    closed: bool = False
    again_in: float = 0.0


class Postbox(Protocol):
    """An open way to the other side, for one batch of letters."""

    async def put(self, letter: Letter) -> NotTaken | None:
        """Hand the letter over; None once it was taken. No failure of the other side raises."""
        ...


class Way(Protocol):
    """One way by which messages go.

    `patience` is how many seconds one letter may take at the longest: nobody else takes a letter that was begun before
    they have passed.
    """

    @property
    def name(self) -> Transport:
        """Its name in the events."""
        ...

    @property
    def patience(self) -> float:
        """See above."""
        ...

    def opened(self) -> AbstractAsyncContextManager[Postbox]:
        """Open it for one batch; whatever it opens is closed at the end of the block."""
        ...

    async def taken_before(self, identity: str) -> bool | None:
        """Whether a letter of that name was taken, by somebody who could not say so any more.

        None where that cannot be asked now: it does not go again before. False where nobody could ever tell.
        """
        ...

    async def fate(self, identity: str) -> Fate:
        """What became of a letter that was taken. `arrived` where nobody can tell: nobody asks again."""
        ...
