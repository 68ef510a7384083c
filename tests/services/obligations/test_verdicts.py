"""What is to become of a step: judged as it stands now or, of imported history, as it stood when the step came due."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.obligations.model import ActsOn, Obligation, Rung, Standstill
from tests.desks import SHIPPED
from tests.histories import START, allocated, recorded

[RULE, *_] = SHIPPED["torbay"].newest.obligations
DUE = START + timedelta(days=3)
BEFORE, LATER = DUE - timedelta(microseconds=1), DUE + timedelta(days=2)
STEP = Rung("tried", "told", "", DUE, "notice", 0, "Told", (), "t-1")
LATE = replace(STEP, too_late=True)


def owed(*, known: datetime = START, imported: str = "", **fields: Any) -> Obligation:
    """What began at the start and was recorded when it was `known`."""
    trigger = recorded(allocated(), at=START, recorded_at=known)
    trigger = replace(trigger, envelope=replace(trigger.envelope, imported=imported))
    plain = Obligation(RULE, "", trigger, date(2026, 2, 2), changes=(), fell_away=None)
    return replace(plain, **fields)


NOW = [
    ("before its time", {}, BEFORE, "pending"),
    ("at its time", {}, DUE, "send"),
    ("met at that instant", {"changes": [(DUE, True)]}, DUE, "met"),
    ("met since", {"changes": [(LATER, True)]}, LATER, "met"),
    ("met later than now", {"changes": [(LATER, True)]}, DUE, "send"),
    ("unmet again", {"changes": [(START, True), (BEFORE, False)]}, DUE, "send"),
    ("fell away at that instant", {"fell_away": DUE}, DUE, "cancelled"),
    ("falls away later than now", {"fell_away": LATER}, DUE, "send"),
    ("met and fell away", {"changes": [(START, True)], "fell_away": BEFORE}, DUE, "cancelled"),
    ("about nothing yet", {"acts_on": ActsOn(needed=True)}, DUE, "nothing_owed"),
    ("about something since now", {"acts_on": ActsOn(needed=True, since=DUE)}, DUE, "send"),
    ("about something later on", {"acts_on": ActsOn(needed=True, since=LATER)}, DUE, "nothing_owed"),
    ("about something that is not needed", {"acts_on": ActsOn(since=LATER)}, DUE, "send"),
]


@pytest.mark.covers("A-ALL-05")
@pytest.mark.parametrize(("fields", "now", "verdict"), [pytest.param(*each, id=name) for name, *each in NOW])
def test_as_it_stands_now(fields: dict[str, Any], now: datetime, verdict: str) -> None:
    """Who has delivered by now is not chased, and nobody owes what fell away or is about nothing."""
    assert owed(**fields).verdict(STEP, now) == verdict


@pytest.mark.covers("A-ALL-05")
@pytest.mark.parametrize(
    ("known", "imported", "reconstructed", "verdict"),
    [
        (START, "", False, "met"),
        (LATER, "", False, "met"),
        (START, "I-1", False, "met"),
        (DUE, "I-1", False, "met"),
        (LATER, "I-1", True, "send"),
    ],
    ids=["live", "typed late", "imported before", "imported at its time", "imported after"],
)
def test_imported_history_is_judged_as_it_stood(
    known: datetime,
    imported: str,
    *,
    reconstructed: bool,
    verdict: str,
) -> None:
    """Only a step that had come due before an import told of its cause: then what was done later met nothing."""
    found = owed(known=known, imported=imported, changes=[(LATER, True)])
    assert found.is_reconstructed(STEP) is reconstructed
    assert found.settles_at(STEP, LATER) == (DUE if reconstructed else LATER)
    assert found.verdict(STEP, LATER) == verdict


def test_a_step_whose_day_had_passed() -> None:
    """It counts as settled with its cause: whatever was done since, nobody can be told on that day any more."""
    found = owed(changes=[(LATER, True)])
    assert (found.verdict(LATE, LATER), found.settles_at(LATE, LATER)) == ("too_late", START)
    assert owed(changes=[(START, True)]).verdict(LATE, LATER) == "met"


MIDNIGHT = datetime.fromisoformat("2026-02-03T00:00Z")


@pytest.mark.parametrize(
    ("fields", "since"),
    [
        ({}, MIDNIGHT),
        ({"due_at": LATER}, LATER),
        ({"due": None}, None),
        ({"stands": Standstill(MIDNIGHT, "ill")}, MIDNIGHT),
        ({"stands": Standstill(MIDNIGHT - timedelta(seconds=1), "ill")}, None),
    ],
    ids=["a day", "an instant", "no day", "stands still since then", "stood still by then"],
)
def test_since_when_it_is_overdue(fields: dict[str, Any], since: datetime | None) -> None:
    """From the midnight after its day or from its instant, unless its clock had stopped by then."""
    assert owed(**fields).overdue_from == since


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({}, True),
        ({"due": None}, False),
        ({"rule": RULE.model_copy(update={"met_by": ()})}, False),
        ({"changes": [(START, True)]}, False),
        ({"fell_away": START}, False),
        ({"acts_on": ActsOn(needed=True)}, False),
        ({"acts_on": ActsOn(needed=True, since=START)}, True),
    ],
    ids=str,
)
def test_what_is_open(fields: dict[str, Any], *, is_open: bool) -> None:
    """What somebody can meet by a day, is about something, and stands neither met nor ended."""
    assert owed(**fields).is_open is is_open


def test_a_step_is_known_by_its_clock_and_not_by_its_day() -> None:
    """A step that is worked out for another instant is the same step; said again, it is another."""
    assert replace(STEP, due=LATER, key="2").identity == STEP.identity == ("tried", "told", "t-1", 0)
    assert replace(STEP, number=1).identity != STEP.identity
