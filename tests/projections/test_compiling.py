"""The databases of one process share what was compiled."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, make_url
from sqlalchemy.sql.compiler import Compiled

from projections.registry import VIEWS
from projections.store import one_state, open_store
from tests.projections.views import EVENTS, in_database, kept, made


@pytest.mark.parametrize("name", VIEWS)
def test_what_one_database_is_told_is_compiled_for_the_next(
    name: str, new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second database of a server is filled and asked without compiling what the first was told."""

    def filled() -> Any:
        engine = kept(open_store(new_url()), name, EVENTS[:200], size=50)
        told = in_database(engine, made(name))
        engine.dispose()
        return told

    first = filled()

    def compiling(_: Compiled, __: Any, statement: Any, *___: Any, **____: Any) -> None:
        raise AssertionError(f"compiled again: {type(statement)}")

    monkeypatch.setattr(Compiled, "__init__", compiling)
    assert filled() == first


def test_each_database_keeps_to_one_isolation(postgres: str) -> None:
    """Whatever one of a server is set to: a lock is taken before what it guards is read, in that same transaction."""
    for number, default in enumerate(("serializable", "read committed")):
        name = f"isolated_{number}"
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"')
            server.execute(f"ALTER DATABASE \"{name}\" SET default_transaction_isolation = '{default}'")
        engine = open_store(make_url(postgres).set(database=name).render_as_string(hide_password=False))
        told = []
        for opened in (Engine.connect, one_state, Engine.connect):
            with opened(engine) as db:
                told.append(db.exec_driver_sql("SHOW transaction_isolation").scalar())
        engine.dispose()
        assert told == ["read committed", "repeatable read", "read committed"]
