"""Rows in and out of the database, many at once, at little more than what the database itself needs for them.

A statement is compiled once for each table, and the values of a column go through its own processor one after another;
so no row goes through the making of a statement, and none through a lookup by name for each of its values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    Connection,
    Date,
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
from sqlalchemy.types import TypeEngine

from projections.dates import Instant, as_text, day_as_text
from projections.store import to_json, upsert
from projections.view import Row

AT_ONCE = 5_000
"""Aggregates asked for in one query."""


_Statement = Callable[[Table, str], Insert]
"""Makes a statement for a table in the words of a database."""


_Form = Callable[[Any], Any]
"""Puts a value of a column in the form that the driver takes it in."""


class _Writing(NamedTuple):
    """A statement as the driver takes it, and its columns in their order, each with its form and that of no value."""

    statement: str
    columns: tuple[tuple[str, _Form | None, Any], ...]
    by_place: bool


class Ready(NamedTuple):
    """Rows in the form that the driver takes them in: who has made them ready holds a lock for the writing alone."""

    statement: str
    values: Sequence[Any]

    def put(self, db: Connection) -> None:
        """Write them."""
        if self.values:
            db.exec_driver_sql(self.statement, self.values)


def write_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write whole rows: the new ones, and the others in place of those with the same keys. A repeat changes nothing."""
    rows_to_write(db.dialect, table, rows).put(db)


def rows_to_write(dialect: Dialect, table: Table, rows: Sequence[Row]) -> Ready:
    """Whole rows as `write_rows` writes them."""
    return _rows(_writing(table, dialect, upsert), rows)


def rows_to_add(dialect: Dialect, table: Table, rows: Sequence[Row]) -> Ready:
    """Whole rows, of which none is there yet: putting them raises IntegrityError where one is."""
    return _rows(_writing(table, dialect, _insert), rows)


def columns_to_add(dialect: Dialect, table: Table, columns: Mapping[str, Sequence[Any]]) -> Ready:
    """As `rows_to_add`, of rows that come column by column."""
    writing = _writing(table, dialect, _insert)
    return _ready(
        writing,
        [
            columns[name] if form is None else [none if each is None else form(each) for each in columns[name]]
            for name, form, none in writing.columns
        ],
    )


def _rows(writing: _Writing, rows: Sequence[Row]) -> Ready:
    return _ready(
        writing,
        [
            [row[name] for row in rows]
            if form is None
            else [none if (each := row[name]) is None else form(each) for row in rows]
            for name, form, none in writing.columns
        ],
    )


def _ready(writing: _Writing, columns: Sequence[Sequence[Any]]) -> Ready:
    values = list(zip(*columns, strict=True))
    if writing.by_place:
        return Ready(writing.statement, values)
    names = [name for name, _, _ in writing.columns]
    return Ready(writing.statement, [dict(zip(names, each, strict=True)) for each in values])


def _insert(table: Table, dialect: str) -> Insert:
    del dialect
    return insert(table)


@lru_cache(maxsize=256)
def _writing(table: Table, dialect: Dialect, statement: _Statement) -> _Writing:
    names = [each.name for each in table.columns]
    compiled = statement(table, dialect.name).compile(dialect=dialect, column_keys=names)
    by_place = bool(compiled.positional)
    order = list(compiled.positiontup or ()) if by_place else names
    forms = {each.name: _form(each.type, dialect) for each in table.columns}
    columns = ((name, form, None if form is None else form(None)) for name in order for form in [forms[name]])
    return _Writing(str(compiled), tuple(columns), by_place)


def _form(kind: TypeEngine[Any], dialect: Dialect) -> _Form | None:
    """The form of a column's values. What most of them are SQLite is given as SQLAlchemy gives it, by a shorter way."""
    if dialect.name == "sqlite":
        if isinstance(kind, Instant):
            return as_text
        if isinstance(kind, Date):
            return _day
        if isinstance(kind, JSON):
            return to_json
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _day(value: date | None) -> str | None:
    return None if value is None else day_as_text(value)


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


def plain_rows(db: Connection, table: Table, authority: str, abouts: Sequence[str]) -> list[Any]:
    """The rows of these aggregates in the order of their keys, each with its values as the driver gives them."""
    in_lists = db.dialect.name == "postgresql"
    asked = {"authority": authority, "abouts": list(abouts) if in_lists else orjson.dumps(abouts).decode()}
    statement, names = _plainly(table, db.dialect, in_lists)
    found = db.exec_driver_sql(statement, tuple(asked[name] for name in names) if names else asked)
    return list(found.all())


@lru_cache(maxsize=256)
def _plainly(table: Table, dialect: Dialect, in_lists: bool) -> tuple[str, tuple[str, ...]]:  # noqa: FBT001 - as below
    compiled = _reading(table, in_lists).order_by(*table.primary_key.columns).compile(dialect=dialect)
    return str(compiled), tuple(compiled.positiontup or ()) if compiled.positional else ()


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
