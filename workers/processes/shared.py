"""What is read anew for everybody who asks, but once for all who ask at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Shared(Generic[K, V]):
    """Answers questions by readings that began after they were asked; all who wait for one share the next.

    `read` gets what is asked of it, each question once, and answers them all; two readings are never under way at once.
    What it raises, it raises for all who share the reading. What it tells beside is `good_for` so many seconds for
    whoever asks that then. Belongs to one event loop.
    """

    def __init__(self, read: Callable[[frozenset[K]], Awaitable[Mapping[K, V]]], *, good_for: float = 0.0) -> None:
        self._read = read
        self._good_for = good_for
        self._found: Mapping[K, V] = {}
        self._began = float("-inf")
        self._turn = asyncio.Lock()
        self._asked: set[K] = set()
        self._next: asyncio.Task[Mapping[K, V]] | None = None

    async def answer(self, question: K) -> V:
        """What the answer is now. Whoever gives up waiting ends the reading for nobody else."""
        if monotonic() - self._began < self._good_for and question in self._found:
            return self._found[question]
        self._asked.add(question)
        if self._next is None:
            self._next = asyncio.create_task(self._answered())
        return (await asyncio.shield(self._next))[question]

    async def _answered(self) -> Mapping[K, V]:
        async with self._turn:
            asked, self._asked, self._next = frozenset(self._asked), set(), None
            began = monotonic()
            found = await self._read(asked)
            if self._good_for:
                self._found, self._began = found, began
            return found
