"""Threads of a part's own, for work that blocks: what holds them up holds up no other part of the process."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """So many threads at most, made when they are needed. Close them; what runs is waited for."""

    def __init__(self, name: str, most: int) -> None:
        self._pool = ThreadPoolExecutor(most, thread_name_prefix=name)

    async def run(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Do the work in one of them, with what the log says of its caller."""
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, partial(context.run, partial(work, *args, **named))
        )

    async def close(self) -> None:
        """End them; the event loop waits for none."""
        await asyncio.to_thread(self._pool.shutdown)
