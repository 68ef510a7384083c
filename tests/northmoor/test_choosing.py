"""Northmoor's files: which may be drawn and audited, how they are graded, and who hears of a child in danger."""

import pytest

from events.escalations import EscalationRaised
from events.rounds import RoundDrawn
from services.clock import LONDON
from tests.northmoor.council import QA, SECTIONS, Line, act, allocated, desk, returned

DOMAINS = (
    "Voice and lived experience",
    "Assessment and analysis",
    "Plan and impact",
    "Safety and risk",
    "Identity and inclusion",
    "Supervision and oversight",
    "Recording and chronology",
)


def test_seven_domains_of_four_grades() -> None:
    """NM-3: each of the seven is graded 1 to 4 or N/A; without one the return is not whole, and a 5 is no grade."""
    assert tuple(SECTIONS) == DOMAINS
    *before, submit = [allocated("A-1", "2026-03-02"), *returned("A-1", "2026-03-16")]
    held = desk(*before)
    for domain in DOMAINS:
        rest = {name: each for name, each in SECTIONS.items() if name != domain}
        held.when(submit | {"sections": rest}).refused("audit", domain)
        held.when(submit | {"sections": {**rest, domain: {"grade": "5"}}}).refused("grade")
    some = dict(zip(DOMAINS, ("1", "2", "3", "2", "2", "2", "N/A"), strict=True))
    held.do(submit | {"sections": {name: {"grade": grade} for name, grade in some.items()}})


@pytest.mark.parametrize(("since", "field"), [("2026-01-06", "open_since"), ("2026-01-05", "")])
def test_a_file_is_open_for_eight_weeks(since: str, field: str) -> None:
    """NM-7: a practice conversation is about a child whose file was open for eight weeks that day, and no later."""
    given_out = allocated("A-1", "2026-03-02", open_since=since)
    if field:
        desk().when(given_out).refused(field, "8 weeks")
    else:
        desk(given_out)


def test_who_is_drawn() -> None:
    """NM-7: neither a child open for less than eight weeks nor one that was audited within nine months is drawn."""
    since = {"NEW": "2026-07-08", "LONG-ENOUGH": "2026-07-07", "LATELY": "2024-01-08", "LONG-AGO": "2024-01-08"}
    cases = [
        {"child": f"K-{name}", "number": f"{number:06}", "open_since": day, "team": "T-MASH", "worker": "P-SW-MASH"}
        for number, (name, day) in enumerate(since.items())
    ]
    listed = act(
        "cases.import", "2026-08-31", **QA, list="L-1", file_hash="ab", as_of="2026-08-31", cases=cases, closes=True
    )
    earlier = [
        line
        for audit, day in (("LATELY", "2025-12-10"), ("LONG-AGO", "2025-11-10"))
        for line in (allocated(audit, day, child=f"K-{audit}"), *returned(audit, day))
    ]
    place = act("round.schedule", "2026-09-01", **QA, round="2026-09", month="2026-09", kind="practice conversations")
    held = desk(*earlier, listed, place)
    [outcome] = held.do(act("round.draw", "2026-09-01", **QA, round="2026-09", draw="audits", cases="L-1"))
    [event] = outcome.events
    assert isinstance(event.fact, RoundDrawn)
    assert set(event.fact.chosen) == {"K-LONG-ENOUGH", "K-LONG-AGO"}


@pytest.mark.parametrize(
    ("raised", "head"),
    [
        ("2026-03-10T07:10", "2026-03-10 09:00"),
        ("2026-03-10T16:40", "2026-03-10 16:40"),
        ("2026-03-14T11:00", "2026-03-14 11:00"),
    ],
)
def test_a_child_may_be_unsafe(raised: str, head: str) -> None:
    """NM-15: both managers hear at once and the Head of Service that day, at nine or, if later, at once."""
    concern: Line = act(
        "audit.raise_safety_concern", raised, "P-TEAM-MANAGER-CARE", "auditor", audit="A-1", concern="alone at night"
    )
    held = desk(allocated("A-1", "2026-03-02"), concern)
    told = {
        each.fact.step: (
            f"{each.fact.due.astimezone(LONDON):%Y-%m-%d %H:%M}",
            {str(who.holder) for who in each.fact.recipients},
        )
        for each in held.settled("A-1").facts
        if isinstance(each.fact, EscalationRaised) and each.fact.obligation == "safety_concern"
    }
    managers = {"P-TEAM-MANAGER-MASH", "P-SERVICE-MANAGER-SAFE"}
    assert told == {
        "alert": (raised.replace("T", " "), managers),
        "above": (head, {"P-HEAD-OF-SERVICE-SAFE"}),
    }
