"""A re-audit or a further file that was voided or exempted counts for nothing, and what it met is owed again."""

from datetime import datetime

import pytest

from events.base import Fact
from events.escalations import NoticeLapsed, NoticeSent
from events.reaudits import ExtraWithdrawn, ReauditWithdrawn
from services.audits.state import Audit
from services.clock import LONDON
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import State, owed_by
from tests.given import Scene, given
from tests.lives import QA, Life, Line, people
from tests.requirements.scenes import owed_now
from tests.services.programme.scenes import ESX, desk_in_east_sussex


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def states(desk: Scene, name: str, when: str, audit: str = "A-1") -> list[State]:
    """What the view of what is owed says of the obligations of that name."""
    directory = fold_directory(desk.store.load(DIRECTORY))
    found = owed_by(CATALOGUE.record_of(desk.history(audit)), desk.policies, directory, at(when))
    return [each.state for each in found if each.obligation == name]


def steps(desk: Scene, name: str, audit: str = "A-1") -> list[Fact]:
    found = [each.fact for each in desk.history(audit) if isinstance(each.fact, NoticeSent | NoticeLapsed)]
    return [each for each in found if each.obligation == name]


def voided(audit: str, on: str) -> Life:
    life = Life("swindon", audit)
    return life.act("audit.void", on, **QA, reason="the wrong child's file")


def short_reaudit(audit: str = "A-2", auditor: str = "P-RE") -> Life:
    life = Life("swindon", audit, auditor=auditor)
    return life.allocated("2026-03-16", audit_type="short re-audit", reaudit_of="A-1", due="2026-04-03")


@pytest.fixture
def desk() -> Scene:
    """Swindon, with an audit graded Inadequate on 20 February: its short re-audit is for 3 April."""
    return given(
        *people("swindon"),
        *Life("swindon", "A-1").allocated("2026-02-02").submitted("2026-02-20", "Inadequate"),
        authority="swindon",
        now=at("2026-03-20T12:00"),
    )


@pytest.mark.covers("A-ALL-14", "SWI-66")
def test_a_void_reaudit_does_not_count(desk: Scene) -> None:
    """The re-audit is owed again from the day on which the one that was returned is voided, and its day is told."""
    desk.do(*short_reaudit())
    desk.now = at("2026-03-31T12:00")
    desk.do(*short_reaudit().submitted("2026-03-30", "Good").lines[1:])
    assert states(desk, "reaudit", "2026-03-31T12:00") == ["met"]
    desk.do(*voided("A-2", "2026-03-31"))
    assert isinstance(desk.history("A-1")[-1].fact, ReauditWithdrawn)
    assert states(desk, "reaudit", "2026-04-03T12:00") == ["open"]
    desk.now = at("2026-04-03T08:00")
    desk.keep("A-1")
    [day] = steps(desk, "reaudit")
    assert isinstance(day, NoticeSent)
    assert [to.role for to in day.recipients] == ["qa_team"], "who had the void one has none to do"
    assert states(desk, "reaudit", "2026-04-04T00:00") == ["overdue"]


@pytest.mark.covers("A-ALL-14", "SWI-66")
def test_voided_after_its_day(desk: Scene) -> None:
    """What had become of a step by then stays; the re-audit is open and overdue, until another one is returned."""
    desk.now = at("2026-04-03T08:00")
    desk.do(*short_reaudit().submitted("2026-03-30", "Good"))
    desk.keep("A-1")
    before = steps(desk, "reaudit")
    assert [getattr(each, "reason", "") for each in before] == ["met"]
    desk.now = at("2026-04-10T12:00")
    desk.do(*voided("A-2", "2026-04-10"))
    assert states(desk, "reaudit", "2026-04-10T12:00") == ["overdue"]
    assert desk.settled("A-1").facts == ()
    assert steps(desk, "reaudit") == before
    again = Life("swindon", "A-3", auditor="P-RE").allocated(
        "2026-04-13", audit_type="short re-audit", reaudit_of="A-1", due="2026-04-30"
    )
    desk.now = at("2026-04-20T12:00")
    desk.do(*again.submitted("2026-04-20", "Good"))
    assert states(desk, "reaudit", "2026-04-20T12:00") == ["met late"]


@pytest.mark.covers("A-ALL-14")
def test_the_other_of_two_reaudits_still_counts(desk: Scene) -> None:
    """Of two re-audits of one file, the void one takes nothing from the other; its auditor alone is told no more."""
    desk.do(*short_reaudit(), *short_reaudit("A-3", "P-RE2"))
    assert Audit.of(desk.history("A-1")).reauditor == "P-RE2"
    desk.do(*voided("A-3", "2026-03-18"))
    assert Audit.of(desk.history("A-1")).reauditor == "P-RE"
    desk.now = at("2026-03-31T12:00")
    desk.do(*short_reaudit().submitted("2026-03-30", "Good").lines[1:])
    assert states(desk, "reaudit", "2026-03-31T12:00") == ["met"]


@pytest.mark.covers("A-ALL-14", "A-ALL-08")
def test_the_question_about_a_departed_child_is_asked_then(desk: Scene) -> None:
    """A child who left after a re-audit raises no question; once that re-audit is void, the question is asked."""
    desk.now = at("2026-04-10T12:00")
    desk.do(*short_reaudit().submitted("2026-03-30", "Good"))
    desk.do(*Life("swindon", "A-1").act("audit.record_departure", "2026-04-07", **QA, how="moved"))
    desk.keep("A-1")
    assert steps(desk, "departure") == []
    desk.do(*voided("A-2", "2026-04-10"))
    desk.keep("A-1")
    [question] = steps(desk, "departure")
    assert isinstance(question, NoticeSent)


@pytest.mark.covers("A-ALL-14")
def test_nothing_follows_from_a_void_audit(desk: Scene) -> None:
    """A file is not audited again because of an audit that was voided."""
    desk.do(*voided("A-1", "2026-03-02"))
    desk.when(*short_reaudit()).refused("reaudit_of", "reaudit_of: audit A-1 was voided")


@pytest.mark.covers("A-ALL-14", "ESX-N30")
def test_a_void_further_file_does_not_count() -> None:
    """Two further files are owed again once one of the two returned is voided, and met by a third."""
    desk = desk_in_east_sussex()
    concern: Line = {"significant_concern": True, "summary": "the plan does not keep the child safe"}
    desk.do(*Life(ESX, "A-1").allocated("2026-03-10").submitted("2026-03-18", **concern))

    def further(audit: str, on: str) -> Life:
        life = Life(ESX, audit, child=f"C-{audit}")
        life.allocated("2026-03-20", audit_type="supervision further file", extra_of="A-1")
        return life.submitted(on)

    desk.do(*further("A-2", "2026-03-25"), *further("A-3", "2026-03-26"))
    assert states(desk, "worker_further_files", "2026-04-01") == ["met"]
    desk.do(*Life(ESX, "A-3").act("audit.void", "2026-04-02", **QA, reason="chosen by mistake"))
    assert desk.history("A-1")[-1].fact == ExtraWithdrawn(extra="A-3", how="voided")
    assert states(desk, "worker_further_files", "2026-04-03") == ["open"]
    assert states(desk, "worker_further_files", "2026-04-19") == ["overdue"]
    desk.do(*further("A-4", "2026-04-20"))
    assert states(desk, "worker_further_files", "2026-04-20T12:00") == ["met late"]
    assert owed_now(desk, "worker_further_files") == []


@pytest.mark.covers("A-ALL-14", "SOU-51")
def test_an_exempted_reaudit_has_no_auditor() -> None:
    """An exempted re-audit is given to nobody any more, and the earlier audit says so."""
    desk = given(
        *people("southwark"),
        *Life("southwark", "A-1").allocated("2026-02-02").submitted("2026-02-12"),
        authority="southwark",
    )
    again = Life("southwark", "A-2", auditor="P-RE").allocated("2026-03-02", reaudit_of="A-1")
    ground = {"ground": "sick leave", "requested_by": "P-HOS", "requested_as": "head_of_service"}
    desk.do(*again.act("audit.exempt", "2026-03-18", "P-QA", "qa_lead", **ground))
    assert desk.history("A-1")[-1].fact == ReauditWithdrawn(reaudit="A-2", how="exempted")
    assert Audit.of(desk.history("A-1")).reauditor is None
