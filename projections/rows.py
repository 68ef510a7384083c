"""Rows in and out of the database, many at once, at little more than what the database itself needs for them.

A statement is compiled once for each table, and the values of a column go through its own processor one after another;
so no row goes through the making of a statement, and none through a lookup by name for each of its values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    ARRAY,
    BindParameter,
    Connection,
    Insert,
    Select,
    String,
    Table,
    any_,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy.engine import Dialect

from projections.store import upsert
from projections.view import Row

AT_ONCE = 5_000
"""Aggregates asked for in one query."""


_Statement = Callable[[Table, str], Insert]
"""Makes a statement for a table in the words of a database."""


class _Writing(NamedTuple):
    """A statement as the driver takes it, and its columns in their order, each with what puts a value in its form."""

    statement: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    by_place: bool


def write_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write whole rows: the new ones, and the others in place of those with the same keys. A repeat changes nothing."""
    _write_rows(db, table, rows, upsert)


def add_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write whole rows, of which none is there yet: IntegrityError where one is."""
    _write_rows(db, table, rows, _insert)


def add_columns(db: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """As `add_rows`, of rows that come column by column."""
    writing = _writing(table, db.dialect, _insert)
    _execute(
        db, writing, [columns[name] if put is None else [*map(put, columns[name])] for name, put in writing.columns]
    )


def _write_rows(db: Connection, table: Table, rows: Sequence[Row], statement: _Statement) -> None:
    if not rows:
        return
    writing = _writing(table, db.dialect, statement)
    columns = [
        [row[name] for row in rows] if put is None else [put(row[name]) for row in rows]
        for name, put in writing.columns
    ]
    _execute(db, writing, columns)


def _execute(db: Connection, writing: _Writing, columns: Sequence[Sequence[Any]]) -> None:
    values = list(zip(*columns, strict=True))
    if not values:
        return
    if writing.by_place:
        db.exec_driver_sql(writing.statement, values)
        return
    names = [name for name, _ in writing.columns]
    db.exec_driver_sql(writing.statement, [dict(zip(names, each, strict=True)) for each in values])


def _insert(table: Table, dialect: str) -> Insert:
    del dialect
    return insert(table)


@lru_cache(maxsize=256)
def _writing(table: Table, dialect: Dialect, statement: _Statement) -> _Writing:
    names = [each.name for each in table.columns]
    compiled = statement(table, dialect.name).compile(dialect=dialect, column_keys=names)
    by_place = bool(compiled.positional)
    order = list(compiled.positiontup or ()) if by_place else names
    forms = {each.name: each.type.dialect_impl(dialect).bind_processor(dialect) for each in table.columns}
    return _Writing(str(compiled), tuple((name, forms[name]) for name in order), by_place)


def rows_about(db: Connection, table: Table, authority: str, abouts: Iterable[str]) -> Iterator[Row]:
    """The rows of these aggregates, in no order."""
    asked = list(abouts)
    in_lists = db.dialect.name == "postgresql"
    for first in range(0, len(asked), AT_ONCE):
        some = asked[first : first + AT_ONCE]
        abouts = some if in_lists else orjson.dumps(some).decode()
        found = db.execute(_reading(table, in_lists), {"authority": authority, "abouts": abouts})
        names = list(found.keys())
        for each in found:
            yield dict(zip(names, each, strict=True))


@lru_cache(maxsize=256)
def _reading(table: Table, in_lists: bool) -> Select[Any]:  # noqa: FBT001 - asked by the cache
    """One parameter for all the aggregates: a statement for each number of them would be compiled each time."""
    if in_lists:
        abouts: BindParameter[Any] = bindparam("abouts", type_=ARRAY(String))
        wanted = table.c.about == any_(abouts)
    else:
        listed = func.json_each(bindparam("abouts", type_=String)).table_valued("value")
        wanted = table.c.about.in_(select(listed.c.value))
    return select(table).where(table.c.authority == bindparam("authority"), wanted)
