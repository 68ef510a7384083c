"""Northmoor's feedback of the family: by telephone by business support, and up to three attempts."""

import pytest

from events.errors import SightlineError
from services.policy.describe.clocks import clocks
from tests.northmoor.council import POLICY, Line, act, allocated, desk, owed

WHO = ("P-BUSINESS-SUPPORT", "business_support")


def asked(at: str, outcome: str = "attempted", who: tuple[str, str] = WHO) -> Line:
    text = {"feedback": "we were heard"} if outcome == "obtained" else {}
    return act("audit.record_feedback", at, *who, audit="A-1", source="family", outcome=outcome, **text)


def ended(*lines: Line) -> str:
    [clock] = owed(desk(allocated("A-1", "2026-03-02"), *lines), "family_feedback")
    return (clock.ended() or ("", ""))[1]


def test_three_attempts_are_enough() -> None:
    """NM-6: one or two attempts leave it owed, the third ends it unmet; feedback that was had meets it."""
    attempts = [asked(f"2026-03-0{day}") for day in (3, 4, 5)]
    assert [ended(*attempts[:number]) for number in range(4)] == ["", "", "", "cancelled"]
    assert ended(attempts[0], asked("2026-03-04", "obtained")) == "met"
    assert ended(*attempts, asked("2026-03-06", "obtained")) == "cancelled", "it ended with the third"
    [clock] = owed(desk(allocated("A-1", "2026-03-02"), *attempts[:2]), "family_feedback")
    assert (str(clock.due), clock.is_open) == ("2026-03-16", True)


def test_the_auditor_does_not_telephone() -> None:
    """NM-6: business support alone records it."""
    held = desk(allocated("A-1", "2026-03-02"))
    with pytest.raises(SightlineError, match=r"auditor may not audit\.record_feedback"):
        held.do(asked("2026-03-03", who=("P-TEAM-MANAGER-CARE", "auditor")))


def test_it_reads_as_the_paper_says_it() -> None:
    """A manager reads when it is done, and when it is owed no more."""
    told = {each.key[2]: each.words for each in clocks(POLICY) if each.key[1] == "family_feedback"}
    feedback = "feedback of the child or the family is recorded"
    assert told["met_by"] == f"Done when {feedback}, if its outcome is “obtained”"
    until = f"Owed no more, although nobody did it, once {feedback}, if its outcome is “attempted”, for the 3rd time"
    assert told["until"] == until
