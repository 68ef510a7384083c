"""Texts are shown to those who need to know them, and `show reads` tells who read what."""

from collections.abc import Callable

import pytest

from tests.cli.council import Council
from tests.stores import PATIENCE
from workers.health.whole import wait_until_settled

TIMELINE = ("show", "timeline", "torbay", "--audit", "T-CLOSED")
RATIONALE = "the evidence carries more"


def texts(council: Council, *options: str, **variables: str) -> str:
    said = council.program.run(*TIMELINE, "--json", *options, **variables)
    assert said.code == 0, said
    return said.out


def read(council: Council, *options: str) -> list[dict[str, object]]:
    wait_until_settled(council.system, within=PATIENCE)
    found: list[dict[str, object]] = council.program.ask("show", "reads", "torbay", *options)
    return found


@pytest.mark.covers("A-ALL-15")
def test_a_reading_is_told_of(council: Council) -> None:
    """Who read which fields of which audit, in which role and by which door; and nothing of what they say."""
    before = len(read(council, "--person", "P-MOD"))
    assert RATIONALE in texts(council, "--actor", "P-MOD", "--role", "qa_team")
    rows = read(council, "--person", "P-MOD", "--audit", "T-CLOSED")
    assert len(rows) == before + 1
    assert {name: rows[-1][name] for name in ("actor", "role", "door", "record")} == {
        "actor": "P-MOD", "role": "qa_team", "door": "cli", "record": "audit/T-CLOSED",
    }  # fmt: skip
    assert "audit.rationale" in str(rows[-1]["fields"])
    table = council.program.run("show", "reads", "torbay", "--person", "P-MOD")
    assert "P-MOD" in table.out
    assert RATIONALE not in table.out + str(rows)
    assert read(council, "--person", "P-MOD", "--audit", "T-LATE") == []
    assert read(council, "--person", "P-MOD", "--until", "2020-01-01") == []


def test_the_rest_of_an_answer_is_not_closed(council: Council) -> None:
    """Who need not know sees what happened, when and by whom, and none of the words; nothing was read."""
    for person in ("P-NOBODY", "P-AUD3"):
        said = texts(council, "--actor", person, "--role", "worker")
        assert RATIONALE not in said
        assert "[closed]" in said
        assert "audit.moderated" in said
        assert read(council, "--person", person) == []


def test_the_operator_of_the_embedded_default(council: Council) -> None:
    """Who names nobody reads as the operator, on record."""
    before = len(read(council, "--person", "operator"))
    assert RATIONALE in texts(council, SIGHTLINE_ACTOR="")
    assert len(read(council, "--person", "operator")) > before


def test_elsewhere_a_reader_is_named(recording: Callable[[], Council]) -> None:
    """With a server of others nobody reads without a name, and no role is nobody's."""
    council = recording()
    for question in (("show", "actions"), ("show", "answers"), ("show", "entries"), ("show", "grade-changes")):
        said = council.program.run(*question, council.authority, SIGHTLINE_ACTOR="")
        assert "actor: needed: who reads" in said.mistake()


def test_a_role_that_opens_nothing(council: Council) -> None:
    """It is refused by name, in one line."""
    said = council.program.run(*TIMELINE, "--actor", "P-QA", "--role", "iro")
    assert "role: iro may not texts.open" in said.mistake()
