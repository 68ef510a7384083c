"""Northmoor's clocks that stand still while a child is missing or somebody is ill, and go on the next working day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from events.audits import AuditAllocated
from events.errors import NotFound, Refused
from events.escalations import EscalationRaised, NoticeSent
from events.recorded import Recorded
from events.registry import encode
from events.stopping import ClockResumed, ClockStopped
from projections.action_tracker import actions
from projections.counted_records import Told, begun, take_of_audit
from projections.register import register
from projections.store import open_store
from services.clock import local_date
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from services.obligations.engine import obligations
from services.obligations.steps import identity_of
from services.open_obligations import open_obligations
from tests.northmoor.council import QA, Line, act, allocated, desk, owed, returned, steps
from tests.northmoor.test_actions import action, completed
from tests.projections.views import kept

MISSING, ILL = "child missing", "sick leave of the auditor"
GIVEN = allocated("A-1", "2026-03-02T09:00")  # due on 23 March
MONDAY, WEDNESDAY = "2026-03-09T10:00", "2026-03-11T10:00"


def stopped(at: str, ground: str = MISSING, **fields: str) -> Line:
    return act("audit.stop_clock", at, **QA, audit="A-1", ground=ground, **fields)


def resumed(at: str, ground: str = MISSING, **fields: str) -> Line:
    return act("audit.resume_clock", at, **QA, audit="A-1", ground=ground, **fields)


def test_the_return_has_as_many_working_days_left_as_it_had() -> None:
    """NM-26: two working days of standing still, and the last day with its whole ladder comes two later."""
    before = owed(desk(GIVEN), "audit_return")[0]
    [after] = owed(desk(GIVEN, stopped(MONDAY), resumed(WEDNESDAY)), "audit_return")
    assert (str(before.due), str(after.due)) == ("2026-03-23", "2026-03-25")
    assert steps(after) == {
        "reminder": "2026-03-20 09:00",
        "late": "2026-03-26 09:00",
        "later": "2026-04-02 09:00",
        "latest": "2026-04-13 09:00",  # around Easter
    }


def test_while_it_stands_nothing_is_overdue_and_nobody_is_told(tmp_path: Path) -> None:
    """NM-26: weeks after the day that it had it is not late, no step is offered, and every view says why."""
    held = desk(GIVEN, action_on_the_audit(), stopped(MONDAY))
    long_after = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    [found] = owed(held, "audit_return")
    assert (found.rungs, found.overdue_from, found.stands and found.stands.ground) == ((), None, MISSING)
    settled = held.settled("A-1", long_after)
    assert [each.fact for each in settled.facts if isinstance(each.fact, NoticeSent | EscalationRaised)] == []
    assert settled.pending == ()
    record, directory = CATALOGUE.record_of(held.history("A-1")), fold_directory(held.store.load(DIRECTORY))
    told = {each.obligation: each for each in owed_by(record, held.policies, directory, long_after)}
    assert {told[name].state for name in ("audit_return", "family_feedback", "action_p2")} == {"stands still"}
    assert told["audit_return"].stands_since == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    rows = {each["obligation"]: each for each in open_obligations(record, held.policies)}
    assert (rows["action_p2"]["since"], rows["action_p2"]["stands_because"]) == (None, MISSING)
    engine = open_store(f"sqlite:///{tmp_path}/view.db")
    events = [replace(each, position=number) for number, each in enumerate(held.history("A-1"), 1)]
    [audit] = register(kept(engine, "register", events), "northmoor", as_of=date(2026, 6, 1))
    assert (audit.late, audit.stands_since, audit.stands_because) == (False, date(2026, 3, 9), MISSING)
    [row] = actions(kept(engine, "actions", events), "northmoor", as_of=date(2026, 6, 1))
    assert (row.overdue_since, row.stands_since, row.stands_because) == (None, date(2026, 3, 9), MISSING)


def action_on_the_audit(priority: str = "P2", at: str = "2026-03-04T10:00") -> Line:
    return action(priority, at)


def test_the_views_have_the_days_that_the_clock_has(tmp_path: Path) -> None:
    """NM-26: once it goes on, register and tracker show the moved days, as what is owed does."""
    held = desk(GIVEN, action_on_the_audit(), stopped(MONDAY), resumed(WEDNESDAY))
    due = {name: owed(held, name)[0].due for name in ("audit_return", "action_p2")}
    engine = open_store(f"sqlite:///{tmp_path}/view.db")
    events = [replace(each, position=number) for number, each in enumerate(held.history("A-1"), 1)]
    [audit] = register(kept(engine, "register", events), "northmoor", as_of=due["audit_return"])
    assert (audit.due, audit.late, audit.stands_since) == (due["audit_return"], False, None)
    [row] = actions(kept(engine, "actions", events), "northmoor", as_of=date(2026, 6, 1))
    assert (row.due, row.original_due, row.stands_since) == (due["action_p2"], date(2026, 3, 18), None)
    assert row.overdue_since == date(2026, 3, 21)
    facts = [each.fact for each in held.history("A-1")]
    said = [each.sentence() for each in facts if isinstance(each, ClockStopped | ClockResumed)]
    assert said == [
        "The clock of the audit stands still from now on: child missing.",
        (
            "The clock of the audit goes on, which stood still since 9 March 2026 (child missing); "
            "the return is now due 25 March 2026; action X-1 is now due 20 March 2026."
        ),
    ]


def counted(event: Recorded, position: int) -> Told:
    """An event as the timeline holds it, for who counts."""
    at, who = event.envelope.occurred, event.envelope
    name, body = event.fact.stored_name, encode(event.fact).decode()
    where = (event.originator_id, event.originator_version, position)
    return Told(*where, at, local_date(at), who.actor, who.role, who.policy_version, name, body)


@pytest.mark.parametrize(("ends", "overdue"), [((), False), ((resumed("2026-03-25T10:00"),), True)])
def test_a_report_counts_by_the_clock(ends: tuple[Line, ...], *, overdue: bool) -> None:
    """NM-22, NM-26: what stands still is not counted as overdue; once it goes on it is, from its new day."""
    held = desk(GIVEN, action_on_the_audit(), stopped(MONDAY), *ends)
    told = [counted(each, number) for number, each in enumerate(held.history("A-1"), 1)]
    first = told[0].fact
    assert isinstance(first, AuditAllocated)
    audit = begun(told[0], first)
    for each in told:
        take_of_audit(audit, each)
    assert audit.overdue_on(date(2026, 5, 1)) is overdue
    assert audit.actions["X-1"].overdue_on(date(2026, 5, 1)) is overdue
    assert not audit.overdue_on(date(2026, 4, 2))


def test_p1_goes_on_with_the_hours_that_it_had_left_from_the_next_working_day() -> None:
    """NM-12, NM-26: ten of 24 hours were gone; the others run from the beginning of Monday, in summer too."""
    set_on_friday = action_on_the_audit("P1", "2026-03-27T06:00")
    stood = (stopped("2026-03-27T16:00"), resumed("2026-03-28T11:00"))
    held = desk(GIVEN, *returned("A-1", "2026-03-20"), set_on_friday, *stood)
    [found] = owed(held, "action_p1")
    # Sunday 29 March has 23 hours. Monday begins at 23:00 UTC of Sunday; 14 hours after that it is 14:00 in England.
    assert found.due_at == datetime(2026, 3, 30, 13, 0, tzinfo=UTC)
    assert steps(found) == {"overdue": "2026-03-30 14:00", "above": "2026-03-31 14:00", "top": "2026-04-01 14:00"}


def test_one_action_alone() -> None:
    """NM-26: with an action named, the clock of that one stands still and no other."""
    held = desk(
        GIVEN,
        action("P2", "2026-03-04T10:00"),
        action("P2", "2026-03-04T10:00", name="X-2"),
        stopped(MONDAY, action="X-1"),
        resumed(WEDNESDAY, action="X-1"),
    )
    assert {each.key: str(each.due) for each in owed(held, "action_p2")} == {"X-1": "2026-03-20", "X-2": "2026-03-18"}
    assert str(owed(held, "audit_return")[0].due) == "2026-03-23"


def test_a_ground_stops_what_names_it() -> None:
    """NM-26: the auditor's illness stops the audit, and no action: that is the worker's."""
    held = desk(GIVEN, action_on_the_audit(), stopped(MONDAY, ILL))
    assert {name: owed(held, name)[0].stands is not None for name in ("audit_return", "action_p2")} == {
        "audit_return": True,
        "action_p2": False,
    }


def test_two_grounds_at_once_count_once() -> None:
    """NM-26: the child missing from Monday to Wednesday, the auditor ill from Tuesday to Thursday: three days."""
    held = desk(GIVEN, stopped(MONDAY), stopped("2026-03-10", ILL), resumed(WEDNESDAY))
    assert owed(held, "audit_return")[0].stands is not None
    held.do(resumed("2026-03-12T10:00", ILL))
    assert str(owed(held, "audit_return")[0].due) == "2026-03-26"


def test_what_was_overdue_stays_so_and_what_was_done_meanwhile_is_in_time() -> None:
    """NM-26: a stop after the last day moves no last day; a return while it stands still is in time."""
    late = desk(GIVEN, stopped("2026-03-25"), resumed("2026-03-27"))
    assert (str(owed(late, "audit_return")[0].due), steps(owed(late, "audit_return")[0])["late"]) == (
        "2026-03-23",
        "2026-03-24 09:00",
    )
    assert steps(owed(late, "audit_return")[0])["later"] == "2026-04-02 09:00", "what was to come is moved"
    back = desk(GIVEN, stopped("2026-03-20"), *returned("A-1", "2026-03-30"), resumed("2026-04-02T10:00"))
    [found] = owed(back, "audit_return")
    assert found.due is not None
    assert found.due >= date(2026, 3, 30)


def test_nobody_is_told_twice() -> None:
    """NM-26: what was told before the stop is not told again on the moved day; what was to come is told once."""
    held = desk(GIVEN, now=datetime(2026, 3, 19, 12, 0, tzinfo=UTC))
    held.keep("A-1")
    held.now = datetime(2026, 6, 1, tzinfo=UTC)
    held.do(stopped("2026-03-19T13:00"), resumed("2026-03-31T13:00"))
    held.keep("A-1")
    told = [
        identity_of(each.fact)
        for each in held.history("A-1")
        if isinstance(each.fact, NoticeSent | EscalationRaised) and each.fact.obligation == "audit_return"
    ]
    assert sorted(each[1] for each in told) == ["late", "later", "latest", "reminder"]


@pytest.mark.parametrize(
    ("lines", "field", "said"),
    [
        ([stopped(MONDAY, "holiday")], "ground", "no clock here runs and stops for holiday; grounds: child missing, "),
        ([stopped(MONDAY), stopped(WEDNESDAY)], "ground", "it stands still for that since 9 Mar 2026 10:00"),
        ([resumed(WEDNESDAY)], "ground", "nothing stands still for child missing; what stands still: none"),
        ([stopped(WEDNESDAY), resumed(MONDAY)], "at", "it stands still since 11 Mar 2026 10:00"),
        ([stopped(MONDAY, action="X-9")], "action of this audit,", "X-9"),
        (
            [stopped(MONDAY), resumed(WEDNESDAY), stopped("2026-03-10")],
            "at",
            "its clock went on after that, on 11 Mar 2026 10:00",
        ),
        (
            [action_on_the_audit(), completed("2026-03-05"), stopped(MONDAY, action="X-1")],
            "ground",
            "no clock here runs and stops for child missing",
        ),
    ],
)
def test_what_does_not_stop(lines: list[Line], field: str, said: str) -> None:
    """NM-26: a ground that is none, a second stop, an end without a beginning, and what has ended."""
    *before, last = lines
    desk(GIVEN, *before).when(last).refused(field, said, error=NotFound if "of this" in field else Refused)


@pytest.mark.parametrize(
    ("ground", "standing"),
    [
        (MISSING, {"audit_return", "family_feedback", "panel_moderation", "action_p1", "action_p2", "action_p3"}),
        (ILL, {"audit_return", "family_feedback"}),
        ("sick leave of the worker", {"audit_return", "family_feedback", "action_p1", "action_p2", "action_p3"}),
    ],
)
def test_which_clocks_a_ground_stops(ground: str, standing: set[str]) -> None:
    """NM-26: the child's stops all; the auditor's illness the audit, the worker's that and the actions."""
    drawn = act("sample.draw", "2026-04-01", **QA, purpose="panel_moderation", month="2026-03")
    set_now = [action(priority, "2026-04-01T10:00", name=f"X-{priority}") for priority in ("P1", "P2", "P3")]
    out = desk(GIVEN, stopped(MONDAY, ground))
    back = desk(GIVEN, *returned("A-1", "2026-03-10"), drawn, *set_now, stopped("2026-04-01T11:00", ground))
    found = {
        each.name
        for of in (out, back)
        for each in obligations(of.history("A-1"), of.policies)
        if each.stands is not None
    }
    assert found == standing
