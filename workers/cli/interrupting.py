"""Ctrl-C between two commands, never in the middle of one."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def between() -> Iterator[Callable[[Iterable[T]], Iterator[T]]]:
    """While the block runs, Ctrl-C is heard only where the next one of many is asked for.

    The block is given a function that goes through the many and raises KeyboardInterrupt there: what is being
    written is written to its end. A second Ctrl-C breaks in wherever the program is.
    """
    asked = False

    def hear(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    def each(many: Iterable[T]) -> Iterator[T]:
        for one in many:
            if asked:
                raise KeyboardInterrupt
            yield one

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield each
    finally:
        signal.signal(signal.SIGINT, before)
