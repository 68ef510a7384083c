"""Nobody is told twice and nothing is lost when hours, days or offsets are changed under recorded history."""

from collections import Counter
from contextlib import nullcontext
from datetime import date, datetime, timedelta

import hypothesis
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from events.escalations import EscalationRaised, EscalationResolved, NoticeLapsed, NoticeSent, Step
from services.obligations.steps import identity_of
from services.policy.model import Policy
from tests.desks import LONG_AFTER, TestDesk
from tests.given import Scene, at, given
from tests.lives import QA, Life, Line
from tests.services.escalations import knobs
from tests.walks import AUDIT, FIRST_DAY, imported, walks

OPEN_ACTION = {"action": "X-1", "text": "visit", "owner": "P-SW", "due": "2026-03-01"}
CLOCK = "team_confirmation"
BEFORE = pytest.mark.parametrize("earlier", [False, True], ids=["recorded today", "recorded by an earlier edition"])
NOW = "2026-04-09 12:00"


def messages(desk: TestDesk, audit: str = AUDIT) -> list[tuple[str, str, str]]:
    """Every message with the event that it followed from, as its envelope says."""
    return [
        (each.fact.obligation, each.fact.step, each.envelope.causation)
        for each in desk.history(audit)
        if isinstance(each.fact, NoticeSent | EscalationRaised)
    ]


def requests(desk: TestDesk) -> list[str]:
    return [step for obligation, step, _ in messages(desk) if obligation == CLOCK]


def after_two_requests(*, earlier: bool) -> Scene:
    """An audit moderated on 2 March whose action nobody confirms: both requests are recorded, the lapse is to come."""
    life = Life("torbay", AUDIT).allocated("2026-02-09").submitted("2026-02-20", actions=[OPEN_ACTION])
    life.to_moderator("2026-02-23").moderated("2026-03-02")
    desk = given(*life, policies=knobs.policies(knobs.TORBAY), live=True)
    for now in ("2026-03-23 08:00", "2026-04-08 08:00", NOW):
        desk.seen_on(now)
    assert requests(desk) == ["first_request", "second_request"]
    assert desk.coming(AUDIT) == [("escalation", at("2026-04-21 00:00"))]
    if earlier:
        knobs.as_recorded_before(desk)
    return desk


@BEFORE
@pytest.mark.parametrize("knob", knobs.KNOBS)
def test_a_turned_knob_tells_nobody_again(knob: str, earlier: bool) -> None:  # noqa: FBT001 - from the table
    """Edited within a version, no knob has a recorded step said again, and the one to come still comes, once."""
    desk = after_two_requests(earlier=earlier)
    desk.policies = knobs.policies(knobs.KNOBS[knob](knobs.TORBAY))
    desk.on(NOW).nothing()
    assert [step for step, _ in desk.coming(AUDIT)] == ["escalation"]
    for day in range(60):
        desk.keep(AUDIT, at(NOW) + timedelta(days=day))
    assert requests(desk) == ["first_request", "second_request", "escalation"]


@BEFORE
def test_a_new_bank_holiday_tells_nobody_again(earlier: bool) -> None:  # noqa: FBT001 - from the table
    """Bank holidays that a newer calendar knows move what is to come, and nothing that was recorded."""
    desk = after_two_requests(earlier=earlier)
    for day in (date(2026, 3, 10), date(2026, 4, 20)):
        with knobs.one_more_bank_holiday(day):
            desk.on(NOW).nothing()
    with knobs.one_more_bank_holiday(date(2026, 4, 20)):
        assert desk.coming(AUDIT) == [("escalation", at("2026-04-22 00:00"))]
        desk.keep(AUDIT, LONG_AFTER)
    assert requests(desk) == ["first_request", "second_request", "escalation"]


@BEFORE
@pytest.mark.parametrize("knob", knobs.KNOBS)
def test_a_new_version_leaves_a_running_clock_alone(knob: str, earlier: bool) -> None:  # noqa: FBT001 - from the table
    """A later version with a turned knob neither repeats nor moves a step of a clock that began before it."""
    desk = after_two_requests(earlier=earlier)
    later = {"version": "2", "effective_from": date(2026, 4, 9)}
    desk.policies = knobs.policies(knobs.TORBAY, knobs.KNOBS[knob](knobs.TORBAY).model_copy(update=later))
    desk.on(NOW).nothing()
    assert desk.coming(AUDIT) == [("escalation", at("2026-04-21 00:00"))]


def test_an_edited_offset_moves_only_what_is_to_come() -> None:
    """Two steps get new offsets: the recorded one stays as it was, the other comes on its new day."""
    desk = after_two_requests(earlier=False)
    policy = knobs.offset_of(CLOCK, "escalation", "due + 3 days")(knobs.TORBAY)
    desk.policies = knobs.policies(knobs.KNOBS["later"](policy))
    desk.on(NOW).nothing()
    assert desk.coming(AUDIT) == [("escalation", at("2026-04-23 00:00"))]


def only_after_a_meeting(policy: Policy) -> Policy:
    """Torbay's framework, but that a concern raises its alert only once auditor and practitioner have met."""
    alerts = []
    for alert in policy.alerts:
        given = ("audit.meeting_recorded",) if alert.name == "safety_concern" else alert.trigger.given
        alerts.append(alert.model_copy(update={"trigger": alert.trigger.model_copy(update={"given": given})}))
    return policy.model_copy(update={"alerts": tuple(alerts)})


def test_an_edited_condition_tells_nobody_again() -> None:
    """A second concern becomes the first that counts when an edit takes the one before it away: it keeps its clock."""
    concern = {"actor": "P-AUD", "role": "auditor", "concern": "not safe"}
    life = Life("torbay", AUDIT).allocated("2026-01-05")
    life.act("audit.raise_safety_concern", "2026-01-06", **concern, id="S-1")
    life.act("audit.record_meeting", "2026-01-07", "P-AUD", "auditor")
    life.act("audit.raise_safety_concern", "2026-01-08", **concern, id="S-2")
    desk = given(*life, policies=knobs.policies(knobs.TORBAY), live=True)
    desk.seen_on("2026-01-08 12:00")
    alerts = [each for each in messages(desk) if each[0] == "safety_concern"]
    assert len(alerts) == 2
    desk.policies = knobs.policies(only_after_a_meeting(knobs.TORBAY))
    desk.seen_on("2026-01-08 13:00")
    assert [each for each in messages(desk) if each[0] == "safety_concern"] == alerts


class TestRepeated:
    """An alert that is raised again each hour until somebody acknowledges it."""

    def raised(self, *, earlier: bool) -> Scene:
        life = Life("southwark", AUDIT).allocated("2026-01-05 09:00")
        life.act("audit.raise_safety_concern", "2026-01-06 10:00", "P-AUD", "auditor", concern="not safe")
        desk = given(*life, authority="southwark", live=True)
        for hour in (10, 11, 12):
            desk.seen_on(f"2026-01-06 {hour}:00")
        assert len(self.alerts(desk)) == 3
        if earlier:
            knobs.as_recorded_before(desk)
        return desk

    def alerts(self, desk: TestDesk) -> list[tuple[str, str, str]]:
        return [each for each in messages(desk) if each[:2] == ("safety_concern", "alert")]

    def answer(self, act: str, when: str, **more: object) -> Line:
        life = Life("southwark", AUDIT)
        return life.act(
            f"escalation.{act}", when, "P-DIR", "director", obligation="safety_concern", step="alert", **more
        ).lines[0]

    @BEFORE
    def test_each_hour_is_said_once(self, earlier: bool) -> None:  # noqa: FBT001 - from the table
        """What was raised three times before is raised for the fourth time next, and not for the second."""
        desk = self.raised(earlier=earlier)
        desk.on("2026-01-06 12:30").nothing()
        desk.seen_on("2026-01-06 13:00")
        assert len(self.alerts(desk)) == 4

    @BEFORE
    @pytest.mark.parametrize("due", [None, "2026-01-06T11:00:00"], ids=["the latest", "by its instant"])
    def test_an_answer_ends_the_series(self, earlier: bool, due: str | None) -> None:  # noqa: FBT001 - from the table
        """Acknowledged, by its instant or without one, it is not raised again, whichever edition had raised it."""
        desk = self.raised(earlier=earlier)
        desk.do(self.answer("acknowledge", "2026-01-06 12:20", **({"due": f"{due}Z"} if due else {})))
        desk.seen_on("2026-01-06 15:00")
        assert len(self.alerts(desk)) == 3


@BEFORE
def test_a_confirmation_discharges_what_either_edition_raised(earlier: bool) -> None:  # noqa: FBT001 - from the table
    """The resolution names what was raised word for word, after its date would be another one, and comes once."""
    desk = after_two_requests(earlier=False)
    desk.seen_on("2026-04-21 00:00")
    if earlier:
        knobs.as_recorded_before(desk)
    desk.policies = knobs.policies(knobs.KNOBS["closure"](knobs.TORBAY))
    desk.do(*Life("torbay", AUDIT).confirmed("2026-04-24"))
    desk.seen_on("2026-04-24 12:00")
    desk.seen_on("2026-06-24 12:00")
    [raised] = [each.fact for each in desk.history(AUDIT) if isinstance(each.fact, EscalationRaised)]
    [resolved] = [each.fact for each in desk.history(AUDIT) if isinstance(each.fact, EscalationResolved)]
    assert resolved.reference == raised.reference


DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))
REQUESTS = ("first_request", "second_request", "escalation")
TURNS = st.one_of(
    st.times().map(lambda hour: knobs.calendar_of(notice_hour=hour.replace(second=0, microsecond=0))),
    st.lists(DAYS, max_size=8).map(lambda days: knobs.calendar_of(closures=tuple(days))),
    st.sampled_from(["none", "next", "previous"]).map(lambda roll: knobs.calendar_of(roll_non_working=roll)),
    st.tuples(st.sampled_from(REQUESTS), st.integers(0, 30)).map(
        lambda drawn: knobs.offset_of(CLOCK, drawn[0], f"trigger + {drawn[1]} days")
    ),
    st.integers(0, 30).map(lambda days: knobs.offset_of("audit_return", "outstanding_list", f"due + {days} days")),
    st.integers(1, 60).map(lambda days: knobs.due_of(CLOCK, f"trigger + {days} days")),
)


@settings(max_examples=80)
@hypothesis.given(
    lines=walks("torbay"),
    turns=st.lists(st.tuples(st.timedeltas(timedelta(), timedelta(days=600)), TURNS, st.none() | DAYS), max_size=4),
    earlier=st.booleans(),
)
def test_whatever_is_turned_nobody_is_told_twice_and_nothing_is_lost(
    lines: list[Line],
    turns: list[tuple[timedelta, knobs.Knob, date | None]],
    earlier: bool,  # noqa: FBT001 - drawn
) -> None:
    """Knobs turned again and again under random histories: each step of each clock has one record in the end."""
    desk = imported("torbay", lines)
    policy = knobs.TORBAY
    desk.policies = knobs.policies(policy)
    for since, turn, holiday in sorted(turns, key=lambda each: each[0]):
        desk.keep(AUDIT, FIRST_DAY + since)
        if earlier:
            knobs.as_recorded_before(desk)
        policy = turn(policy)
        desk.policies = knobs.policies(policy)
        with knobs.one_more_bank_holiday(holiday) if holiday else nullcontext():
            desk.keep(AUDIT, FIRST_DAY + since)
    owed = desk.keep(AUDIT, datetime.max.replace(tzinfo=LONG_AFTER.tzinfo) - timedelta(days=400)).owed
    records = Counter(
        (each.fact.obligation, each.fact.step, each.envelope.causation)
        for each in desk.history(AUDIT)
        if isinstance(each.fact, NoticeSent | EscalationRaised | NoticeLapsed)
    )
    assert set(records.values()) <= {1}
    assert {(each.name, rung.step, each.trigger.envelope.event_id) for each in owed for rung in each.rungs} <= set(
        records
    )


def test_what_is_recorded_names_its_clock() -> None:
    """A step recorded today holds the id of the event that fixed its clock, and an answer to it repeats it."""
    desk = given(*Life("torbay", AUDIT).allocated("2026-01-05"), live=True)
    desk.seen_on("2026-02-03 08:00")
    step = {"obligation": "audit_return", "step": "outstanding_list"}
    desk.do(Life("torbay", AUDIT).act("escalation.acknowledge", "2026-02-03 09:00", **QA, **step).lines[0])
    allocation, *steps = desk.history(AUDIT)
    reminder, raised, answer = [each.fact for each in steps if isinstance(each.fact, Step)]
    trigger = allocation.envelope.event_id
    assert identity_of(reminder) == ("audit_return", "reminder", trigger, 0)
    assert identity_of(raised) == ("audit_return", "outstanding_list", trigger, 0)
    assert answer.reference == raised.reference
