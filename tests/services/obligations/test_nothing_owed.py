"""Where there is nothing that could be done, nothing is owed; and that is not the same as having done it."""

import pytest

from events.escalations import EscalationRaised, EscalationResolved, NoticeLapsed, NoticeSent
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import State, owed_by
from tests.desks import TestDesk
from tests.given import at, given
from tests.lives import QA, TORBAY_LOWEST, Life
from tests.worked_cases.case import action

MODERATED = "2026-03-25"


def moderated(grade: str, *actions: str) -> Life:
    life = Life("torbay", "A-1").allocated("2026-03-02")
    life.submitted("2026-03-19", grade, actions=[action(each, "2026-06-30") for each in actions])
    return life.to_moderator("2026-03-20").moderated(MODERATED)


def state(desk: TestDesk, name: str, when: str) -> State:
    directory = fold_directory(desk.store.load(DIRECTORY))
    [one] = [
        each
        for each in owed_by(CATALOGUE.record_of(desk.history("A-1")), desk.policies, directory, at(when))
        if each.obligation == name
    ]
    return one.state


def confirmation(desk: TestDesk) -> dict[str, str]:
    """What became of each step of the team's ladder: sent, or why nobody was told."""
    found: dict[str, str] = {}
    for each in desk.history("A-1"):
        match each.fact:
            case NoticeLapsed(obligation="team_confirmation", step=step, reason=reason):
                found[step] = reason
            case NoticeSent(obligation="team_confirmation", step=step):
                found[step] = "sent"
            case EscalationRaised(obligation="team_confirmation", step=step):
                found[step] = "raised"
    return found


@pytest.mark.covers("A-ALL-05", "TOR-95", "TOR-97")
@pytest.mark.parametrize("grade", ["Meets Good", TORBAY_LOWEST])
def test_no_action_is_not_a_confirmation(grade: str) -> None:
    """Without any action the team owes no confirmation and gave none, from the allocation to long after the ladder."""
    desk = given(*moderated(grade), live=True)
    for when in ("2026-04-15 08:00", "2026-04-29 08:00", "2026-05-14 00:00"):
        desk.seen_on(when)
        assert state(desk, "team_confirmation", when) == "nothing owed"
    assert set(confirmation(desk).values()) == {"nothing_owed"}
    lapsed = [each.fact for each in desk.history("A-1") if isinstance(each.fact, NoticeLapsed)]
    said = [each.sentence() for each in lapsed if each.obligation == "team_confirmation"]
    assert len(said) == 3
    assert all("there was nothing yet to be done" in each and "done in time" not in each for each in said)


@pytest.mark.covers("A-ALL-05", "TOR-96", "TOR-97", "TOR-106")
def test_an_action_that_comes_later_is_asked_about() -> None:
    """From the first action on the ladder goes on; its confirmation meets what was owed."""
    desk = given(*moderated("Meets Good"), live=True)
    desk.seen_on("2026-04-15 08:00")
    desk.do(*Life("torbay", "A-1").action("2026-04-20", "X-1", due="2026-06-30"))
    desk.seen_on("2026-04-29 08:00")
    assert confirmation(desk) == {"first_request": "nothing_owed", "second_request": "sent"}
    assert state(desk, "team_confirmation", "2026-05-13 12:00") == "open"
    assert state(desk, "team_confirmation", "2026-05-14 00:00") == "overdue"
    desk.do(*Life("torbay", "A-1").confirmed("2026-05-04"))
    desk.seen_on("2026-05-14 00:00")
    assert confirmation(desk)["escalation"] == "met"
    assert state(desk, "team_confirmation", "2026-05-14 00:00") == "met"


@pytest.mark.covers("TOR-52", "TOR-53", "TOR-98")
def test_the_lowest_grade_without_an_action_is_chased() -> None:
    """An alert alone is not enough: on the next day its receivers hear that no action is there, until there is one."""
    desk = given(*moderated(TORBAY_LOWEST), live=True)
    desk.seen_on("2026-03-19 23:59")
    assert state(desk, "immediate_action", "2026-03-19 23:59") == "open"
    desk.seen_on("2026-03-20 00:00")
    missing = [
        each.fact
        for each in desk.history("A-1")
        if isinstance(each.fact, EscalationRaised) and each.fact.obligation == "immediate_action"
    ]
    assert [{to.role for to in each.recipients} for each in missing] == [{"team_manager", "head_of_service", "qa_team"}]
    assert state(desk, "immediate_action", "2026-03-20 00:00") == "overdue"
    act = Life("torbay", "A-1").act("action.set", "2026-03-26", **QA, **action("X-1", "2026-03-27"))
    desk.do(*act)
    came = desk.on("2026-03-26")
    assert state(desk, "immediate_action", "2026-03-26 12:00") == "met late"
    assert "immediate_action" in {
        each.fact.obligation for each in came.written if isinstance(each.fact, EscalationResolved)
    }


@pytest.mark.covers("TOR-52", "TOR-53")
def test_a_grade_that_moderation_makes_the_lowest_asks_for_an_action_of_its_own() -> None:
    """What was set for a better grade is no answer to the lowest: it is owed from the day of the moderation."""
    life = Life("torbay", "A-1").allocated("2026-03-02")
    life.submitted("2026-03-19", "Meets Good", actions=[action("X-1", "2026-06-30")]).to_moderator("2026-03-20")
    desk = given(*life.moderated(MODERATED, TORBAY_LOWEST), live=True)
    assert state(desk, "immediate_action", "2026-03-26 00:00") == "overdue"


@pytest.mark.covers("A-ALL-05", "ESX-N31")
def test_beside_another_condition_no_action_is_no_hindrance() -> None:
    """A review of a file that led to no action is met by the review alone."""
    concern = {"significant_concern": True, "summary": "the plan does not keep the child safe"}
    life = Life("east-sussex", "A-1").allocated("2026-03-02")
    life.act("audit.submit", "2026-03-18", "P-AUD", "auditor", **concern)
    desk = given(*life, authority="east-sussex", live=True)
    assert state(desk, "file_review", "2026-03-20") == "open"
    met = Life("east-sussex", "A-1").act("obligation.meet", "2026-06-16", "P-AUD", "auditor", obligation="file_review")
    desk.do(*met)
    assert state(desk, "file_review", "2026-06-17") == "met"
