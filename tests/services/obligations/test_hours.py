"""Clocks in hours beside days: by the clock, whatever the day; and calendars of one clock alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.modules import CATALOGUE
from services.obligations.calendar import WorkingCalendar
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.obligations.moments import Bases, When
from services.policy.checks import problems_of
from services.policy.describe.clocks import clock_in_words
from services.policy.expressions import Moment
from services.policy.model import ObligationRule, Policy
from services.policy.versions import Policies
from services.policy.yearly import Yearly
from tests.desks import SHIPPED
from tests.given import given
from tests.lives import Life

TORBAY = SHIPPED["torbay"].newest
FRIDAY = "2026-03-27T16:30"  # England's clocks go forward on Sunday 29 March, at 01:00


def rule(due: str | None = "trigger + 24 hours", *on: str, **fields: Any) -> ObligationRule:
    """A clock that begins with the meeting, with a step at each of these moments."""
    ladder = [
        {"name": f"step_{number}", "on": each, "kind": "notice", "to": ["qa_team"], "title": f"Step {number}"}
        for number, each in enumerate(on)
    ]
    head = {"name": "tried", "title": "Tried", "source": ["TEST-1"], "owner": "qa_team", "met_by": ["audit.closed"]}
    trigger = {"events": ["audit.meeting_recorded"]}
    return ObligationRule.model_validate({**head, "trigger": trigger, "due": due, "ladder": ladder} | fields)


def policy_with(*rules: ObligationRule, **calendar: Any) -> Policy:
    held = TORBAY.calendar.model_copy(update=calendar)
    return TORBAY.model_copy(update={"obligations": rules, "calendar": held})


def found(of: Policy, at: str = FRIDAY, name: str = "tried") -> Obligation:
    life = Life("torbay", "A-1").allocated("2026-01-05").act("audit.record_meeting", at, "P-AUD", "auditor")
    desk = given(life, policies=Policies("torbay", (of,)))
    [one] = [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == name]
    return one


def instants(of: Obligation) -> list[str]:
    return [f"{rung.due:%Y-%m-%dT%H:%M}" for rung in of.rungs]


def test_hours_are_hours_of_the_clock_whatever_the_day() -> None:
    """24 hours from Friday afternoon end on Saturday afternoon; the steps go at the hour and not at a notice's."""
    of = policy_with(
        rule("trigger + 24 hours", "due", "due + 24 hours", "due - 2 hours", "step_1", "step_1 + 12 hours"),
        roll_non_working="next",
        closures=(date(2026, 3, 28),),
    )
    one = found(of)
    assert (one.due, one.due_at, one.overdue_from) == (
        date(2026, 3, 28),
        datetime(2026, 3, 28, 16, 30, tzinfo=UTC),
        datetime(2026, 3, 28, 16, 30, tzinfo=UTC),
    )
    # Over the change of England's clocks 24 hours are 24 hours: Sunday 17:30 as clocks there show it.
    assert instants(one) == [
        "2026-03-28T16:30",
        "2026-03-29T16:30",
        "2026-03-28T14:30",
        "2026-03-29T16:30",
        "2026-03-30T04:30",
    ]


@pytest.mark.parametrize(("minutes", "state"), [(-1, "pending"), (0, "send")])
def test_a_step_fires_at_its_instant(minutes: int, state: str) -> None:
    """Nothing is due a minute before the hours are over, and it is at that minute."""
    one = found(policy_with(rule("trigger + 24 hours", "due")))
    [rung] = one.rungs
    assert one.due_at is not None
    assert one.verdict(rung, one.due_at + timedelta(minutes=minutes)) == state


def test_hours_and_days_in_one_ladder() -> None:
    """A day after an instant is that day, at the hour of notices; an hour after another clock's instant is one."""
    of = policy_with(
        rule("trigger + 30 hours", "due + 1 working day", "due"),
        rule("trigger + 5 working days", "tried.due + 6 hours", "trigger + 3 hours", name="other"),
    )
    assert instants(found(of)) == ["2026-03-30T07:00", "2026-03-28T22:30"]
    assert instants(found(of, name="other")) == ["2026-03-29T04:30", "2026-03-27T19:30"]


def test_a_step_at_an_hour_of_its_own() -> None:
    """Who is told at ten is told at ten by England's clocks, before and after they go forward; the others at eight."""
    ladder = [
        {"name": f"at_{number}", "on": on, "kind": "notice", "to": ["qa_team"], "title": "Late", "hour": hour}
        for number, (on, hour) in enumerate(
            [("trigger", "17:00"), ("due", "10:00"), ("due", "9:30"), ("due", "notice")]
        )
    ]
    held = rule("trigger + 3 working days", ladder=ladder)
    assert instants(found(policy_with(held))) == [
        "2026-03-27T17:00",
        "2026-04-01T09:00",
        "2026-04-01T08:30",
        "2026-04-01T07:00",
    ]
    assert ObligationRule.model_validate_json(held.model_dump_json()) == held
    words = [said for part, said in clock_in_words(TORBAY, held) if part.startswith("ladder")]
    assert [said.split(", at ")[1].split(":")[0] for said in words] == ["17", "10", "09", "08"]


@pytest.mark.parametrize("hour", ["24:00", "10", "10:60", "10 o'clock", "10:00:30", 10, None])
def test_an_hour_that_is_none(hour: object) -> None:
    """It is refused with the words that there are."""
    step = {"name": "at", "on": "due", "kind": "notice", "to": ["qa_team"], "title": "Late", "hour": hour}
    with pytest.raises(
        ValidationError, match="is no hour: write `notice`, `lapse`, `at once`, `end of day` or an hour"
    ):
        rule("trigger + 3 days", ladder=[step])


def test_hours_after_an_event() -> None:
    """Hours are counted from the instant of the event that is named, and from no other."""
    one = found(policy_with(rule("audit.allocated + 2000 hours", "audit.allocated + 1 hours")))
    assert one.due_at == datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(hours=2000)
    [rung] = one.rungs
    assert rung.too_late, "its hour had passed when the clock began"


@pytest.mark.parametrize(
    ("year_start", "due"), [(4, "2026-03-31"), (9, "2026-05-31"), (1, "2026-03-31"), (12, "2026-05-31")]
)
def test_a_quarter_ends_where_the_year_says(year_start: int, due: str) -> None:
    """The end of a quarter is counted from the month with which the framework's year begins."""
    assert str(found(policy_with(rule("quarter_end"), year_start=year_start)).due) == due


def test_hours_are_counted_from_no_day() -> None:
    """From a day, and from what has not come, no hours can be counted; from an instant they can."""
    day, instant = date(2026, 3, 27), datetime(2026, 3, 27, 16, 30, tzinfo=UTC)
    held = {"day.due": When(day), "instant.due": When(day, instant)}
    calendar = WorkingCalendar()

    def counted(text: str) -> When | None:
        return Bases(held, began=instant).counted(Moment.parse(text), calendar)

    assert (counted("day.due + 6 hours"), counted("never.due + 6 hours"), counted("never.due")) == (None, None, None)
    assert counted("instant.due - 6 hours") == When(day, instant - timedelta(hours=6))
    assert counted("day.due") == When(day)


CLOSED = {"closed_each_year": (Yearly.parse("28 March to 7 April"),), "roll_non_working": "next"}


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"due": "trigger + 3 working days"}, "2026-04-10"),
        ({"due": "trigger + 3 working days", "through_closures": True}, "2026-04-01"),
        ({"due": "trigger + 8 days"}, "2026-04-08"),
        ({"due": "trigger + 8 days", "roll_non_working": "none"}, "2026-04-04"),
        ({"due": "trigger + 8 days", "roll_non_working": "previous"}, "2026-03-27"),
        ({"due": "trigger + 8 days", "through_closures": True}, "2026-04-07"),
    ],
)
def test_closures_and_rolling_by_clock(fields: dict[str, Any], due: str) -> None:
    """One clock counts through the closures, or moves off no day, while all others do as the calendar says."""
    plain = rule(str(fields["due"]), name="plain")
    of = policy_with(rule(**fields), plain, **CLOSED)
    assert str(found(of).due) == due
    assert (
        str(found(of, name="plain").due)
        == {"3 working days": "2026-04-10", "8 days": "2026-04-08"}[str(fields["due"]).removeprefix("trigger + ")]
    )


def test_closures_of_one_year_by_clock() -> None:
    """One clock counts through days that are closed in that year alone, while the others do not."""
    shut = {"closures": (date(2026, 3, 30), date(2026, 3, 31))}
    due = "trigger + 3 working days"
    of = policy_with(rule(due, through_closures=True), rule(due, name="plain"), **shut)
    assert (str(found(of).due), str(found(of, name="plain").due)) == ("2026-04-01", "2026-04-07")


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (rule(), {"Due 24 hours after it starts, to the hour, whatever the day"}),
        (
            rule("trigger + 24 hours", "due", "due + 48 hours", "step_1"),
            {
                "Notice to QA Team the moment that it is due: “Step 0”",
                "Notice to QA Team 48 hours after it is due: “Step 1”",
                "Notice to QA Team together with “Step 1”: “Step 2”",
            },
        ),
        (
            rule("trigger + 8 days", roll_non_working="none"),
            {"Due 8 days after it starts; a date on a weekend or bank holiday stays where it falls"},
        ),
        (
            rule("trigger + 8 days", through_closures=True),
            {"Due 8 days after it starts; the days on which the authority is closed count as working days for it"},
        ),
    ],
)
def test_the_words(held: ObligationRule, words: set[str]) -> None:
    """What is counted in hours says no hour of the day, and what holds for one clock alone is said of that one."""
    assert words <= {said for _, said in clock_in_words(TORBAY, held)}


@pytest.mark.parametrize(
    ("wrong", "key", "said"),
    [
        (rule("month_end + 4 hours"), "due", "hours are counted from the trigger or from an event"),
        (
            rule("trigger + 8 days", "due + 4 hours"),
            "ladder.0.on",
            "hours are counted from an instant, and due is a day",
        ),
        (
            rule("trigger + 8 days", "due + 1 day", "step_0 + 4 hours"),
            "ladder.1.on",
            "hours are counted from an instant, and step_0 is a day",
        ),
        (rule(roll_non_working="next"), "roll_non_working", "leave `roll_non_working` out"),
        (rule(paused_by_agreed_date=True), "paused_by_agreed_date", "leave `paused_by_agreed_date` out"),
        (rule(None, roll_non_working="next", met_by=[]), "roll_non_working", "without a due date nothing moves"),
    ],
)
def test_what_no_clock_could_count(wrong: ObligationRule, key: str, said: str) -> None:
    """Hours are counted from an instant alone, and what moves days does not move them."""
    problems = {".".join(map(str, at[2:])): words for at, words in problems_of(policy_with(wrong), CATALOGUE.known)}
    assert said in problems[key]


def test_an_hour_of_the_day_for_what_is_counted_in_hours() -> None:
    """A step that goes at its own instant takes no hour of the day."""
    held = rule("trigger + 24 hours", "due + 4 hours")
    [step] = held.ladder
    late = held.model_copy(update={"ladder": (step.model_copy(update={"hour": "end of day"}),)})
    problems = [words for at, words in problems_of(policy_with(late), CATALOGUE.known) if at[-1] == "hour"]
    assert problems == ["it goes at the instant that its hours come to: leave `hour` out"]
