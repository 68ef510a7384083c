"""A child leaves before the re-audit: the quality-assurance lead is asked for a decision, and nothing is deleted."""

import pytest

from events.escalations import NoticeSent
from tests.given import Scene, fact, given
from tests.lives import QA, Life, people

LEADS = {"halton": "qa_manager", "swindon": "quality_assurance_manager"}
EITHER = pytest.mark.parametrize("authority", LEADS)


def inadequate(authority: str) -> Life:
    return Life(authority, "A-1").allocated("2026-03-02").submitted("2026-03-10", "Inadequate")


def left(life: Life, at: str, how: str = "moved") -> Life:
    return life.act("audit.record_departure", at, **QA, how=how)


def lived(life: Life, *others: Life) -> Scene:
    desk = given(*people(life.authority), life, *others, authority=life.authority)
    desk.keep("A-1")
    return desk


def asked(desk: Scene) -> list[tuple[str | None, ...]]:
    """Who was asked, each time."""
    sent = [each.fact for each in desk.history("A-1") if isinstance(each.fact, NoticeSent)]
    return [tuple(told.role for told in fact.recipients) for fact in sent if fact.obligation == "departure"]


@EITHER
@pytest.mark.covers("A-ALL-08", "HAL-73", "SWI-66")
def test_the_lead_is_asked_and_the_reaudit_stays(authority: str) -> None:
    """The lead is asked once for a decision, and the re-audit stays owed."""
    desk = lived(left(inadequate(authority), "2026-03-20"))
    assert asked(desk) == [(LEADS[authority],)]
    assert len(desk.owed("departure")) == len(desk.owed("reaudit")) == 1


@EITHER
@pytest.mark.covers("A-ALL-08")
def test_a_decision_ends_the_question(authority: str) -> None:
    """Once the decision is recorded, nothing is asked any more; the re-audit itself is not deleted by it."""
    life = left(inadequate(authority), "2026-03-20").act("obligation.meet", "2026-03-23", **QA, obligation="departure")
    desk = lived(life)
    assert desk.owed("departure") == []
    assert len(desk.owed("reaudit")) == 1


@EITHER
@pytest.mark.covers("A-ALL-08")
def test_a_child_leaves_once(authority: str) -> None:
    """A departure is recorded once, of an audit that was there by then."""
    desk = given(*people(authority), inadequate(authority), authority=authority)
    audit = Life(authority, "A-1")
    desk.when(left(audit, "2026-03-01")).refused("at", "2026-03-01 is before its cause, audit.allocated on 2026-03-02")
    desk.when(left(Life(authority, "A-1"), "2026-03-20")).then(fact("audit.child_left", "audit/A-1", how="moved"))
    desk.when(left(Life(authority, "A-1"), "2026-03-23", "closed")).refused(
        "audit", "the departure is already recorded"
    )


@EITHER
@pytest.mark.covers("A-ALL-08")
def test_a_child_who_had_left_before_the_grade(authority: str) -> None:
    """A child who had left before the return is asked about as soon as the grade asks for a re-audit."""
    life = left(Life(authority, "A-1").allocated("2026-03-02"), "2026-03-05").submitted("2026-03-10", "Inadequate")
    assert asked(lived(life)) == [(LEADS[authority],)]


@EITHER
@pytest.mark.covers("A-ALL-08")
def test_nobody_is_asked_without_a_reaudit(authority: str) -> None:
    """Where no re-audit is owed, or it was already done, a departure asks nobody anything."""
    good = left(Life(authority, "A-1").allocated("2026-03-02").submitted("2026-03-10", "Good"), "2026-03-20")
    assert asked(lived(good)) == []
    kind = {"audit_type": "short re-audit"} if authority == "swindon" else {}
    again = Life(authority, "A-2", auditor="P-RE").allocated("2026-04-01", reaudit_of="A-1", **kind)
    desk = lived(
        inadequate(authority), again.submitted("2026-04-20", "Good"), left(Life(authority, "A-1"), "2026-04-27")
    )
    assert asked(desk) == []


@EITHER
@pytest.mark.covers("A-ALL-06", "A-ALL-08")
def test_a_lifted_grade_withdraws_the_question(authority: str) -> None:
    """If moderation lifts the grade, there is no re-audit left to decide about."""
    life = left(inadequate(authority), "2026-03-20").to_moderator("2026-03-23").moderated("2026-03-24", "Good")
    desk = lived(life)
    assert desk.owed("departure") == desk.owed("reaudit") == []
