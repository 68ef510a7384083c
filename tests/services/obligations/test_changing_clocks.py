"""Clocks that pause, fall away, start again, and are met once or twice or not at all."""

from datetime import date

import pytest

from services.clock import local_date
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from tests.given import given
from tests.lives import Life
from tests.services.obligations.scenes import dates, owed


def confirmation(*redates: tuple[str, str], before: tuple[tuple[str, str], ...] = ()) -> Obligation:
    """The team's confirmation after a moderation on 1 April 2026, with later dates agreed for its action."""
    life = Life("torbay", "A-1").allocated("2026-02-09")
    life.submitted("2026-02-20", actions=[{"action": "X-1", "text": "visit", "owner": "P-SW", "due": "2026-03-01"}])
    for number, (at, due) in enumerate((*before, *redates)):
        if number == len(before):
            life.to_moderator("2026-02-23").moderated("2026-04-01")
        life.act("action.redate", at, "P-QA", "qa_team", action="X-1", due=due)
    if not redates:
        life.to_moderator("2026-02-23").moderated("2026-04-01")
    [one] = owed(life, "team_confirmation")
    return one


REQUESTS = {"first_request": "2026-04-22 08:00", "second_request": "2026-05-06 08:00", "escalation": "2026-05-21 00:00"}


@pytest.mark.covers("A-TOR-06")
@pytest.mark.parametrize(
    ("redates", "steps", "due"),
    [
        ([], REQUESTS, "2026-05-20"),
        (
            [("2026-04-24", "2026-05-15")],
            {**REQUESTS, "second_request": "2026-05-27 08:00", "escalation": "2026-06-11 00:00"},
            "2026-06-10",
        ),
        (
            [("2026-04-10", "2026-04-20")],
            {
                "first_request": "2026-05-02 08:00",
                "second_request": "2026-05-16 08:00",
                "escalation": "2026-05-31 00:00",
            },
            "2026-05-30",
        ),
        (
            [("2026-04-24", "2026-05-04"), ("2026-04-30", "2026-05-14")],
            {**REQUESTS, "second_request": "2026-05-26 08:00", "escalation": "2026-06-10 00:00"},
            "2026-06-09",
        ),
        (
            [("2026-04-10", "2026-04-15"), ("2026-05-12", "2026-05-22")],
            {
                "first_request": "2026-04-27 08:00",
                "second_request": "2026-05-11 08:00",
                "escalation": "2026-06-05 00:00",
            },
            "2026-06-04",
        ),
        ([("2026-05-20", "2026-05-30")], {**REQUESTS, "escalation": "2026-05-31 00:00"}, "2026-05-30"),
        ([("2026-05-21", "2026-05-30")], REQUESTS, "2026-05-20"),
    ],
    ids=["none", "one", "before the first request", "overlapping", "two", "on the last day", "too late"],
)
def test_an_agreed_date_pauses_the_clock(redates: list[tuple[str, str]], steps: dict[str, str], due: str) -> None:
    """From the day a later date is agreed until that date the team's clock stands still, and days never count twice."""
    one = confirmation(*redates)
    assert dates([one]) == steps
    assert str(one.due) == due


@pytest.mark.covers("A-TOR-06", "A-TOR-05")
@pytest.mark.parametrize(
    ("agreed", "until", "first_request"),
    [("2026-03-02", "2026-03-30", "2026-04-22 08:00"), ("2026-03-02", "2026-04-11", "2026-05-02 08:00")],
)
def test_only_the_part_of_a_pause_that_falls_into_the_clock_counts(agreed: str, until: str, first_request: str) -> None:
    """A date agreed before the moderation moves the requests only by the days that lie after the moderation."""
    assert dates([confirmation(before=((agreed, until),))])["first_request"] == first_request


def inadequate(reaudited: str | None) -> Obligation:
    """The re-audit of a file found inadequate on 12 March 2026, and what a return on that day does to it."""
    desk = given(
        Life("halton", "A-1").allocated("2026-03-07").submitted("2026-03-12", "Inadequate"), authority="halton"
    )
    if reaudited:
        again = Life("halton", "A-2", auditor="P-AUD2").allocated(reaudited, reaudit_of="A-1")
        desk.do(*again.submitted(reaudited, "Good"))
    [one] = [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == "reaudit"]
    return one


@pytest.mark.covers("A-ALL-07", "HAL-73")
@pytest.mark.parametrize(
    ("reaudited", "counts"), [("2026-04-01", False), ("2026-04-02", True), ("2026-04-12", True), ("2026-05-30", True)]
)
def test_a_reaudit_counts_from_five_working_days_before_its_date(reaudited: str, counts: bool) -> None:  # noqa: FBT001 - from the table
    """A re-audit returned earlier than five working days before its date does not count as the re-audit."""
    one = inadequate(reaudited)
    assert one.due == date(2026, 4, 12)
    assert (one.met_since() is not None) == counts


@pytest.mark.covers("A-ALL-06", "A-HAL-05")
def test_grades_that_go_down_and_up_and_down_again() -> None:
    """The pending re-audit falls away with the lift, and a later fall starts a new one from its own date."""
    life = Life("halton", "A-1").allocated("2026-03-07").submitted("2026-03-12", "Inadequate")
    life.to_moderator("2026-03-13").moderated("2026-03-24", "Good").moderated("2026-03-30", "Inadequate")
    first, second = owed(life, "reaudit")
    assert (first.key, str(first.due), first.fell_away and str(local_date(first.fell_away))) == (
        "",
        "2026-04-12",
        "2026-03-24",
    )
    assert (second.key, str(second.due), second.fell_away) == ("2", "2026-04-30", None)


@pytest.mark.covers("A-HAL-05")
def test_moderation_that_first_finds_it_starts_the_reaudit() -> None:
    """Where moderation first finds a file inadequate, the month runs from the moderation."""
    life = Life("halton", "A-1").allocated("2026-03-07").submitted("2026-03-12", "Good")
    [one] = owed(life.to_moderator("2026-03-13").moderated("2026-03-24", "Inadequate"), "reaudit")
    assert str(one.due) == "2026-04-24"


@pytest.mark.covers("HAL-66", "HAL-67")
def test_each_action_has_a_clock_for_each_date_it_had() -> None:
    """An agreed later date ends the earlier clock on the day of the agreement and starts one until the new date."""
    life = Life("halton", "A-1").allocated("2026-07-07")
    task = {"text": "visit", "owner": "P-SW"}
    life.submitted("2026-07-16", actions=[{"action": "X-A", **task}, {"action": "X-B", **task}])
    life.act("action.redate", "2026-07-20", "P-QA", "qa_team", action="X-B", due="2026-08-14")
    life.act("action.redate", "2026-08-10", "P-QA", "qa_team", action="X-B", due="2026-08-28")
    life.act("action.complete", "2026-08-27", "P-SW", "action_owner", action="X-B", impact="safe")
    found = owed(life, "immediate_tasks")
    cut = [(each.key, str(each.due), each.fell_away and str(local_date(each.fell_away))) for each in found]
    assert cut == [
        ("X-A", "2026-07-23", None),
        ("X-B", "2026-07-23", "2026-07-20"),
        ("X-B", "2026-08-14", "2026-08-10"),
        ("X-B", "2026-08-28", None),
    ]
    assert [(each.ended() or (None, None))[1] for each in found] == [None, "cancelled", "cancelled", "met"]


@pytest.mark.covers("HAL-66")
def test_done_in_time_and_confirmed_later_is_done_in_time() -> None:
    """What was done by its date stays done on that date when it is confirmed afterwards."""
    life = Life("halton", "A-1").allocated("2026-07-07")
    life.submitted("2026-07-16", actions=[{"action": "X-1", "text": "visit", "owner": "P-SW"}])
    life.act("action.complete", "2026-07-23", "P-SW", "action_owner", action="X-1", impact="safe")
    [one] = owed(life.confirmed("2026-08-20"), "immediate_tasks")
    since = one.met_since()
    assert since is not None
    assert str(local_date(since)) == "2026-07-23"
