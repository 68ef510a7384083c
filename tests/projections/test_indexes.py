"""Indexes serve questions: tables that were made with others stay a view's own, and get those that it declares."""

import pytest
from sqlalchemy import Engine, MetaData, inspect, text

from projections.generations import index_as_declared, reading
from projections.registry import DECLARED
from projections.view import Spec
from tests.projections.views import EVENTS, in_database, in_memory, kept, made

CHANGED = {name: spec for name, each in DECLARED.items() for spec in each.shape.specs if spec.known_by is not None}


def names(engine: Engine, table: str) -> set[str]:
    return {str(each["name"]) for each in inspect(engine).get_indexes(table)}


def as_of_before(engine: Engine, name: str, spec: Spec) -> str:
    """Give the live table the indexes that it was known by; its name."""
    with reading(DECLARED[name].shape, engine) as (_, tables):
        table = tables[spec.name]
    with engine.begin() as db:
        for index in table.indexes:
            index.drop(db)
        for column in spec.known_by or ():
            db.execute(text(f"CREATE INDEX {table.name}_by_{column} ON {table.name} (authority, {column})"))
    return table.name


@pytest.mark.parametrize(("name", "spec"), CHANGED.items(), ids=CHANGED)
def test_tables_of_before_are_asked_as_they_are_and_get_the_new_ones(engine: Engine, name: str, spec: Spec) -> None:
    """They are not refused before that, hold the same rows after it, and a repeat does nothing."""
    kept(engine, name, EVENTS)
    declared = {str(each.name) for each in spec.table(1, MetaData()).indexes}
    table = as_of_before(engine, name, spec)
    assert names(engine, table) != declared
    assert in_database(engine, made(name)) == in_memory(made(name), EVENTS)
    for _ in range(2):
        index_as_declared(engine, made(name).shape)
        assert names(engine, table) == declared
    assert in_database(engine, made(name)) == in_memory(made(name), EVENTS)
