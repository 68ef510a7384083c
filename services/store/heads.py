"""Where aggregates were last seen to end: it saves a read before an append and is never trusted alone."""

from collections import OrderedDict
from typing import NamedTuple

CAPACITY = 100_000


class Head(NamedTuple):
    """The newest event of an aggregate: its version and its sequence in the stream."""

    version: int
    sequence: int


NONE_YET = Head(version=0, sequence=0)
"""An aggregate without events."""


class Heads:
    """The most recently used heads. A stale one costs a round trip: the server refuses the append it led to."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._heads: OrderedDict[str, Head] = OrderedDict()

    def get(self, subject: str) -> Head | None:
        """The head last seen, None when it is not known."""
        head = self._heads.get(subject)
        if head is not None:
            self._heads.move_to_end(subject)
        return head

    def put(self, subject: str, head: Head) -> None:
        """Remember a head; the one unused for longest is dropped when there are too many."""
        self._heads[subject] = head
        self._heads.move_to_end(subject)
        if len(self._heads) > self._capacity:
            self._heads.popitem(last=False)

    def forget(self, subject: str) -> None:
        """Drop a head that proved to be stale."""
        self._heads.pop(subject, None)

    def forget_all(self) -> None:
        """Drop them all: others wrote meanwhile."""
        self._heads.clear()
