"""The two databases that read models are kept in: a SQLite file, and a real PostgreSQL."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from projections.store import open_store
from tests.postgres import running_postgres

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of this test run; its URL."""
    with running_postgres() as server:
        yield server.get_uri()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes empty databases of either kind; each test runs on both."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path}/views{next(_NUMBERS)}.db"
    server = request.getfixturevalue("postgres")

    def new() -> str:
        name = f"views_{next(_NUMBERS)}"
        with psycopg.connect(server, autocommit=True) as db:
            db.execute(f'CREATE DATABASE "{name}"')
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    return new


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """An empty database of either kind."""
    return new_url()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The opened store of that database."""
    engine = open_store(url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite store, for the tests of a view's meaning; the mechanism is tested on both."""
    engine = open_store(f"sqlite:///{tmp_path}/view.db")
    yield engine
    engine.dispose()
