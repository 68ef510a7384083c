"""Pages of a list that is worked out on asking, whatever its rows are: where one ended, and what comes after it.

A place is the names of the last rows of a page. A row is named by what tells it apart, and not by what becomes of it:
so the next page goes on behind the same rows though some came in, changed or went meanwhile. Only where the last row
was itself moved, since the list is ordered by what changed of it, does the next page go on from where it stands now.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, Generic, TypeVar

import orjson

from events.errors import Refused
from services.modules import kinds

T = TypeVar("T")

NAMING = frozenset(
    (
        *(
            "about",
            "record",
            "action",
            "list",
            "task",
            "person",
            "child",
            "kind",
            "obligation",
            "item",
            "step",
            "section",
        ),
        *("question", "answer", "asked_at", "version", "occurred", "month", "indicator", "ref", "part", "window"),
        "first",
    )
)
"""The fields that tell a row of a list apart, in any list that has them, beside one named after a kind of record.

Rows alike in all of them are counted.
"""

NAME_BYTES = 6
REMEMBERED = 8
"""Rows at the end of a page of which one must still be there for the next: the last one may just have been settled."""

Mark = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list. `mark` is where they end, None where nothing comes after; `before` and `among` count."""

    rows: Sequence[T]
    mark: Mark | None
    before: int
    among: int


def page(rows: Sequence[T], limit: int | None, after: Mark | None = None, *, field: str = "after") -> Page[T]:
    """Up to `limit` rows, or all that there are, from the first or behind a place.

    Refused, naming the field, for a place that is none in this list, or none any more.
    """
    begin = 0 if after is None else _behind(rows, after, field)
    end = len(rows) if limit is None else min(begin + limit, len(rows))
    mark = tuple(list(_names(rows[:end]))[max(begin, end - REMEMBERED) :]) if end < len(rows) else None
    return Page(rows[begin:end], mark, begin, len(rows))


def _behind(rows: Sequence[Any], after: Mark, field: str) -> int:
    where = {name: number for number, name in enumerate(_names(rows), start=1)}
    found = next((where[name] for name in reversed(after) if name in where), None)
    if found is None:
        raise Refused(field, "names no place in this list; begin without it")
    return found


def _names(rows: Sequence[Any]) -> Iterator[bytes]:
    seen: Counter[bytes] = Counter()
    for row in rows:
        told = orjson.dumps(_telling(row), default=str)
        seen[told] += 1
        yield blake2b(told + str(seen[told]).encode(), digest_size=NAME_BYTES).digest()


def _telling(row: Any) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return {name: row[name] for name in _naming() if name in row}
    return {name: getattr(row, name) for name in _naming() if hasattr(row, name)}


@cache
def _naming() -> tuple[str, ...]:
    return tuple(sorted(NAMING | kinds().words.keys()))
