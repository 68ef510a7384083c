"""What is said of a plan today a second time: it is no repeat that is known by an id, and must do no harm."""

from datetime import UTC, datetime

from services.rounds.planning import missing_approvals
from tests.given import given
from tests.lives import people
from tests.rounds import HEAD_OF_SERVICE, RoundLife
from tests.services.rounds.scenes import round_of


def test_saying_the_same_of_a_plan_again_keeps_its_approvals() -> None:
    """Whoever repeats today what stands in the plan is refused, and what was approved stays approved."""
    desk = given(*people("torbay"))
    of_plan = RoundLife("2026-02").scheduled().planned()
    of_plan.act("round.enquire", None, **HEAD_OF_SERVICE, lines=["Do plans say by when?", "Who was asked?"])
    of_plan.act("round.agree_questions", None, service="SARS", manager="P-SM", questions=["How?"])
    desk.now = datetime(2026, 1, 20, 12, tzinfo=UTC)
    desk.do(*of_plan, *RoundLife("2026-02").approved("2026-01-20T11:00"))
    for line, field in zip(of_plan, ("round", "round", "lines", "questions"), strict=True):
        desk.when(line).refused(field, "already")
    assert list(missing_approvals(round_of(desk), desk.policies.newest)) == []
    desk.do(*RoundLife("2026-02").act("round.enquire", None, **HEAD_OF_SERVICE, lines=["Who was asked?", "And why?"]))
    assert list(missing_approvals(round_of(desk), desk.policies.newest)) == [
        "the approval of director",
        "the approval of head_of_service",
    ]
