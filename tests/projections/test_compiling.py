"""The databases of one process share what was compiled."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.sql.compiler import Compiled

from projections.registry import VIEWS
from projections.store import open_store
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
