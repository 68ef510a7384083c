"""Actions: set, given a later date, completed, confirmed; and what each is refused for."""

from typing import Any

import pytest

from events.actions import ActionSet
from events.errors import Forbidden, NotFound, Refused
from tests.given import fact, given
from tests.histories import sealed
from tests.lives import QA, Life, Line
from tests.services.audits.scenes import life


def with_actions(*names: str) -> Life:
    """An audit with those actions, set on 10 March 2026 and due on 1 April."""
    found = life().allocated("2026-03-02")
    for name in names:
        found.action("2026-03-10", name, due="2026-04-01")
    return found


def act(command: str, at: str, *, actor: str = "P-QA", role: str = "qa_team", **fields: Any) -> Line:
    [line] = life().act(f"action.{command}", at, actor, role, **fields)
    return line


def test_one_name_for_one_action() -> None:
    """Two actions of one return have two names, like those of one audit."""
    twice = [{"action": "X-1", "text": each, "owner": "P-SW", "due": "2026-04-01"} for each in ("visit", "write")]
    *before, submit = life().allocated("2026-03-02").submitted("2026-03-10", actions=twice)
    given(*before).when(submit).refused("action", "X-1 is already an action here")


@pytest.mark.covers("TOR-58", "TOR-102")
def test_an_action_has_an_owner_and_a_date() -> None:
    """An action is set with its owner, its date and its text sealed, and is owed until it is done."""
    set_now = life().action("2026-03-10", "X-1", due="2026-04-01")
    text = sealed("visit the child")
    desk = (
        given(*with_actions())
        .when(set_now)
        .then(fact("action.set", text=text, owner="P-SW", due="2026-04-01", level="child", stage="audit"))
    )
    assert [each.key for each in desk.owed("action")] == ["X-1"]
    done = act("complete", "2026-03-20", actor="P-SW", role="action_owner", action="X-1", impact="seen")
    desk.when(done).then(fact("action.completed", action="X-1", impact="seen"))
    assert desk.owed("action") == []


def test_an_action_for_the_same_day() -> None:
    """What is to be done today is set today."""
    given(*with_actions()).when(*life().action("2026-03-10", "X-1", due="2026-03-10")).then(
        fact("action.set", due="2026-03-10")
    )


@pytest.mark.covers("TOR-59")
def test_strategic_actions_stand_apart() -> None:
    """An action for the service or for strategy says so."""
    given(*with_actions()).when(*life().action("2026-03-10", "X-1", due="2026-04-01", level="strategic")).then(
        fact("action.set", level="strategic")
    )


@pytest.mark.covers("HAL-66", "HAL-68")
def test_halton_dates_its_actions_by_their_stage() -> None:
    """Without a date an action is due five working days after the audit, or after the moderation that set it."""
    task = {"text": "visit", "owner": "P-SW"}
    whole = (
        life(authority="halton")
        .allocated("2026-04-07")
        .submitted("2026-04-17", "Good", actions=[{"action": "X-1", **task}])
    )
    whole.to_moderator("2026-04-20").moderated("2026-05-01", actions=[{"action": "X-2", **task}])
    found = [each.fact for each in given(*whole, authority="halton").history("A-1") if isinstance(each.fact, ActionSet)]
    assert [(fact.action, fact.stage, str(fact.due)) for fact in found] == [
        ("X-1", "audit", "2026-04-24"),
        ("X-2", "moderation", "2026-05-11"),
    ]


@pytest.mark.covers("HAL-67", "A-TOR-06")
def test_a_later_date_is_agreed() -> None:
    """A later date is recorded with the person who agreed to it, and the earlier one stays in the record."""
    (
        given(*with_actions("X-1"))
        .when(act("redate", "2026-03-20", action="X-1", due="2026-05-01", reason="court date"))
        .then(fact("action.redated", due="2026-05-01", agreed_by="P-QA"))
    )


@pytest.mark.covers("TOR-103")
def test_a_completion_says_what_difference_it_made() -> None:
    """The owner completes an action with its impact; the impact is needed."""
    done = {"actor": "P-SW", "role": "action_owner", "action": "X-1"}
    desk = given(*with_actions("X-1"))
    desk.when(act("complete", "2026-03-20", **done)).refused("impact")
    desk.when(act("complete", "2026-03-20", **done, impact="seen and safe")).then(
        fact("action.completed", impact="seen and safe")
    )


@pytest.mark.covers("TOR-106")
def test_a_confirmation_without_a_list_confirms_all_that_waited() -> None:
    """Confirming without a list takes every action that had been set by then, and none that was set later."""
    team = {"actor": "P-TM", "role": "team_manager"}
    desk = given(*with_actions("X-1", "X-2"), *life().action("2026-03-20", "X-3", due="2026-04-01"))
    desk.when(act("confirm", "2026-03-15", **team)).then(
        fact("action.confirmed", action="X-1"), fact("action.confirmed", action="X-2")
    )
    desk.when(act("confirm", "2026-03-21", **team)).then(fact("action.confirmed", action="X-3"))


OWNER = {"role": "action_owner", "action": "X-1", "impact": "safe"}
TEAM = {"actor": "P-TM", "role": "team_manager"}
REFUSALS = [
    ("the same action twice", [], life().action("2026-03-11", "X-1", due="2026-04-01").lines[0], "action"),
    ("no date where the policy gives none", [], life().action("2026-03-11", "X-9").lines[0], "due"),
    ("a date before it is set", [], life().action("2026-03-11", "X-9", due="2026-03-10").lines[0], "due"),
    ("set before the allocation", [], life().action("2026-03-01", "X-9", due="2026-04-01").lines[0], "at"),
    ("an equal date", [], act("redate", "2026-03-20", action="X-1", due="2026-04-01"), "due"),
    ("an earlier date", [], act("redate", "2026-03-20", action="X-1", due="2026-03-25"), "due"),
    ("redated before it was set", [], act("redate", "2026-03-05", action="X-1", due="2026-05-01"), "at"),
    ("completed by somebody else", [], act("complete", "2026-03-20", actor="P-2", **OWNER), "actor"),
    ("completed before it was set", [], act("complete", "2026-03-09", actor="P-SW", **OWNER), "at"),
    (
        "completed twice",
        [act("complete", "2026-03-20", actor="P-SW", **OWNER)],
        act("complete", "2026-03-21", actor="P-SW", **OWNER),
        "action",
    ),
    ("confirmed before it was set", [], act("confirm", "2026-03-09", actions=["X-1"], **TEAM), "at"),
    ("nothing to confirm", [act("confirm", "2026-03-20", **TEAM)], act("confirm", "2026-03-21", **TEAM), "actions"),
    (
        "confirmed twice",
        [act("confirm", "2026-03-20", **TEAM)],
        act("confirm", "2026-03-21", actions=["X-1"], **TEAM),
        "action",
    ),
    (
        "redated after confirmation",
        [act("confirm", "2026-03-20", **TEAM)],
        act("redate", "2026-03-21", action="X-1", due="2026-05-01"),
        "action",
    ),
    ("confirmed by a role without the act", [], act("confirm", "2026-03-20"), "role"),
]


SAID = {
    "the same action twice": "action: X-1 is already an action here",
    "no date where the policy gives none": "due: action X-9 needs a date: the policy gives none at this stage",
    "a date before it is set": "due: 2026-03-10 is before the day on which the action is set",
    "set before the allocation": "at: 2026-03-01 is before its cause, the audit of 2026-03-02",
    "an equal date": "due: 2026-04-01 is not later than 2026-04-01",
    "redated before it was set": "at: 2026-03-05 is before X-1 was set, on 2026-03-10",
    "completed twice": "action: X-1 is already completed",
    "nothing to confirm": "actions: no action of this audit waits for confirmation",
    "confirmed twice": "action: X-1 is already confirmed",
    "redated after confirmation": "action: X-1 is already confirmed",
}
"""The whole of what is said of some."""


@pytest.mark.parametrize(
    ("before", "tried", "field", "said"),
    [pytest.param(before, tried, field, SAID.get(name), id=name) for name, before, tried, field in REFUSALS],
)
def test_what_is_refused(before: list[Line], tried: Line, field: str, said: str | None) -> None:
    """A command about an action that breaks a rule is refused, names the field, and leaves nothing behind."""
    error = Forbidden if field in {"actor", "role"} else Refused
    found = given(*with_actions("X-1"), *before).when(tried).refused(field, error=error)
    assert said in (None, found)


@pytest.mark.parametrize("command", ["redate", "complete", "confirm"])
def test_an_action_that_there_is_none_of(command: str) -> None:
    """A command about an action that was never set finds none."""
    fields: dict[str, Line] = {
        "redate": {"action": "X-9", "due": "2026-05-01"},
        "complete": {"action": "X-9", "impact": "safe", "actor": "P-TM", "role": "team_manager"},
        "confirm": {"actions": ["X-9"], "actor": "P-TM", "role": "team_manager"},
    }
    given(*with_actions("X-1")).when(act(command, "2026-03-20", **fields[command])).refused(
        "action of audit A-1,", error=NotFound
    )


@pytest.mark.parametrize("late", ["redate", "complete", "confirm"])
def test_each_action_has_its_own_beginning(late: str) -> None:
    """An act dated before its own action was set is refused, though another action had been set by then."""
    desk = given(*with_actions("X-1"), *life().action("2026-03-20", "X-2", due="2026-04-01"))
    fields: dict[str, Line] = {
        "redate": {"action": "X-2", "due": "2026-05-01"},
        "complete": {"action": "X-2", "impact": "safe", "actor": "P-TM", "role": "team_manager"},
        "confirm": {"actions": ["X-2"], "actor": "P-TM", "role": "team_manager"},
    }
    desk.when(act(late, "2026-03-15", **fields[late])).refused("at")


class TestByHand:
    """What is owed and met by hand, and escalations that people answer."""

    @pytest.mark.covers("HAL-60", "HAL-61")
    def test_an_obligation_is_met_once_and_not_before_it_is_owed(self) -> None:
        """A tracker is sent once, after the moderation that asks for it, and only if it is owed."""
        whole = life(authority="halton").allocated("2026-03-07").submitted("2026-03-12", "Good")
        whole.to_moderator("2026-03-13").moderated("2026-03-24")
        desk = given(*whole, authority="halton")

        def meet(at: str, obligation: str = "action_tracker") -> Line:
            [line] = life(authority="halton").act("obligation.meet", at, **QA, obligation=obligation)
            return line

        desk.when(meet("2026-03-23")).refused("at")
        desk.when(meet("2026-03-26", "reaudit")).refused("obligation")
        desk.when(meet("2026-03-26")).then(fact("obligation.met", obligation="action_tracker"))
        desk.when(meet("2026-03-27")).refused("obligation")

    def test_an_escalation_is_acknowledged_and_resolved_once(self) -> None:
        """An escalation is acknowledged once and resolved once, never before it was due."""
        desk = given(*life().allocated("2026-01-05"))
        desk.keep("A-1")
        named = {"obligation": "audit_return", "step": "outstanding_list"}

        def answer(command: str, at: str, **fields: Any) -> Line:
            [line] = life().act(f"escalation.{command}", at, "P-SM", "service_manager", **(named | fields))
            return line

        desk.when(answer("acknowledge", "2026-02-01")).refused("at")
        desk.when(answer("acknowledge", "2026-02-04", step="invented")).refused(
            "escalation of audit A-1,", error=NotFound
        )
        desk.when(answer("acknowledge", "2026-02-04")).then(fact("escalation.acknowledged", **named))
        desk.when(answer("acknowledge", "2026-02-05")).refused("step")
        desk.when(answer("resolve", "2026-02-06", note="returned on paper")).then(
            fact("escalation.resolved", **named, note="returned on paper")
        )
        desk.when(answer("resolve", "2026-02-07", note="again")).refused("step")
