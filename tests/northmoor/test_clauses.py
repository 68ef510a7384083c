"""The table of Northmoor's clauses is true: what it says is said stands in the policy, and cites the clause there."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from services.policy_files import check, doubts
from tests.northmoor.council import FILE, POLICY

ROWS = list(csv.DictReader(Path(__file__).with_name("clauses.csv").read_text(encoding="utf-8").splitlines()))
TEXT = FILE.read_text(encoding="utf-8")
BY_THE_ENGINE = {"NM-28"}
"""What holds of every framework, whatever its file says."""


def cited(text: str) -> set[str]:
    return set(re.findall(r"NM-\d+", text))


def at(place: str) -> Any:
    """What stands at a place of the policy that is named by names: `obligations.audit_return`."""
    held: Any = POLICY
    for name in place.split("."):
        named = [each for each in held if each.name == name] if isinstance(held, tuple) else []
        assert named or hasattr(held, name), place
        held = named[0] if named else getattr(held, name)
    return held


def test_every_clause_has_one_row() -> None:
    """None is left out, and none is told twice."""
    assert [row["clause"] for row in ROWS] == [f"NM-{number}" for number in range(1, 29)]
    assert {row["said"] for row in ROWS} <= {"whole", "partly", "not"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["clause"])
def test_what_is_said_is_cited_where_it_stands(row: dict[str, str]) -> None:
    """A clause that is said names its places, each of which is there and cites it; what is missing is told."""
    clause, places = row["clause"], [place for place in row["places"].split(";") if place]
    missing = row["what is not said and why"]
    assert bool(missing) == (row["said"] != "whole")
    if row["said"] == "not" or clause in BY_THE_ENGINE:
        assert places == []
        assert clause not in cited(TEXT)
        return
    assert places
    assert clause in cited(TEXT)
    for place in places:
        held = at(place)
        source = getattr(held, "source", None)
        assert held, f"{place} says nothing"
        if isinstance(held, BaseModel) and source is not None:
            assert clause in source, place


def test_nothing_is_cited_that_is_no_clause() -> None:
    """The file cites the clauses of the framework alone."""
    assert cited(TEXT) <= {row["clause"] for row in ROWS}


def test_the_file_is_sound_and_nothing_in_it_is_odd() -> None:
    """`policy check --strict` finds nothing."""
    _, problems = check(FILE)
    assert [str(each) for each in (*problems, *doubts(FILE))] == []
