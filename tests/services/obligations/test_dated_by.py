"""Several rules may give a last day to what one event starts: it carries that of the first that it does start."""

from datetime import date, datetime
from typing import Any

import pytest

from services.clock import LONDON
from services.obligations.engine import obligations
from services.policy.model import ObligationRule
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.given import Scene, given
from tests.lives import TORBAY_LOWEST, Life

RETURN: dict[str, Any] = {
    "name": "tried",
    "title": "Tried",
    "source": ["TEST-1"],
    "owner": "auditor",
    "due": "trigger + 1 week",
    "met_by": ["audit.submitted"],
}
TASK: dict[str, Any] = {**RETURN, "per": "action", "owner": "action_owner", "met_by": ["action.completed"]}


def first_of(authority: str, *rules: dict[str, Any]) -> Scene:
    """A desk under the authority's framework with these rules before its own."""
    policy = SHIPPED[authority].newest
    more = tuple(ObligationRule.model_validate(rule) for rule in rules)
    framework = policy.model_copy(update={"obligations": (*more, *policy.obligations)})
    return given(authority=authority, policies=Policies(authority, (framework,)))


def dues(desk: Scene, *names: str) -> dict[str, date | None]:
    return {each.name: each.due for each in obligations(desk.history("A-1"), desk.policies) if each.name in names}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({}, True),
        ({"audit_types": ["full"]}, True),
        ({"audit_types": ["another"]}, False),
        ({"when": {"worker": "P-SW"}}, True),
        ({"when": {"worker": "P-ELSE"}}, False),
        ({"grade": "lowest"}, False),
        ({"was_not": "lowest"}, True),
        ({"given": ["audit.submitted"]}, False),
        ({"unless": ["audit.submitted"]}, True),
        ({"unless": ["audit.allocated"]}, True),
        ({"stage": "moderation"}, False),
    ],
    ids=str,
)
def test_an_audit_has_the_day_of_the_rule_that_it_starts(condition: dict[str, Any], *, holds: bool) -> None:
    """A rule whose condition does not hold dates no audit, and has no claim on a day that another rule gave."""
    desk = first_of("torbay", {**RETURN, "trigger": {"events": ["audit.allocated"], **condition}})
    desk.do(*Life("torbay", "A-1").allocated("2026-01-05"))
    week, month = date(2026, 1, 12), date(2026, 2, 2)
    tried = {"tried": week} if holds else {}
    found = dues(desk, "tried", "audit_return")
    assert desk.history("A-1")[0].fact.due == (week if holds else month)  # type: ignore[attr-defined]
    assert found == {**tried, "audit_return": month}


def test_a_stated_day_belongs_to_the_rule_that_starts() -> None:
    """A day that was given with the allocation moves the return; a rule for another type of audit changes nothing."""
    desk = first_of("torbay", {**RETURN, "trigger": {"events": ["audit.allocated"], "audit_types": ["another"]}})
    desk.do(*Life("torbay", "A-1").allocated("2026-01-05", due="2026-01-20"))
    assert dues(desk, "tried", "audit_return") == {"audit_return": date(2026, 1, 20)}


@pytest.mark.parametrize(
    ("condition", "days"),
    [
        ({"when": {"level": "service"}}, [14, 16, 30]),
        ({"when": {"level": "child"}}, [19, 16, 23]),
        ({"grade": "lowest"}, [19, 16, 23]),
        ({"grade": "below_good"}, [19, 16, 23]),
        ({"was": "lowest"}, [19, 16, 23]),
        ({"given": ["audit.submitted"]}, [19, 16, 23]),
        ({"given": ["audit.moderated"]}, [14, 16, 23]),
        ({"unless": ["audit.moderated"]}, [19, 16, 30]),
    ],
    ids=str,
)
def test_an_action_has_the_day_of_the_rule_that_it_starts(condition: dict[str, Any], days: list[int]) -> None:
    """Actions of a return and of a moderation ask every condition too, with the grade that came with them."""
    policy = SHIPPED["torbay"].newest
    one = {**TASK, "trigger": {"events": ["action.set"], **condition}}
    rest = {**TASK, "name": "rest", "due": "trigger + 2 days", "trigger": {"events": ["action.set"], "stage": "audit"}}
    late = {**rest, "name": "late", "due": "trigger + 2 weeks", "trigger": {"events": ["action.set"]}}
    assert policy.grade_set("lowest")
    desk = first_of("torbay", one, rest, late)
    action = {"text": "visit", "owner": "P-SW"}
    life = Life("torbay", "A-1").allocated("2026-01-05")
    life.submitted("2026-01-12", TORBAY_LOWEST, actions=[{"action": "X-1", **action}])
    life.action("2026-01-14", "X-2", due="2026-01-16")
    life.to_moderator("2026-01-14").moderated("2026-01-16", TORBAY_LOWEST, actions=[{"action": "X-3", **action}])
    desk.do(*life)
    found = {
        each.key: each.due for each in obligations(desk.history("A-1"), desk.policies) if each.rule.per == "action"
    }
    assert [found[key].day for key in ("X-1", "X-2", "X-3")] == days  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "due", "instant"),
    [
        ({}, date(2026, 1, 6), datetime(2026, 1, 6, 16, tzinfo=LONDON)),
        ({"due": "2026-01-06"}, date(2026, 1, 6), datetime(2026, 1, 6, 16, tzinfo=LONDON)),
        ({"due": "2026-01-09"}, date(2026, 1, 9), None),
    ],
    ids=["the policy's", "the same day", "another day"],
)
def test_a_day_that_the_policy_counts_in_hours(fields: dict[str, Any], due: date, instant: datetime | None) -> None:
    """Where the act carries the day that thirty hours come to, it is owed at that instant; else by its own."""
    desk = first_of("torbay", {**RETURN, "due": "trigger + 30 hours", "trigger": {"events": ["audit.allocated"]}})
    desk.do(*Life("torbay", "A-1").allocated("2026-01-05T10:00", **fields))
    [found] = [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == "tried"]
    assert (found.due, found.due_at) == (due, instant)
