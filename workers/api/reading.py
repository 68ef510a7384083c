"""Rows of a view, page by page, in the order of their keys.

A page begins after the key at which the last one ended: what comes in between moves no row to another page, so none is
given twice, and none that was there from the first page to the last is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Engine, tuple_

from projections.generations import reading
from projections.queries import matching
from projections.view import Row, Shape, Spec
from workers.api.columns import Column, columns_of, shown

CHUNK = 500


@dataclass(frozen=True, eq=False)
class Shown:
    """A view as it is asked for: its table that is shown."""

    shape: Shape

    @cached_property
    def spec(self) -> Spec:
        """The table whose rows are shown."""
        return self.shape.by_name[self.shape.shown or self.shape.specs[-1].name]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, and what is worked out of them."""
        return columns_of(self.shape, self.spec)

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The columns by which its rows are told apart, in the order of its rows."""
        return tuple(each for each in self.columns if each.key)

    def question(self, authority: str, filters: Mapping[str, Any]) -> str:
        """What tells this question from any other: a cursor belongs to one."""
        asked = orjson.dumps(dict(filters), option=orjson.OPT_SORT_KEYS).decode()
        return f"{authority} {self.shape.name} {self.shape.fingerprint} {asked}"

    def place(self, row: Row) -> list[Any]:
        """The key of a row."""
        return [row[each.name] for each in self.key]

    def key_from(self, place: Sequence[Any]) -> tuple[Any, ...]:
        """The key of a row, of what a cursor kept of it."""
        return tuple(column.read(held) for column, held in zip(self.key, place, strict=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a view: whose rows, which of them, and as of which day they are told."""

    authority: str
    filters: Mapping[str, Any]
    as_of: date


def page(view: Shown, engine: Engine, asked: Asked, after: Sequence[Any] | None, limit: int) -> list[Row]:
    """Up to `limit` rows that equal the filters, as they are kept (see `shown`), after a key or from the first.

    With each is told what the view works out of it (see `Beside`).
    """
    told = view.shape.beside
    with reading(view.shape, engine) as (db, tables):
        table = tables[view.spec.name]
        heads = tables[told.heads] if told is not None and told.heads else None
        query = matching(table, asked.authority, asked.filters, heads)
        if after is not None:
            query = query.where(tuple_(*(table.c[each.name] for each in view.key)) > tuple(after))
        ordered = query.order_by(*(table.c[each.name] for each in view.key)).limit(limit)
        rows = [row._asdict() for row in db.execute(ordered)]
    return rows if told is None else [row | told.of(row, asked.as_of) for row in rows]


def all_rows(view: Shown, engine: Engine, asked: Asked, most: int) -> Iterator[Row]:
    """Every row that equals the filters, the first `most` of them, with no text in it, read as they are asked for."""
    after: Sequence[Any] | None = None
    while most > 0:
        rows = page(view, engine, asked, after, min(CHUNK, most))
        yield from map(shown, rows)
        if len(rows) < CHUNK:
            return
        most, after = most - len(rows), view.place(rows[-1])
