"""A part of a list, cut by the database: so many rows in the order of their key, from behind a place.

A place is the key of the last row of a page: what a list is ordered by, and what tells its rows apart. So a page reads
its own rows and no others, however many come before it and after it. What is promised of all pages of a list, each
asked for behind the place of the one before: a row whose key stays as it was is told once, whatever came in, went or
moved meanwhile, and it is told also where the row at the place is itself gone. A row whose key moved meanwhile is told
again if it moved behind the place, and is not told if it moved before it. Most keys never move (when something was
allocated, raised, sent or done); the day of an action does, when another one is agreed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Date, Integer, Select, tuple_

from events.errors import Refused
from projections.dates import Instant, read_instant
from projections.storable import NUL
from projections.view import Row

T = TypeVar("T")

AT_LEAST = 200
"""Rows that are read at once where those that were read first were not enough, since some are left out."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of a list: up to `limit` rows, or all of them, behind a place or from the first one.

    `after` is a place as a `Part` names it: values that JSON can hold.
    """

    limit: int | None = None
    after: Sequence[Any] | None = None


WHOLE = Cut()


class Part(list[T]):
    """The rows of a part. `place` is where they end, for the `Cut` that follows; None where nothing comes after."""

    place: list[Any] | None = None


def cut_rows(
    db: Connection,
    query: Select[Any],
    order: Sequence[Column[Any]],
    cut: Cut,
    told: Callable[[Sequence[Row]], Sequence[Sequence[T]]],
    *,
    last_without: bool = False,
) -> Part[T]:
    """The part of what a query selects, in the order of the columns, which tell its rows apart and are never empty.

    With `last_without` the first of them may be: rows without it come last. `told` makes of rows what is told of each:
    one thing, or several, or none, and then another row is read in its place. Refused, naming `after`, for a place that
    is none.
    """
    part: Part[T] = Part()
    after, within = (None, 0) if cut.after is None else _read(order, cut.after, may_lack=last_without)
    ended: list[Any] = []
    count = None if cut.limit is None else cut.limit + 1
    while True:
        rows = _fetched(db, query, order, _Behind(after, itself=within > 0), count, last_without=last_without)
        for row, things in zip(rows, told(rows), strict=True):
            key = tuple(row[column.name] for column in order)
            skipped, within = within if key == after else 0, 0
            for number, each in enumerate(things[skipped:], start=skipped):
                if len(part) == cut.limit:
                    part.place = [*map(_written, key), number] if number > skipped else ended
                    return part
                part.append(each)
            ended = list(map(_written, key))
        if count is None or len(rows) < count:
            return part
        after = tuple(rows[-1][column.name] for column in order)
        count = max(count, AT_LEAST)


def one_by_one(told: Callable[[Row], T | None]) -> Callable[[Sequence[Row]], Sequence[Sequence[T]]]:
    """What is told of rows, of which each is told by itself; of None nothing is."""
    return lambda rows: [() if each is None else (each,) for each in map(told, rows)]


@dataclass(frozen=True, slots=True)
class _Behind:
    """Behind a key, with the row that has it `itself` or without; from the first row where there is none."""

    key: tuple[Any, ...] | None
    itself: bool = False

    @property
    def rest(self) -> "_Behind":
        """The same among the rows that lack the first column of the key."""
        return _Behind(self.key[1:] if self.key is not None and self.key[0] is None else None, self.itself)

    def of(self, query: Select[Any], order: Sequence[Column[Any]]) -> Select[Any]:
        """The query of those rows alone."""
        if self.key is None:
            return query
        return query.where(tuple_(*order) >= self.key if self.itself else tuple_(*order) > self.key)


def _fetched(
    db: Connection,
    query: Select[Any],
    order: Sequence[Column[Any]],
    behind: _Behind,
    count: int | None,
    *,
    last_without: bool,
) -> list[Row]:
    if not last_without:
        return _ordered(db, query, order, behind, count)
    first, *rest = order
    if count is None and behind.key is None:  # the whole list is one statement, which sees one state of it
        asked = query.order_by(first.is_(None), *order)
        return [row._asdict() for row in db.execute(asked)]
    rows: list[Row] = []
    if behind.key is None or behind.key[0] is not None:
        rows = _ordered(db, query.where(first.is_not(None)), order, behind, count)
    if count is None or len(rows) < count:
        left = None if count is None else count - len(rows)
        rows += _ordered(db, query.where(first.is_(None)), rest, behind.rest, left)
    return rows


def _ordered(
    db: Connection, query: Select[Any], order: Sequence[Column[Any]], behind: _Behind, count: int | None
) -> list[Row]:
    asked = behind.of(query, order).order_by(*order).limit(count)
    return [row._asdict() for row in db.execute(asked)]


def _written(held: Any) -> Any:
    return held.isoformat() if isinstance(held, date) else held


def _read(order: Sequence[Column[Any]], place: Sequence[Any], *, may_lack: bool) -> tuple[tuple[Any, ...], int]:
    """The key that a place names, and how many things of what is told of its row lie before the place; 0 for all."""
    key, within = place[: len(order)], place[len(order) :] or [0]
    try:
        found = tuple(_of_kind(column, held) for column, held in zip(order, key, strict=True))
        (number,) = within
    except (TypeError, ValueError, OverflowError) as error:
        raise _no_place() from error
    if None in found[1 if may_lack else 0 :] or type(number) is not int or number < 0:
        raise _no_place()
    return found, number


def _no_place() -> Refused:
    return Refused("after", "names no place in this list; begin without it")


def _of_kind(column: Column[Any], held: Any) -> datetime | date | str | int | None:
    if held is None:
        return None
    if isinstance(column.type, Instant):
        return read_instant(datetime.fromisoformat(held))
    if isinstance(column.type, Date):
        return date.fromisoformat(held)
    wanted = int if isinstance(column.type, Integer) else str
    if type(held) is not wanted:
        raise TypeError(held)
    if isinstance(held, int):
        held.to_bytes(8, signed=True)  # no database takes a larger one
    elif NUL in held:  # nor this
        raise ValueError(held)
    return held
