"""Texts as both databases keep them: PostgreSQL takes no NUL, and history may hold some."""

from typing import Any

import orjson

NUL = "\x00"
ESCAPED = "\\u0000"
"""A NUL as JSON writes it."""

_ESCAPED = ESCAPED.encode()


def storable(held: Any) -> Any:
    """The value with each NUL in its texts written as JSON writes it: PostgreSQL keeps none, and history may hold some.

    The rows of both databases are alike, and a text that somebody damaged stops no view.
    """
    if isinstance(held, str):
        return held.replace(NUL, ESCAPED) if NUL in held else held
    if not isinstance(held, dict | list | tuple):
        return held
    if (kept := _without_nul(held)) is not None:
        return kept
    if isinstance(held, dict):
        return {storable(name): storable(each) for name, each in held.items()}
    return [storable(each) for each in held]


def _without_nul(held: Any) -> Any:
    """It as a database gives it back, where no NUL is in it; None where one may be, or where it is no JSON.

    What is written says so at once: to go through it takes several times as long.
    """
    try:
        written = orjson.dumps(held, option=orjson.OPT_PASSTHROUGH_DATETIME)  # a day is no JSON: it stays what it is
    except TypeError:
        return None
    return None if _ESCAPED in written else orjson.loads(written)
