"""What is read anew for everybody who asks, but once for all who ask at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Shared(Generic[K, V]):
    """Answers questions by readings that began after they were asked; all who wait for one share the next.

    `read` gets what is asked of it, each question once, and answers them all; two readings are never under way at once.
    What it raises, it raises for all who share the reading. Belongs to one event loop.
    """

    def __init__(self, read: Callable[[frozenset[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._read = read
        self._turn = asyncio.Lock()
        self._asked: set[K] = set()
        self._next: asyncio.Task[Mapping[K, V]] | None = None

    async def answer(self, question: K) -> V:
        """What the answer is now. Whoever gives up waiting ends the reading for nobody else."""
        self._asked.add(question)
        if self._next is None:
            self._next = asyncio.create_task(self._answered())
        return (await asyncio.shield(self._next))[question]

    async def _answered(self) -> Mapping[K, V]:
        async with self._turn:
            asked, self._asked, self._next = frozenset(self._asked), set(), None
            return await self._read(asked)
