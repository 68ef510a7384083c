"""What a state is that can be had of a history alone, without a desk: asked by parts, timers and proofs."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Self

from events.recorded import Recorded


class Folded(ABC):
    """A state that is made without anything, and taken further by each event of its record."""

    __slots__ = ()

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> Self:
        """The state that a history leaves; without events, that of a record which never began."""
        state = cls()
        for recorded in history:
            state.apply(recorded)
        return state

    @abstractmethod
    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
