"""Copies of an audit to the child's reviewing officer and to the conference chair, where there are both."""

from datetime import datetime

import pytest

from events.escalations import NoticeSent
from tests.given import fact, given
from tests.lives import Life, Line, people


@pytest.mark.covers("A-SOU-15", "SOU-54")
def test_a_copy_goes_to_each_reviewer() -> None:
    """An audit that names a reviewing officer and a Child Protection Co-ordinator is copied to both, once each."""
    named: Line = {"reviewer": "P-IRO", "further_reviewers": ["P-CPC"], "plan_lead": "P-LEAD"}
    life = Life("southwark", "A-1").allocated("2026-02-02", **named).submitted("2026-02-12T10:00")
    desk = given(*people("southwark"), *life, authority="southwark")
    desk.keep("A-1", datetime.fromisoformat("2026-02-12T10:00Z"))
    [copy] = [each.fact for each in desk.history("A-1") if isinstance(each.fact, NoticeSent)]
    assert [to.holder for to in copy.recipients] == ["P-IRO", "P-CPC", "P-LEAD"]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"further_reviewers": ["P-CPC"]}, "name the first of them as reviewer"),
        ({"reviewer": "P-IRO", "further_reviewers": ["P-IRO"]}, "a reviewer is named twice"),
        ({"reviewer": "P-IRO", "further_reviewers": ["P-CPC", "P-CPC"]}, "a reviewer is named twice"),
    ],
    ids=str,
)
def test_reviewers_that_do_not_fit(named: Line, said: str) -> None:
    """The first is named as the reviewer, and nobody twice."""
    [line] = Life("southwark", "A-1").allocated("2026-02-02", **named)
    refusal = given(*people("southwark"), authority="southwark").when(line).refused("further_reviewers")
    assert refusal == f"further_reviewers: {said}"


@pytest.mark.parametrize("field", ["reviewer", "further_reviewers", "plan_lead"])
def test_who_is_told_of_it_is_in_post(field: str) -> None:
    """Nobody is named who holds no post on that day, whichever copy they would have."""
    stranger = {"reviewer": "P-IRO", field: ["P-9"] if field == "further_reviewers" else "P-9"}
    [line] = Life("southwark", "A-1").allocated("2026-02-02", **stranger)
    desk = given(*people("southwark"), authority="southwark", unverified=False)
    desk.when(line).refused(field, "P-9 held no post on 2026-02-02")


def test_everybody_who_was_named_stands_in_it() -> None:
    """The allocation keeps the reviewers in their order, and the lead of the plan."""
    named: Line = {"reviewer": "P-IRO", "further_reviewers": ["P-CPC", "P-SW"], "plan_lead": "P-PLAN"}
    life = Life("southwark", "A-1").allocated("2026-02-02", **named)
    given(*people("southwark"), authority="southwark").when(life).then(
        fact("audit.allocated", "audit/A-1", **named), "month.file_selected", "files.given"
    )


@pytest.mark.covers("A-ALL-09", "SOU-54")
def test_a_plan_without_a_lead_is_a_vacancy() -> None:
    """Who names no lead of the plan is warned, and the copy goes to the tier above the worker, flagged."""
    life = Life("southwark", "A-1").allocated("2026-02-02", reviewer="P-IRO").submitted("2026-02-12T10:00")
    desk = given(*people("southwark"), authority="southwark")
    outcomes = desk.do(*life)
    assert [each for each in outcomes[0].warnings if "plan_lead" in each]
    desk.keep("A-1", datetime.fromisoformat("2026-02-12T10:00Z"))
    [copy] = [each.fact for each in desk.history("A-1") if isinstance(each.fact, NoticeSent)]
    vacant = ("plan_lead", "advanced_practitioner of T-1")
    told = [(to.asked, to.role, to.holder, to.vacant) for to in copy.recipients]
    assert told == [("reviewer", "reviewer", "P-IRO", ()), ("plan_lead", "practice_group_lead", "P-PGL", vacant)]


def test_no_warning_where_the_lead_is_named_or_nobody_asks_for_one() -> None:
    """An audit that names the lead of the plan gives no warning, nor one of a framework that tells no such person."""
    [named] = given(*people("southwark"), authority="southwark").do(
        *Life("southwark", "A-1").allocated("2026-02-02", plan_lead="P-LEAD")
    )
    [another] = given(*people("torbay")).do(*Life("torbay", "A-1").allocated("2026-02-02"))
    assert named.warnings == another.warnings == ()
