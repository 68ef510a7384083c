"""What follows in each council from the life of an audit and from an entry: who owes what by when, who is told."""

from itertools import chain

import pytest
from _pytest.mark.structures import ParameterSet

from services.policy.describe.clocks import clock_in_words
from services.policy.describe.wording import plain
from services.policy.rules import written
from tests.beside import ROOT
from tests.desks import SHIPPED
from tests.requirements.clocks import (
    east_sussex_audits,
    east_sussex_entries,
    east_sussex_tasks,
    halton_audits,
    halton_entries,
    southwark_audits,
    southwark_disputes,
    southwark_entries,
    swindon_audits,
    swindon_entries,
    torbay_audits,
    torbay_entries,
    torbay_rounds,
)
from tests.requirements.clocks.court import Court, Told
from tests.requirements.clocks.entries import of_entries
from tests.requirements.clocks.lives import of_audits
from tests.requirements.clocks.planned import Lives, of_disputes, of_rounds, of_tasks
from tests.requirements.clocks.rows import Row
from tests.requirements.marks import defined_in

Rows = tuple[Row, ...]
AUDITS: dict[str, Rows] = {
    "torbay": torbay_audits.ROWS,
    "halton": halton_audits.ROWS,
    "southwark": southwark_audits.ROWS,
    "east-sussex": east_sussex_audits.ROWS,
    "swindon": swindon_audits.ROWS,
}
ENTRIES: dict[str, Rows] = {
    "torbay": torbay_entries.ROWS,
    "halton": halton_entries.ROWS,
    "southwark": southwark_entries.ROWS,
    "east-sussex": east_sussex_entries.ROWS,
    "swindon": swindon_entries.ROWS,
}
DISPUTES: dict[str, Rows] = {"southwark": southwark_disputes.ROWS}
ROUNDS: dict[str, Rows] = {"torbay": torbay_rounds.ROWS}
TASKS: dict[str, Rows] = {"east-sussex": east_sussex_tasks.ROWS}
SECOND_TIER = "tests/services/sampling/test_second_tier.py::test_a_share_goes_before_a_senior_manager"
ELSEWHERE = {"torbay": {"second_tier_moderation": SECOND_TIER}}
"""What follows from no life of these, each with the test that tells of it: as shipped no share is drawn (A-TOR-02)."""


def each_of(tables: dict[str, Rows]) -> list[ParameterSet]:
    """Each council with its lines, marked with whatever they cover."""
    return [
        pytest.param(
            council, rows, id=council, marks=pytest.mark.covers(*sorted({each for row in rows for each in row.covers}))
        )
        for council, rows in tables.items()
    ]


def as_told(rows: Rows) -> dict[str, Told]:
    return {row.name: Told(tuple(sorted(row.owed)), row.told) for row in rows}


@pytest.mark.parametrize("council", AUDITS)
def test_everything_has_its_line(council: str) -> None:
    """What a council has owed, and what it alerts of, stands in a line of a table or is told by a test named here."""
    rows = chain.from_iterable(each.get(council, ()) for each in (AUDITS, ENTRIES, DISPUTES, ROUNDS, TASKS))
    told = {name for row in rows for name in names_in(row)}
    elsewhere = ELSEWHERE.get(council, {})
    policy = SHIPPED[council].newest
    names = {each.name for each in policy.obligations} | {each.name for each in policy.alerts}
    assert names - told == set(elsewhere)
    for file, _, test in (each.partition("::") for each in elsewhere.values()):
        assert test in defined_in(ROOT / file)


def names_in(row: Row) -> set[str]:
    """What is owed, and what somebody is told of, by its name."""
    told = {each.partition(" of ")[2].partition(":")[0] for each in row.told}
    return told | {each.partition(" by ")[0] for each in row.owed}


@pytest.mark.parametrize(("council", "rows"), each_of(AUDITS))
def test_what_follows_from_an_audit(council: str, rows: Rows) -> None:
    """Given, returned, moderated and acted on, an audit leaves owing what its line says, and tells it."""
    found = {name: Court(council).lived(about, life) for name, about, life in of_audits(council)}
    assert {name: told for name, told in found.items() if told != Told()} == as_told(rows)


@pytest.mark.parametrize(("council", "rows"), each_of(ENTRIES))
def test_what_follows_from_an_entry(council: str, rows: Rows) -> None:
    """An entry, alone or with its steps, leaves owing and tells what its line says; one that has no line, nothing."""
    court = Court(council)
    policy = court.desk.policies.newest
    may = {act: sorted(set(policy.acts[act]) & set(policy.roles)) for act in ("entry.record", "entry.step")}
    found = {name: court.lived(about, lines) for name, about, lines in of_entries(council, may)}
    assert {name: told for name, told in found.items() if told != Told()} == as_told(rows)


@pytest.mark.parametrize("council", AUDITS)
def test_what_lasts_with_a_grade_says_so_where_it_starts(council: str) -> None:
    """Whoever signs a framework reads with which grade a clock starts, not only that it ends without it."""
    policy = SHIPPED[council].newest
    for rule in written(policy):
        if rule.while_grade is not None:
            asked = f"with an overall grade of “{plain(rule.while_grade)}”"
            assert any(asked in words for _, words in clock_in_words(policy, rule)), rule.name


def follows(council: str, lives: Lives) -> dict[str, Told]:
    court = Court(council)
    return {name: court.lived(about, lines) for name, about, lines in lives}


@pytest.mark.parametrize(("council", "rows"), each_of(DISPUTES))
def test_what_follows_from_a_dispute(council: str, rows: Rows) -> None:
    """Raised, taken up, settled or found to touch a child's safety, a dispute leaves owing and tells what it should."""
    assert follows(council, of_disputes()) == as_told(rows)


@pytest.mark.parametrize(("council", "rows"), each_of(ROUNDS))
def test_what_follows_from_a_round(council: str, rows: Rows) -> None:
    """Scheduled, moved, planned, with its data and what was done in it, a round leaves owing what its line says."""
    assert follows(council, of_rounds()) == as_told(rows)


@pytest.mark.parametrize(("council", "rows"), each_of(TASKS))
def test_what_follows_from_a_task(council: str, rows: Rows) -> None:
    """Once a manager has recorded what was done of a task, those are told whom its line names, and nobody else."""
    assert follows(council, of_tasks()) == as_told(rows)
