"""The schema, with which others check what they write before they send it."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # the wheel ships no type information

from services.modules import CATALOGUE
from services.settings import Settings
from tests.cli.council import LIVES
from tests.cli.program import Line, Program
from tests.lives import Life, people
from tests.random_lives import random_lines

OTHERS = (
    Life("torbay", "A-1").act("audit.void", "2026-01-09", "P-QA", "qa_team", reason="twice selected"),
    Life("torbay", "A-1").act("audit.raise_safety_concern", None, "P-AUD", "auditor", concern="unseen"),
)
LINES = [
    *people("torbay"),
    *people("halton"),
    *(line for life in (*LIVES, *OTHERS) for line in life),
    *random_lines(1, "torbay", 20),
    *random_lines(1, "halton", 20),
]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """What `sightline schema` prints, without a server and without settings."""
    said = Program(Settings()).run("schema")
    assert (said.code, said.err) == (0, "")
    loaded: dict[str, Any] = json.loads(said.out)
    return loaded


def test_it_is_a_schema_of_every_command(schema: dict[str, Any]) -> None:
    """It is valid itself, has a title, and picks among all commands by their name."""
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == "Sightline command"
    assert set(schema["discriminator"]["mapping"]) == set(CATALOGUE.commands)


@pytest.mark.parametrize("command", sorted({line["command"] for line in LINES}))
def test_what_is_right_is_valid(command: str, schema: dict[str, Any]) -> None:
    """Every command that the lives of the tests hold is valid."""
    validator = Draft202012Validator(schema)
    assert not [error.message for line in LINES if line["command"] == command for error in validator.iter_errors(line)]


def test_former_names_are_not_shown(schema: dict[str, Any]) -> None:
    """What is read for the sake of older files alone is no part of the form."""
    assert '"matter"' not in json.dumps(schema)


VOID: Line = next(iter(OTHERS[0]))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {**VOID, "command": "audit.delete"},
        {**VOID, "grade": "Good"},
        {**VOID, "audit": "A.1"},
        {**VOID, "authority": "Torbay Council"},
        {name: value for name, value in VOID.items() if name != "reason"},
        {**VOID, "reason": ""},
        {**VOID, "at": 20260109},
    ],
    ids=["nothing", "unknown", "extra", "reference", "authority", "missing", "empty", "number"],
)
def test_what_is_wrong_is_not(wrong: Line, schema: dict[str, Any]) -> None:
    """A command that an import would refuse for its form is not valid either."""
    assert not Draft202012Validator(schema).is_valid(wrong)
