"""Who is named for what is outstanding, and what was not outstanding yet."""

from datetime import datetime

import pytest

from events.escalations import EscalationRaised
from services.clock import LONDON
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from tests.desks import TestDesk
from tests.given import fact, given
from tests.lives import Life, people
from tests.services.audits.scenes import life


def owners(desk: TestDesk, name: str) -> list[tuple[str, str | None]]:
    directory = fold_directory(desk.store.load(DIRECTORY))
    found = owed_by(
        CATALOGUE.record_of(desk.history("A-1")), desk.policies, directory, datetime(2026, 4, 10, 12, 0, tzinfo=LONDON)
    )
    [one] = [each for each in found if each.obligation == name]
    return [(to.role, to.holder) for to in one.owners]


@pytest.mark.covers("HAL-73", "SWI-66")
@pytest.mark.parametrize("authority", ["halton", "swindon"])
def test_the_reauditor_is_named(authority: str) -> None:
    """The re-audit is the QA team's until it is given to somebody, who is named beside the team from then on."""
    first = Life(authority, "A-1").allocated("2026-03-02").submitted("2026-03-12", "Inadequate")
    desk = given(*people(authority), *first, authority=authority)
    assert owners(desk, "reaudit") == [("qa_team", None)]
    desk.do(*Life(authority, "A-2", auditor="P-RE").allocated("2026-03-20", reaudit_of="A-1"))
    assert owners(desk, "reaudit") == [("qa_team", None), ("reauditor", "P-RE")]


@pytest.mark.covers("HAL-61")
def test_the_tracker_goes_to_both_managers() -> None:
    """The QA Manager owes the tracker, and with it sent the Divisional and the Principal Manager are told of it."""
    whole = Life("halton", "A-1").allocated("2026-03-07").submitted("2026-03-12", "Good").to_moderator("2026-03-13")
    whole.moderated("2026-03-16")
    whole.act("obligation.meet", "2026-03-18", "P-QAM", "qa_manager", obligation="action_tracker")
    *before, sent = whole
    desk = given(*before, authority="halton", live=True).seen_on("2026-03-17").when(sent).then("obligation.met")
    assert owners(desk, "action_tracker") == [("qa_manager", "P-QAM")]
    told = [{"holder": "P-DM"}, {"holder": "P-PM"}]
    desk.on("2026-03-18").then(fact("notice.sent", obligation="tracker_sent", recipients=told))


@pytest.mark.covers("A-ALL-07", "HAL-73", "SWI-66")
@pytest.mark.parametrize(
    ("due", "opens", "warned"), [("2026-03-26", "2026-03-27", True), ("2026-03-27", "2026-03-27", False)]
)
def test_a_last_day_before_the_window(due: str, opens: str, *, warned: bool) -> None:
    """A re-audit that is to be back before the first day on which it counts is taken with a warning that says so."""
    first = Life("swindon", "A-1").allocated("2026-02-02").submitted("2026-02-20", "Inadequate")
    desk = given(*people("swindon"), *first, authority="swindon")
    again = Life("swindon", "A-2", auditor="P-RE").allocated("2026-03-16", reaudit_of="A-1", due=due)
    came = desk.when(*again)
    assert [(due in each, opens in each) for each in came.warnings] == [(True, True)] * warned
    came.then(fact("audit.allocated", due=due, reaudit_of="A-1"), "audit.reaudit_allocated", "files.given")


@pytest.mark.covers("A-ALL-07", "SWI-66")
@pytest.mark.parametrize(("on", "warned"), [("2026-03-26", True), ("2026-03-27", False)])
def test_a_return_before_the_window(on: str, *, warned: bool) -> None:
    """A re-audit that is returned too early to count says so when it is returned."""
    first = Life("swindon", "A-1").allocated("2026-02-02").submitted("2026-02-20", "Inadequate")
    desk = given(*people("swindon"), *first, authority="swindon")
    again = Life("swindon", "A-2", auditor="P-RE").allocated("2026-03-16", reaudit_of="A-1").submitted(on, "Good")
    came = desk.when(*again)
    assert came.error is None
    assert [("2026-03-27" in each, "stays owed" in each) for each in came.warnings] == [(True, True)] * warned


@pytest.mark.covers("TOR-94", "A-TOR-03")
@pytest.mark.parametrize(
    ("returned", "listed"), [("2026-02-16T06:00", 0), ("2026-02-16T10:00", 0), ("2026-02-15T23:00", 1)]
)
def test_what_comes_back_on_the_day_of_the_list(returned: str, listed: int) -> None:
    """The second notice lists the moderations of audits that were back before its day, not of those back that day."""
    came = given(*life().allocated("2026-01-05").submitted(returned), live=True).on("2026-02-16 12:00")
    raised = [each.fact for each in came.written if isinstance(each.fact, EscalationRaised)]
    assert [each.title for each in raised if each.obligation == "moderation"] == ["Moderation outstanding"] * listed
