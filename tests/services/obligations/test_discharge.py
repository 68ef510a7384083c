"""What meets an obligation: which acts, how many, by when, and that their order of recording changes nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from events.audits import AuditClosed
from events.reaudits import ExtraCompleted, ExtraWithdrawn
from events.sampling import FileModerated, ReturnCounted
from services.clock import LONDON
from services.obligations.engine import obligations
from services.obligations.model import Obligation, ended
from tests.given import Scene, given
from tests.histories import allocated, history
from tests.lives import Life, people
from tests.services.obligations.test_starts import ACTION, policies

RULE: dict[str, Any] = {
    "name": "tried",
    "title": "Tried",
    "source": ["TEST-1"],
    "owner": "qa_team",
    "trigger": {"events": ["audit.allocated"]},
    "due": "trigger + 4 weeks",
}


def audit() -> Life:
    return Life("torbay", "A-1")


def lived(rule: dict[str, Any], *lives: Life) -> Scene:
    return given(*people("torbay"), *lives, policies=policies({**RULE, **rule}))


def tried(desk: Scene, record: str = "A-1") -> Obligation:
    [found] = [each for each in obligations(desk.history(record), desk.policies) if each.name == "tried"]
    return found


def when_met(desk: Scene) -> str | None:
    since = tried(desk).met_since()
    return None if since is None else f"{since.astimezone(LONDON):%Y-%m-%d}"


def feedback(at: str, source: str, outcome: str = "attempted") -> Life:
    return audit().act("audit.record_feedback", at, "P-AUD", "auditor", source=source, outcome=outcome)


def graded(at: str, section: str, grade: str = "Meets good") -> Life:
    return audit().act("audit.grade_section", at, "P-AUD", "auditor", section=section, grade=grade)


SECTIONS = audit().policy.tool.sections[:2]
EACH = {"met_by": ["audit.feedback_recorded"], "met_each": {"source": ["child", "family"]}}


def test_each_of_the_values() -> None:
    """It is met with the last of them, and one of them twice is not both."""
    begun = audit().allocated("2026-03-02")
    once = feedback("2026-03-03", "child")
    assert when_met(lived(EACH, begun, once, feedback("2026-03-04", "child"))) is None
    assert when_met(lived(EACH, begun, once, feedback("2026-03-05", "family"))) == "2026-03-05"


def test_each_of_the_values_with_what_else_it_must_say() -> None:
    """Beside the value, each must say what the rule wants said."""
    rule = {"met_by": ["audit.section_graded"], "met_each": {"section": SECTIONS}, "met_when": {"grade": "Meets good"}}
    begun, [first, second] = audit().allocated("2026-03-02"), SECTIONS
    good, worse = graded("2026-03-03", first), graded("2026-03-04", second, "Does not meet good")
    assert when_met(lived(rule, begun, good, worse)) is None
    assert when_met(lived(rule, begun, good, worse, graded("2026-03-05", second))) == "2026-03-05"


@pytest.mark.parametrize(("fields", "met"), [({}, None), ({"met_earlier": True}, "2026-03-03")], ids=str)
def test_what_was_done_before(fields: dict[str, Any], met: str | None) -> None:
    """What had been done before its clock began counts where the rule says so, and there alone."""
    rule = {"trigger": {"events": ["audit.submitted"]}, "met_by": ["audit.feedback_recorded"], **fields}
    once = feedback("2026-03-03", "family")
    assert when_met(lived(rule, audit().allocated("2026-03-02"), once, audit().submitted("2026-03-10"))) == met


def test_all_confirmed_as_they_are_set() -> None:
    """An action that is confirmed at the instant at which it was set awaits nobody; one that is not, does."""
    rule = {"met_by": ["all actions confirmed"], "owner": "team_manager"}
    begun = audit().allocated("2026-03-02")
    set_at_once = audit().action("2026-03-03T10:00", "X-1", due="2026-03-20")
    assert when_met(lived(rule, begun, set_at_once)) is None
    assert when_met(lived(rule, begun, set_at_once, audit().confirmed("2026-03-03T10:00"))) == "2026-03-03"


def test_what_is_given_up_of_one_action() -> None:
    """An act about one action ends what is owed of that action, and of no other."""
    rule = {**ACTION, "met_by": ["obligation.met"], "until": {"events": ["action.completed"]}}
    actions = audit().action("2026-03-03", "X-1", due="2026-03-20").action("2026-03-03", "X-2", due="2026-03-20")
    done = audit().act("action.complete", "2026-03-05", "P-SW", "worker", action="X-1", impact="seen")
    desk = given(audit().allocated("2026-03-02"), actions, done, policies=policies(rule))
    found = [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == "tried"]
    assert [(each.key, (each.ended() or ("", ""))[1]) for each in found] == [("X-1", "cancelled"), ("X-2", "")]


NOON = datetime(2026, 3, 2, 12, tzinfo=LONDON)
LATER = NOON + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("met", "fell_away", "how"),
    [
        (None, None, None),
        (NOON, None, (NOON, "met")),
        (None, NOON, (NOON, "cancelled")),
        (NOON, LATER, (NOON, "met")),
        (LATER, NOON, (NOON, "cancelled")),
        (NOON, NOON, (NOON, "met")),
    ],
)
def test_how_it_ended(met: datetime | None, fell_away: datetime | None, how: object) -> None:
    """Whichever came first; what was met at the very instant at which it fell away was met."""
    assert ended(met, fell_away) == how


def test_an_instant_that_an_act_carries() -> None:
    """What the policy counts in hours from the act is owed at that instant, though the act carries the day."""
    rule = {**ACTION, "due": "trigger + 30 hours"}
    by_policy = given(
        *audit().allocated("2026-03-02"), *audit().action("2026-03-03T10:00", "X-1"), policies=policies(rule)
    )
    assert tried(by_policy).due_at == datetime(2026, 3, 4, 16, tzinfo=LONDON)


@pytest.mark.parametrize("void", ["A-8", "A-9"])
def test_of_several_acts_at_one_instant_the_last_that_stands_begins_the_next(void: str) -> None:
    """Two further files are completed at one instant, and one is voided: the next is owed, and none met it already."""
    rule = {"met_by": ["audit.extra_completed"], "again_every": "4 weeks", "until": {"events": ["audit.closed"]}}
    facts = [allocated(), *(ExtraCompleted(extra=each, concern=False) for each in ("A-8", "A-9"))]
    events = history([*facts, ExtraWithdrawn(extra=void, how="voided")])
    events[2] = replace(events[2], envelope=replace(events[2].envelope, occurred=events[1].envelope.occurred))
    found = [each for each in obligations(events, policies({**RULE, **rule})) if each.name == "tried"]
    assert [(each.key, (each.ended() or ("", "open"))[1]) for each in found] == [("", "met"), ("1-2", "open")]
    [standing] = [each for each in events if each.fact in facts[1:] and getattr(each.fact, "extra", "") != void]
    assert found[1].trigger is standing


def test_what_ends_it_may_be_on_record_before_the_act_that_met_it() -> None:
    """An act of an earlier day that is recorded after the closure met what was owed; the closure ended the next."""
    rule = {"met_by": ["audit.extra_completed"], "again_every": "4 weeks", "until": {"events": ["audit.closed"]}}
    begun, closed, late = history([allocated(), AuditClosed(), ExtraCompleted(extra="A-8", concern=False)])
    late = replace(late, envelope=replace(late.envelope, occurred=begun.envelope.occurred + timedelta(minutes=1)))
    found = obligations([begun, closed, late], policies({**RULE, **rule}))
    assert [(each.key, each.ended()) for each in found if each.name == "tried"] == [
        ("", (late.envelope.occurred, "met")),
        ("1-2", (closed.envelope.occurred, "cancelled")),
    ]


@pytest.mark.parametrize(("moderated", "how"), [("A-1", ["met", ""]), ("A-2", ["", "met"]), ("A-3", ["", ""])])
def test_what_is_owed_of_each_audit_of_a_month(moderated: str, how: list[str]) -> None:
    """What was moderated meets what its own return began, and of no other audit of that month."""
    trigger = {"events": ["month.return_counted"], "repeat": "each"}
    asked = policies({**RULE, "trigger": trigger, "met_by": ["month.file_moderated"]})
    returned = [ReturnCounted(audit=each, audit_type="full", grade=None) for each in ("A-1", "A-2")]
    done = FileModerated(audit=moderated, audit_type="full", grade=None, every=None, period="2026-01")
    events = history([("month/2026-01", each) for each in (*returned, done)])
    found = [each for each in obligations(events, asked) if each.name == "tried"]
    assert [(each.ended() or ("", ""))[1] for each in found] == how
