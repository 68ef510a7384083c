"""What the databases of one process are told is compiled once: for all of them, not for each.

Each day of the past that is asked about is a database of its own, and to compile its statements took as long as all
else that is done to fill it.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, Index, MetaData, Table, inspect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.util import LRUCache

COMPILED = 1_000
"""Statements of a server that are kept compiled."""

_COMPILING: dict[URL, tuple[Dialect, MutableMapping[Any, Any]]] = {}
"""By server, or for all files: what knows its words, and what it was asked in them. Both may serve many threads."""


def compile_together(engine: Engine) -> None:
    """Have this database take what was compiled for the others of its server. The database's own error without it."""
    server = engine.url.set(database="")
    if server not in _COMPILING:
        with engine.connect():  # the first connection of the first engine learns what the server is
            _COMPILING.setdefault(server, (engine.dialect, LRUCache(COMPILED)))
    engine.dialect, compiled = _COMPILING[server]
    engine.update_execution_options(compiled_cache=compiled)


def create_missing(db: Connection, tables: MetaData) -> None:
    """Create those of the tables that are not there, with their indexes."""
    there = inspect(db).get_table_names()
    for table in tables.sorted_tables:
        if table.name not in there:
            create(db, table)
            for index in table.indexes:
                create(db, index)


def create(db: Connection, what: Table | Index) -> None:
    """Create a table without its indexes, or an index that may be there already."""
    db.exec_driver_sql(_creating(what, db.dialect))


@lru_cache(maxsize=512)
def _creating(what: Table | Index, dialect: Dialect) -> str:
    making = CreateTable(what) if isinstance(what, Table) else CreateIndex(what, if_not_exists=True)
    return str(making.compile(dialect=dialect))
