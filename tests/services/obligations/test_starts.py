"""Which acts start a clock: every condition of a trigger counts, for an action as for an audit."""

from datetime import date
from typing import Any

import pytest

from services.clock import LONDON
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.model import ObligationRule
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.given import given
from tests.lives import TORBAY_LOWEST, Life

ACTION: dict[str, Any] = {
    "name": "tried",
    "title": "Tried",
    "source": ["TEST-1"],
    "trigger": {"events": ["action.set"]},
    "per": "action",
    "owner": "action_owner",
    "met_by": ["action.completed"],
}
REAUDIT: dict[str, Any] = {
    "name": "tried",
    "title": "Tried",
    "source": ["TEST-1"],
    "owner": "qa_team",
    "trigger": {"events": ["audit.submitted", "audit.moderated"], "grade": "lowest"},
    "while_grade": "lowest",
    "due": "trigger + 1 week",
    "met_by": ["obligation.met"],
}


def policies(rule: dict[str, Any]) -> Policies:
    """Torbay's framework with one more rule."""
    policy = SHIPPED["torbay"].newest
    more = ObligationRule.model_validate(rule)
    return Policies("torbay", (policy.model_copy(update={"obligations": (*policy.obligations, more)}),))


def tried(rule: dict[str, Any], life: Life) -> list[Obligation]:
    desk = given(life, policies=policies(rule))
    return [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == "tried"]


def with_actions() -> Life:
    """X-1 set before the return, X-2 with a return of the lowest grade, X-3 after the moderation lifted it."""
    life = Life("torbay", "A-1").allocated("2026-01-05").action("2026-01-06", "X-1", level="service", due="2026-03-01")
    set_at_return = {"action": "X-2", "text": "visit", "owner": "P-SW", "due": "2026-03-01"}
    life.submitted("2026-01-12", TORBAY_LOWEST, actions=[set_at_return]).to_moderator("2026-01-13")
    life.moderated("2026-01-14", "Does Not Meet Good").action("2026-01-15", "X-3", level="strategic", due="2026-03-01")
    return life


@pytest.mark.parametrize(
    ("condition", "started"),
    [
        ({}, ["X-1", "X-2", "X-3"]),
        ({"when": {"level": "service"}}, ["X-1"]),
        ({"when": {"level": "child"}}, ["X-2"]),
        ({"audit_types": ["full"]}, ["X-1", "X-2", "X-3"]),
        ({"audit_types": ["another"]}, []),
        ({"grade": "lowest"}, ["X-2"]),
        ({"grade": "below_good"}, ["X-2", "X-3"]),
        ({"was": "below_good"}, ["X-2", "X-3"]),
        ({"was_not": "below_good"}, ["X-1"]),
        ({"given": ["audit.moderated"]}, ["X-3"]),
        ({"unless": ["audit.submitted"]}, ["X-1"]),
        ({"stage": "moderation"}, ["X-3"]),
    ],
    ids=str,
)
def test_an_actions_clock_honours_every_condition(condition: dict[str, Any], started: list[str]) -> None:
    """A rule per action starts for those actions alone of which every condition of its trigger holds."""
    found = tried({**ACTION, "trigger": {"events": ["action.set"], **condition}}, with_actions())
    assert [each.key for each in found] == started


def test_a_stage_limits_a_rule_of_the_audit_too() -> None:
    """A clock of the audit that starts with an action of the moderation does not start with one of the return."""
    rule = {**ACTION, "per": "audit", "owner": "qa_team", "trigger": {"events": ["action.set"], "stage": "moderation"}}
    [one] = tried(rule, with_actions())
    assert one.trigger.envelope.occurred.astimezone(LONDON).date() == date(2026, 1, 15)


REGRADED = (
    Life("torbay", "A-1")
    .allocated("2026-01-05")
    .submitted("2026-01-12", TORBAY_LOWEST)
    .to_moderator("2026-01-13")
    .moderated("2026-01-14", TORBAY_LOWEST)
    .moderated("2026-01-20", "Meets Good")
    .moderated("2026-01-26", TORBAY_LOWEST)
)


@pytest.mark.parametrize(
    ("repeat", "clocks"),
    [
        ("first", [("", "2026-01-19", "2026-01-20"), ("2", "2026-02-02", None)]),
        ("restart", [("", "2026-01-19", "2026-01-14"), ("2", "2026-01-21", "2026-01-20"), ("3", "2026-02-02", None)]),
        ("each", [("", "2026-01-19", "2026-01-20"), ("2", "2026-01-21", "2026-01-20"), ("3", "2026-02-02", None)]),
    ],
)
def test_repeats_within_a_run_of_grades(repeat: str, clocks: list[tuple[str, str, str | None]]) -> None:
    """While the grade stays in the set a second trigger starts nothing, replaces the clock, or starts one more."""
    found = tried({**REAUDIT, "trigger": {**REAUDIT["trigger"], "repeat": repeat}}, REGRADED)
    ends = [each.fell_away and str(each.fell_away.astimezone(LONDON).date()) for each in found]
    assert [(each.key, str(each.due), end) for each, end in zip(found, ends, strict=True)] == clocks


@pytest.mark.parametrize(
    ("on", "instant"),
    [
        ("trigger", "2026-01-06 10:01"),
        ("due", "2026-01-07 00:00"),
        ("due + 1 day", "2026-01-08 00:00"),
        ("due - 1 day", "2026-01-06 10:01"),
        ("trigger + 2 days", "2026-01-08 00:00"),
    ],
)
def test_at_once_is_at_the_cause_or_at_the_beginning_of_the_day(on: str, instant: str) -> None:
    """An action of priority one that is set at 10:01 for the next day is not overdue at 10:01."""
    step = {"name": "now", "on": on, "hour": "at once", "kind": "escalation", "to": ["qa_team"], "title": "Overdue"}
    life = Life("torbay", "A-1").allocated("2026-01-05").action("2026-01-06 10:01", "X-1", due="2026-01-07")
    [one] = tried({**ACTION, "ladder": [step]}, life)
    assert [f"{rung.due.astimezone(LONDON):%Y-%m-%d %H:%M}" for rung in one.rungs] == [instant]


def test_only_an_action_starts_an_actions_clock() -> None:
    """A rule per action that names other acts beside has a clock for each action, and none for those."""
    found = tried({**ACTION, "trigger": {"events": ["action.set", "audit.moderated"]}}, with_actions())
    assert [each.key for each in found] == ["X-1", "X-2", "X-3"]


def test_what_is_not_about_the_action_counts_from_its_setting() -> None:
    """A rule per action that the audit's closing meets is not met by what had happened before the action was set."""
    life = with_actions()
    found = tried({**ACTION, "met_by": ["audit.moderated"]}, life)
    assert [(each.key, each.met_since() is not None) for each in found] == [
        ("X-1", True),
        ("X-2", True),
        ("X-3", False),
    ]
