"""What a process says of its own work. It is loaded with the first word: most calls of the program say none."""

from collections.abc import Callable
from threading import RLock
from typing import Any

_awaited: list[Callable[[], None]] = []
_turn = RLock()
"""Of two threads with a first word the later one waits until what was asked for before it is done."""


class Log:
    """The log of one module: `log.info("what happened", authority=…)`, with ids only, never a name or a text."""

    __slots__ = ("_module",)

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, level: str) -> Any:
        """What says something at that level."""
        import structlog  # noqa: PLC0415 - it takes as long to load as half a question to answer

        with _turn:
            while _awaited:
                _awaited.pop()()
        return getattr(structlog.get_logger(self._module), level)


def at_the_first_word(configure: Callable[[], None] | None) -> None:
    """Have this done before anything is said from now on, or nothing, in the place of what was asked for before."""
    with _turn:
        _awaited[:] = [] if configure is None else [configure]
