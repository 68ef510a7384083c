"""Northmoor's actions: three priorities, each with its clock and ladder, and closed in its own way."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from events.actions import ActionSet
from events.errors import Forbidden
from events.escalations import EscalationRaised
from projections.action_tracker import actions
from projections.published.standing import standing
from projections.store import open_store
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from services.open_obligations import open_obligations
from services.policy.actions import ActionRules
from services.policy.versions import Policies
from tests.given import Scene, given
from tests.northmoor.council import POLICY, QA, Line, act, allocated, desk, owed, people, returned, steps
from tests.projections.views import kept

FRIDAY = "2026-12-18T16:30"
RETURNED = [allocated("A-1", "2026-12-01"), *returned("A-1", "2026-12-10")]
NEVER = datetime(2027, 12, 1, tzinfo=UTC)


def action(priority: str | None, at: str = FRIDAY, name: str = "X-1", **fields: Any) -> Line:
    said = {"action": name, "text": "see the child", "owner": "P-SW-MASH"} | fields
    return act("action.set", at, **QA, audit="A-1", **(said if priority is None else said | {"priority": priority}))


def completed(at: str, name: str = "X-1") -> Line:
    who = {"actor": "P-TEAM-MANAGER-MASH", "role": "team_manager"}
    return act("action.complete", at, **who, audit="A-1", action=name, impact="the child was seen")


def confirmed(at: str, *names: str, actor: str = "P-SERVICE-MANAGER-SAFE") -> Line:
    named = {"actions": list(names)} if names else {}
    return act("action.confirm", at, actor, "service_manager", audit="A-1", **named)


def after(*lines: Line) -> Scene:
    return desk(*RETURNED, *lines)


def told(of: Scene) -> dict[str, set[str]]:
    """The holders whom each escalation of the actions was for."""
    facts = [each.fact for each in of.settled("A-1", NEVER).facts]
    raised = [each.fact for each in of.settled("A-1", NEVER).facts if isinstance(each.fact, EscalationRaised)]
    assert facts
    return {each.step: {str(who.holder) for who in each.recipients} for each in raised if each.key == "X-1"}


def test_a_p1_is_due_within_24_hours_and_climbs_by_the_hour() -> None:
    """NM-12, NM-13, NM-25, NM-27: whatever the day, at once at the hour, a day later and two days later."""
    held = after(action("P1"))
    [found] = owed(held, "action_p1")
    assert (found.due, found.due_at) == (date(2026, 12, 19), datetime(2026, 12, 19, 16, 30, tzinfo=UTC))
    assert steps(found) == {"overdue": "2026-12-19 16:30", "above": "2026-12-20 16:30", "top": "2026-12-21 16:30"}
    assert told(held) == {
        "overdue": {"P-TEAM-MANAGER-MASH", "P-SERVICE-MANAGER-SAFE"},
        "above": {"P-HEAD-OF-SERVICE-SAFE"},
        "top": {"P-DIRECTOR"},
    }


def test_a_p2_climbs_by_working_days_to_the_director() -> None:
    """NM-12, NM-13, NM-24: ten working days around the closure, then after 1, 5, 10 and 15."""
    held = after(action("P2"))
    [found] = owed(held, "action_p2")
    assert (str(found.due), found.due_at) == ("2027-01-11", None)
    assert steps(found) == {
        "late_1": "2027-01-12 09:00",
        "late_5": "2027-01-18 09:00",
        "late_10": "2027-01-25 09:00",
        "late_15": "2027-02-01 09:00",
    }
    assert [sorted(each) for each in told(held).values()] == [
        ["P-TEAM-MANAGER-MASH"],
        ["P-SERVICE-MANAGER-SAFE"],
        ["P-HEAD-OF-SERVICE-SAFE"],
        ["P-DIRECTOR"],
    ]


def test_a_p3_never_reaches_the_director() -> None:
    """NM-13: after 5, 10 and 20 working days, up to the Head of Service and no further."""
    held = after(action("P3"))
    [found] = owed(held, "action_p3")
    assert str(found.due) == "2027-01-25"
    assert list(steps(found).values()) == ["2027-02-01 09:00", "2027-02-08 09:00", "2027-02-22 09:00"]
    assert set().union(*told(held).values()) == {
        "P-TEAM-MANAGER-MASH",
        "P-SERVICE-MANAGER-SAFE",
        "P-HEAD-OF-SERVICE-SAFE",
    }


@pytest.mark.parametrize(("priority", "clock"), [("P1", "action_p1"), ("P2", "action_p2"), ("P3", "action_p3")])
def test_each_priority_has_its_own_clock_and_no_other(priority: str, clock: str) -> None:
    """NM-12: an action is owed once, by the clock of its priority."""
    held = after(action(priority))
    clocks = {name for name in ("action_p1", "action_p2", "action_p3") if owed(held, name)}
    assert clocks == {clock}


@pytest.mark.parametrize(
    ("priority", "said"),
    [(None, "priority: is needed: P1, P2, P3"), ("P4", "priority: unknown priority P4; there are P1, P2, P3")],
)
def test_an_action_has_one_of_the_priorities(priority: str | None, said: str) -> None:
    """NM-12: without one, or with another, it is refused."""
    assert after().when(action(priority)).refused("priority") == said


def test_where_there_are_no_priorities_none_is_taken() -> None:
    """A framework without priorities refuses one: no word is kept that means nothing."""
    torbay = given()
    line = {"command": "action.set", "authority": "torbay", "actor": "P-QA", "role": "qa_team", "at": "2026-03-02"}
    line |= {"audit": "A-1", "action": "X-1", "text": "t", "owner": "P-SW", "due": "2026-04-01"}
    allocate = {
        "command": "audit.allocate",
        "authority": "torbay",
        "actor": "P-QA",
        "role": "qa_team",
        "at": "2026-03-02",
    }
    allocate |= {"audit": "A-1", "child": "C-1", "team": "T-1", "worker": "P-SW", "auditor": "P-AUD"}
    torbay.do(allocate)
    assert torbay.when(line | {"priority": "P1"}).refused("priority") == "priority: unknown priority P1; there are none"
    assert [each.result for each in torbay.do(line)] == ["accepted"]


def test_the_closing_of_a_p1_is_confirmed_by_the_service_manager() -> None:
    """NM-14: completed by the Team Manager, confirmed after that; until then the confirmation is owed."""
    held = after(action("P1"), completed("2026-12-19T10:00"))
    [clock], [closing] = owed(held, "action_p1"), owed(held, "closing_p1")
    assert (clock.ended() is not None, closing.ended()) == (True, None)
    assert [each.result for each in held.do(confirmed("2026-12-19T11:00", "X-1"))] == ["accepted"]
    [closing] = owed(held, "closing_p1")
    assert closing.ended() is not None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([action("P1"), confirmed("2026-12-19T09:00", "X-1")], "actions: X-1 is not completed yet"),
        (
            [action("P2"), completed("2026-12-19T09:00"), confirmed("2026-12-19T10:00", "X-1")],
            "actions: X-1 is of priority P2: it is closed once it is completed",
        ),
        (
            [action("P2"), completed("2026-12-19T09:00"), confirmed("2026-12-19T10:00")],
            "actions: no action of this audit waits for confirmation",
        ),
    ],
)
def test_what_is_not_confirmed(lines: list[Line], said: str) -> None:
    """NM-14: what is not completed, and what is closed by that alone."""
    *before, last = lines
    assert after(*before).when(last).refused("actions").startswith(said)


def test_who_confirms_by_priority() -> None:
    """NM-14: a role that may confirm may do so only where the priority names it."""
    also = POLICY.model_copy(update={"acts": POLICY.acts | {"action.confirm": ("service_manager", "team_manager")}})
    held = desk(*RETURNED, action("P1"), completed("2026-12-19T09:00"), policy=also)
    tried = act("action.confirm", "2026-12-19T10:00", "P-TEAM-MANAGER-MASH", "team_manager", audit="A-1")
    assert held.when(tried).refused("actions") == "actions: no action of this audit waits for confirmation"
    named = held.when(tried | {"actions": ["X-1"]}).refused("role", error=Forbidden)
    assert named.startswith("role: team_manager does not confirm an action of priority P1")


def test_all_that_wait_are_those_that_are_confirmed() -> None:
    """NM-14: without a list, the service manager confirms what is completed and asks for it, and nothing else."""
    held = after(
        *(action(priority, name=name) for name, priority in (("X-1", "P1"), ("X-2", "P2"), ("X-3", "P1"))),
        *(completed("2026-12-19T09:00", name) for name in ("X-1", "X-2")),
        confirmed("2026-12-19T10:00"),
    )
    names = [each.fact.action for each in held.history("A-1") if each.fact.stored_name == "action.confirmed.v1"]  # type: ignore[attr-defined]  # an action's
    assert names == ["X-1"]


def test_what_a_person_sees(tmp_path: Path) -> None:
    """The tracker shows priority and hour, what is owed is overdue from that hour, and others are told once it is."""
    held = after(action("P1"))
    engine = open_store(f"sqlite:///{tmp_path}/view.db")
    events = [replace(each, position=number) for number, each in enumerate(held.history("A-1"), 1)]
    [row] = actions(kept(engine, "actions", events), "northmoor", as_of=date(2026, 12, 20))
    assert (row.priority, row.due_at, row.overdue_since) == (
        "P1",
        datetime(2026, 12, 19, 16, 30, tzinfo=UTC),
        date(2026, 12, 19),
    )
    [fact] = [each.fact for each in held.history("A-1") if isinstance(each.fact, ActionSet)]
    assert fact.sentence().endswith("(child, P1) was given to P-SW-MASH at audit, due 19 December 2026 at 16:30.")
    record, directory = CATALOGUE.record_of(held.history("A-1")), fold_directory(held.store.load(DIRECTORY))
    [kept_open] = [each for each in open_obligations(record, held.policies) if each["obligation"] == "action_p1"]
    assert kept_open["since"] == row.due_at
    states = {
        minute: [each.state for each in owed_by(record, held.policies, directory, at) if each.obligation == "action_p1"]
        for minute in (29, 30)
        for at in (datetime(2026, 12, 19, 16, minute, tzinfo=UTC),)
    }
    assert states == {29: ["open"], 30: ["overdue"]}
    [first, *_] = [
        each.fact for each in held.settled("A-1", NEVER).facts if getattr(each.fact, "obligation", "") == "action_p1"
    ]
    assert standing(held.history("A-1")).overdue(first) is not None, "it is overdue on the day of its hour"


def test_a_day_that_is_named_lasts_to_its_end() -> None:
    """A last day that somebody names has no hour: the steps are counted from the end of that day."""
    [found] = owed(after(action("P1", due="2026-12-21")), "action_p1")
    assert (str(found.due), found.due_at) == ("2026-12-21", None)
    assert steps(found)["overdue"] == "2026-12-22 00:00"


def test_an_open_audit_keeps_its_priorities() -> None:
    """NM-28: a new version that knows no priorities is for audits that begin under it."""
    newer = POLICY.model_copy(
        update={"version": "2", "effective_from": date(2026, 12, 15), "actions": ActionRules(priorities=())}
    )
    of = given(*people(), *RETURNED, authority="northmoor", policies=Policies("northmoor", (POLICY, newer)))
    assert of.when(action(None)).refused("priority").startswith("priority: is needed")
    assert [each.result for each in of.do(action("P2"))] == ["accepted"]
