"""What follows in each council from the life of an audit and from an entry: who owes what by when, who is told."""

import pytest
from _pytest.mark.structures import ParameterSet

from tests.requirements.clocks import (
    east_sussex_audits,
    east_sussex_entries,
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
from tests.requirements.clocks.lives import of_audits, of_entries
from tests.requirements.clocks.planned import Lives, of_disputes, of_rounds
from tests.requirements.clocks.rows import Row

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
