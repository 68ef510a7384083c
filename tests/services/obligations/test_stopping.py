"""A clock that stands still and goes on, whatever it counts in and whenever it stops: what always holds of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.audits import AuditSubmitted
from events.base import Fact
from events.recorded import Recorded
from events.stopping import ClockResumed, ClockStopped
from services.clock import LONDON, local_date
from services.modules import CATALOGUE
from services.obligations.calendar import WorkingCalendar
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.checks import problems_of
from services.policy.model import ObligationRule
from services.policy.versions import Policies
from tests.northmoor.council import POLICY, allocated, desk

GROUND = "child missing"
BEGAN = datetime(2026, 3, 9, 9, 0, tzinfo=LONDON)
GIVEN = desk(allocated("A-1", BEGAN.isoformat())).history("A-1")
CALENDAR = WorkingCalendar.of(POLICY)
IN_HOURS = "trigger + 100 hours"
DUES = ("trigger + 8 working days", "trigger + 3 weeks", "trigger + 20 days", "trigger + 1 month", IN_HOURS)
DAYS = ("due - 3 working days", "due - 1 week", "due", "due + 1 working day", "due + 1 day", "trigger + 5 days")
HOURS = ("due", "due + 24 hours", "trigger + 30 hours")
OF_OTHERS = {"name": "a", "on": "audit_return.due", "kind": "notice", "to": ["qa_team"], "title": "A"}
MOMENTS = st.integers(0, 60 * 24 * 4).map(lambda quarters: BEGAN + timedelta(minutes=15 * quarters))

PAIRS = st.lists(MOMENTS, min_size=2, max_size=6).filter(lambda each: not len(each) % 2)


def rule(due: str, **fields: object) -> ObligationRule:
    """A clock that stops on the ground, with steps before, on and after its last day."""
    ladder = [
        {"name": f"step_{number}", "on": on, "kind": "notice", "to": ["qa_team"], "title": on}
        for number, on in enumerate(HOURS if "hours" in due else DAYS)
    ]
    head = {"name": "tried", "title": "Tried", "source": ["TEST-1"], "owner": "qa_team", "met_by": ["audit.submitted"]}
    said = {"trigger": {"events": ["audit.allocated"]}, "due": due, "ladder": ladder, "stops_for": [GROUND]}
    return ObligationRule.model_validate({**head, **said, **fields})


def after(due: str, *acts: tuple[datetime, Fact]) -> Obligation:
    """The clock of such a rule after these acts."""
    return owed_of((rule(due),), *acts)["tried"]


def owed_of(rules: tuple[ObligationRule, ...], *acts: tuple[datetime, Fact]) -> dict[str, Obligation]:
    """The clocks of some rules after these acts, by name."""
    policy = POLICY.model_copy(update={"obligations": rules})
    plain = GIVEN[0]  # the day of the return that the allocation carries is another clock's
    first = replace(plain, fact=plain.fact.model_copy(update={"due": None}))
    history = [first]
    for at, fact in acts:
        number = len(history) + 1
        envelope = replace(first.envelope, occurred=at, event_id=str(number))
        history.append(Recorded(first.originator_id, number, fact, envelope))
    return {each.name: each for each in obligations(history, Policies("northmoor", (policy,)))}


def stops(*instants: datetime) -> list[tuple[datetime, Fact]]:
    """Stops and resumptions in turn."""
    return [
        (at, ClockResumed(ground=GROUND, since=instants[number - 1]) if number % 2 else ClockStopped(ground=GROUND))
        for number, at in enumerate(instants)
    ]


def working(first: date, last: date) -> int:
    """The working days after one day, up to and with another."""
    return sum(CALENDAR.is_working(first + timedelta(days=each)) for each in range(1, (last - first).days + 1))


@settings(max_examples=300)
@given(due=st.sampled_from(DUES), instants=PAIRS)
def test_nothing_comes_earlier_and_nobody_is_told_twice(due: str, instants: Sequence[datetime]) -> None:
    """Whatever stops there are: no last day and no step is earlier for it, and each step is the same step."""
    plain, moved = after(due), after(due, *stops(*sorted(instants)))
    assert plain.due is not None
    assert moved.due is not None
    assert plain.overdue_from is not None
    assert moved.overdue_from is not None
    assert moved.overdue_from >= plain.overdue_from
    assert [each.identity for each in moved.rungs] == [each.identity for each in plain.rungs]
    assert all(now.due >= before.due for before, now in zip(plain.rungs, moved.rungs, strict=True))
    for since, until in zip(sorted(instants)[::2], sorted(instants)[1::2], strict=True):
        assert not since < moved.overdue_from < until, "it never falls due while it stands still"
    steps = {each.step: each.due for each in moved.rungs}
    if "hours" not in due:
        assert steps["step_2"] <= steps["step_3"], "the day itself comes before the day after"


@settings(max_examples=200)
@given(due=st.sampled_from(DUES[:4]), day=st.integers(0, 50), hours=st.tuples(st.integers(0, 14), st.integers(0, 14)))
def test_a_stop_of_no_days_changes_nothing(due: str, day: int, hours: tuple[int, int]) -> None:
    """What stops and goes on within a day moves no last day and no step of a clock that counts days."""
    first, last = (BEGAN + timedelta(days=day, hours=each) for each in sorted(hours))
    plain, moved = after(due), after(due, *stops(first, last))
    assert (moved.due, moved.rungs) == (plain.due, plain.rungs)


@settings(max_examples=200)
@given(instants=st.tuples(MOMENTS, MOMENTS))
def test_as_many_are_left_as_there_were(instants: tuple[datetime, datetime]) -> None:
    """Of working days as many are left after the stop as before it; of a span of days as many days."""
    since, until = sorted(instants)
    stopped, resumed = local_date(since), local_date(until)
    plain, moved = after(DUES[0]), after(DUES[0], *stops(since, until))
    assert plain.due is not None
    assert moved.due is not None
    if stopped < plain.due:
        assert working(resumed, moved.due) == working(stopped, plain.due)
    elif stopped > plain.due:
        assert moved.due == plain.due
    plain, moved = after(DUES[2]), after(DUES[2], *stops(since, until))
    assert plain.due is not None
    assert moved.due is not None
    if stopped < resumed and stopped <= plain.due:
        assert moved.due == CALENDAR.roll(plain.due + (resumed - stopped), "next")


@settings(max_examples=200)
@given(due=st.sampled_from(DUES), instants=st.lists(MOMENTS, min_size=1, max_size=5).filter(lambda each: len(each) % 2))
def test_while_it_stands_there_is_nothing_to_be_late_for(due: str, instants: Sequence[datetime]) -> None:
    """From the last stop on no step is offered, and what was not overdue by then is not."""
    ordered = sorted(instants)
    found = after(due, *stops(*ordered))
    assert found.stands is not None
    assert found.stands.since <= ordered[-1]
    assert all(each.due <= found.stands.since for each in found.rungs)
    assert found.overdue_from is None or found.overdue_from <= found.stands.since


@pytest.mark.parametrize(
    ("stop", "resume", "due"),
    [
        ("2026-03-09T19:00", "2026-03-09T19:00", "2026-03-13 13:00"),  # none at all
        ("2026-03-09T19:00", "2026-03-10T10:00", "2026-03-14 18:00"),  # ninety hours left from Wednesday's beginning
        ("2026-03-13T12:00", "2026-03-28T10:00", "2026-03-30 01:00"),  # an hour left, over the clocks' change
        ("2026-03-13T13:00", "2026-03-28T10:00", "2026-03-13 13:00"),  # it had passed
    ],
)
def test_hours_are_left_from_the_beginning_of_the_working_day_after(stop: str, resume: str, due: str) -> None:
    """A clock in hours has as many left as it had."""
    since, until = (datetime.fromisoformat(each).replace(tzinfo=LONDON) for each in (stop, resume))
    found = after(IN_HOURS, *stops(since, until))
    assert found.due_at is not None
    assert f"{found.due_at.astimezone(LONDON):%Y-%m-%d %H:%M}" == due


ONE = ("11T10", "13T10")
TWO = (*ONE, "16T10", "17T09")
OVER_WEEKENDS = ("13T10", "14T10", "15T10", "18T10")
FROM_BEFORE = ("08T10", "11T10")
STANDING = ("12T10", "13T10", "20T10")
"""Stops and resumptions in March, in turn; the clock began on Monday the 9th."""


@pytest.mark.parametrize(
    ("due", "instants", "days"),
    [
        (DUES[0], (), "03-16 03-12 03-19 03-20 03-20 03-14"),
        (DUES[0], ONE, "03-18 03-16 03-23 03-24 03-24 03-16"),  # two working days
        (DUES[0], TWO, "03-19 03-16 03-24 03-25 03-25 03-16"),  # and another one
        (DUES[0], OVER_WEEKENDS, "03-19 03-12 03-24 03-25 03-25 03-15"),  # none, and then three
        (DUES[0], ("12T08", "15T10"), "03-17 03-15 03-20 03-23 03-21 03-17"),  # a week before it, it stood still
        (DUES[0], FROM_BEFORE, "03-18 03-16 03-23 03-24 03-24 03-16"),
        (DUES[0], STANDING, "03-17 03-12 03-20 03-15"),  # what had come by the day on which it stopped again
        (DUES[1], (), "03-25 03-23 03-30 03-31 03-31 03-14"),
        (DUES[1], ONE, "03-27 03-25 04-01 04-02 04-02 03-16"),
        (DUES[1], TWO, "03-30 03-26 04-02 04-07 04-03 03-16"),  # Good Friday is no working day
        (DUES[1], OVER_WEEKENDS, "03-31 03-31 04-07 04-08 04-08 03-15"),  # a day and three, to Good Friday, so further
        (DUES[1], STANDING, "03-15"),
        (DUES[3], ONE, "04-08 04-06 04-13 04-14 04-14 03-16"),  # from Saturday to Monday
    ],
)
def test_last_days_and_steps_move_by_what_it_stood(due: str, instants: tuple[str, ...], days: str) -> None:
    """Of working days as many are left; what is counted in days moves by days, and off no day of work."""
    found = after(due, *stops(*map(in_march, instants)))
    assert [f"{each.due.astimezone(LONDON):%m-%d %H:%M}" for each in found.rungs] == [
        f"{each} 09:00" for each in days.split()
    ]


@pytest.mark.parametrize(
    ("instants", "instant"),
    [
        ((), "03-13 13:00"),
        (ONE, "03-18 03:00"),  # 51 hours are left from Monday's beginning
        (TWO, "03-19 17:00"),  # and 41 from that of Wednesday
        (OVER_WEEKENDS, "03-19 03:00"),  # it stood from Friday, on and on, with three hours left
        (FROM_BEFORE, "03-16 04:00"),  # all 100, from Thursday's beginning
    ],
)
def test_an_instant_moves_by_what_it_stood(instants: tuple[str, ...], instant: str) -> None:
    """As many hours are left as there were, however often it stops; a stop before it went on again takes none twice."""
    found = after(IN_HOURS, *stops(*map(in_march, instants)))
    assert found.due_at is not None
    assert f"{found.due_at.astimezone(LONDON):%m-%d %H:%M}" == instant


def test_what_stops_as_it_begins_or_ends_moves_nothing() -> None:
    """A stop that was over as the clock began, or that begins as it is met, is none of this clock's."""
    plain = after(DUES[0])
    assert after(DUES[0], *stops(in_march("06T10"), BEGAN)).rungs == plain.rungs
    met = in_march("11T10")
    found = after(DUES[0], (met, AuditSubmitted(grade="Good")), *stops(met, in_march("16T10")))
    assert (found.due, found.met_since(), found.rungs) == (plain.due, met, plain.rungs)


@pytest.mark.parametrize(
    ("instants", "listed"),
    [((), ["03-20"]), (ONE, ["03-24"]), (("11T10",), []), (("20T10",), ["03-20"])],
    ids=["runs", "ran on", "stands still", "had passed"],
)
def test_what_is_counted_from_a_day_that_stands_still(instants: tuple[str, ...], listed: list[str]) -> None:
    """Another clock's step on that day comes once the day has: not while it stands still, unless it had passed."""
    on = {"name": "listed", "on": "tried.due + 1 day", "kind": "notice", "to": ["qa_team"], "title": "Listed"}
    other = {**rule(DUES[0]).model_dump(), "name": "other", "due": None, "ladder": [on], "stops_for": []}
    found = owed_of((rule(DUES[0]), ObligationRule.model_validate(other)), *stops(*map(in_march, instants)))
    assert [f"{each.due.astimezone(LONDON):%m-%d}" for each in found["other"].rungs] == listed


def in_march(instant: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{instant}:00").replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"paused_by_agreed_date": True}, "say one of the two"),
        ({"due": None, "ladder": []}, "without a due date or a ladder nothing stands still"),
        ({"stops_for": [GROUND, GROUND]}, "the ground child missing stands twice"),
        ({"trigger": {"events": ["month.file_selected"]}, "met_by": []}, "only the clocks of an audit"),
        ({"due": None, "ladder": [OF_OTHERS]}, "audit_return.due moves with its own clock"),
    ],
)
def test_what_could_not_stop_is_refused(fields: dict[str, object], said: str) -> None:
    """A rule whose clock could not stop, or would be moved twice, is named with the reason."""
    tried = rule(DUES[0]).model_dump() | fields
    policy = POLICY.model_copy(update={"obligations": (*POLICY.obligations, ObligationRule.model_validate(tried))})
    problems = [what for key, what in problems_of(policy, CATALOGUE.known) if key[-1] == "stops_for"]
    assert any(said in each for each in problems), problems


def test_somebody_must_be_able_to_stop_it() -> None:
    """A framework that stops clocks gives both acts to somebody."""
    policy = POLICY.model_copy(update={"acts": POLICY.acts | {"audit.resume_clock": ()}})
    said = {what for key, what in problems_of(policy, CATALOGUE.known) if key[-1] == "stops_for"}
    assert said == {"nobody may do that: no role has audit.resume_clock in `acts`"}
