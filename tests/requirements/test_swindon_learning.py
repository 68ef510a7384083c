"""Swindon's voices and learning: families, the workforce, specialists and data, summaries, training, sharing."""

from typing import Any

import pytest

from services.directory.state import DIRECTORY, Post, fold_directory
from tests.desks import LONG_AFTER, SHIPPED, TestDesk
from tests.lives import Line
from tests.requirements.register_entries import Programme, answered, standing, told
from tests.requirements.scenes import desk_of, refusal

SWINDON = Programme("swindon")


def taken(*lines: Line) -> TestDesk:
    return desk_of("swindon", *lines)


def recorded(kind: str, role: str, answers: dict[str, Any], **fields: Any) -> Line:
    return SWINDON.entry("E-1", kind, "2026-05-12", role, answers=answers, **fields)


def options(register: str, question: str) -> tuple[str, ...]:
    [found] = [each for each in SHIPPED["swindon"].newest.registers if each.name == register]
    return next(each.options for each in found.questions if each.name == question)


@pytest.mark.covers("SWI-12")
def test_specialists_of_the_team() -> None:
    """A specialist of the Family Safeguarding team is recorded in their post with their team."""
    desk = taken(SWINDON.appointed("P-SPEC", "specialist", "T-1"))
    directory = fold_directory(desk.store.load(DIRECTORY))
    assert directory.holders(Post("specialist", "T-1"), LONG_AFTER) == ["P-SPEC"]
    assert refusal(desk, SWINDON.appointed("P-SPEC2", "specialist")) != ""


@pytest.mark.covers("SWI-10")
@pytest.mark.parametrize(("level", "ref"), [("team", "T-1"), ("service", "S-1")])
def test_data_of_teams_and_services(level: str, ref: str) -> None:
    """Business Intelligence supplies the figures of a team and of a service; a practitioner does not."""
    head = {"command": "indicator.record", "authority": "swindon", "actor": "P-BI", "at": "2026-05-12"}
    figure = {"indicator": "rereferrals", "month": "2026-04", "level": level, "ref": ref, "value": 21}
    assert refusal(taken(), {**head, **figure, "role": "business_intelligence"}) == ""
    assert refusal(taken(), {**head, **figure, "role": "practitioner"}) == "role"


@pytest.mark.covers("SWI-6")
def test_managers_give_feedback_from_strengths() -> None:
    """A manager's feedback names the strengths first and then what would build on them; neither can be left out."""
    answers = {"audit": "A-1", "strengths": "the child trusts her", "next_steps": "write it down sooner"}
    line = recorded("feedback_to_practitioner", "team_manager", answers, person="P-SW")
    desk = taken(line)
    assert list(answered(desk, "E-1")) == ["audit", "strengths", "next_steps"]
    assert refusal(taken(), line | {"role": "practitioner"}) == "role"
    for missing in ("strengths", "next_steps"):
        given = {name: text for name, text in answers.items() if name != missing}
        assert refusal(taken(), line | {"answers": given}) == f"answers.{missing}"
    task: Line = {"action": "X-1", "text": "write the summary", "owner": "P-TM", "due": "2026-06-12"}
    tasked = {"command": "entry.set_action", "authority": "swindon", "entry": "E-1", "at": "2026-05-13", **task}
    desk.do({**tasked, "actor": "P-SM", "role": "service_manager"})
    assert [str(each.due) for each in standing(desk, "E-1").values()] == ["2026-06-12"]


@pytest.mark.covers("SWI-83")
@pytest.mark.parametrize("route", options("family_feedback", "route"))
def test_four_routes_of_feedback(route: str) -> None:
    """Feedback of families is taken by each of four routes, and by no unnamed one."""
    assert len(options("family_feedback", "route")) == 4
    line = recorded("family_feedback", "participation_service", {"route": route, "view": "kind"}, child="C-1")
    assert answered(taken(line), "E-1") == {"route": (route,), "view": ("sealed",)}
    assert refusal(taken(), line | {"answers": {"route": "rumour", "view": "kind"}}) == "answers.route"


@pytest.mark.covers("SWI-85")
def test_complaints_are_learned_from() -> None:
    """A complaint says whether the child was told how to complain, and later what is learned from it."""
    answers = {"route": "complaints and compliments", "view": "late again", "told_how": True, "themes": ["delay"]}
    line = recorded("family_feedback", "quality_assurance_manager", answers, child="C-1")
    learned = SWINDON.step("E-1", "learning_drawn", "2026-06-01", "qa_team", learning="agree times with families")
    desk = taken(line, learned)
    assert answered(desk, "E-1")["told_how"] == ("yes",)
    assert answered(desk, "E-1")["learning"] == ("sealed",)
    assert refusal(taken(line), learned | {"answers": {}}) == "answers.learning"


@pytest.mark.covers("SWI-86")
@pytest.mark.parametrize("route", options("workforce_view", "gathered_by"))
def test_four_routes_of_the_workforce(route: str) -> None:
    """The workforce is heard by surveys, focus groups, the Principal Social Worker and interviews."""
    assert len(options("workforce_view", "gathered_by")) == 4
    line = recorded("workforce_view", "principal_social_worker", {"gathered_by": route, "view": "too many moves"})
    assert answered(taken(line), "E-1")["gathered_by"] == (route,)
    assert refusal(taken(), line | {"answers": {"view": "too many moves"}}) == "answers.gathered_by"


@pytest.mark.covers("SWI-127", "A-SWI-20")
def test_reflective_discussions() -> None:
    """Practice leads, or the QA team, lead a discussion of a theme or a stalled case; the entry says who led it."""
    theme = recorded("reflective_talk", "practice_lead", {"occasion": "theme", "themes": ["neglect"]}, holder="P-LEAD")
    stalled = recorded("reflective_talk", "qa_team", {"occasion": "stalled case"}, child="C-1")
    [fact] = [each.fact for each in taken(theme).store.load("entry/E-1")]
    assert getattr(fact, "holder", None) == "P-LEAD"
    assert refusal(taken(), stalled) == ""
    assert refusal(taken(), stalled | {"role": "practitioner"}) == "role"


SUMMARY = {"summary": "plans that families can read", "themes": ["plans"]}


@pytest.mark.covers("SWI-9")
def test_learning_is_summarised_and_embedded() -> None:
    """The Principal Social Worker and the practice leads summarise the learning and embed it; nobody else does."""
    summary = recorded("learning_summary", "principal_social_worker", SUMMARY)
    embedded = SWINDON.step("E-1", "embedded", "2026-06-01", "practice_lead", how="templates changed")
    desk = taken(summary, embedded)
    assert answered(desk, "E-1")["themes"] == ("plans",)
    assert refusal(taken(), summary | {"role": "team_manager"}) == "role"
    assert refusal(taken(summary), embedded | {"role": "team_manager"}) == "role"


@pytest.mark.covers("SWI-129")
def test_training_from_findings() -> None:
    """The strategic QA roles give training from a summary, more than once, and say how many took part."""
    summary = recorded("learning_summary", "practice_lead", SUMMARY)
    given = SWINDON.step("E-1", "training_given", "2026-06-01", "quality_assurance_manager", places=14)
    desk = taken(summary, given, given | {"at": "2026-06-08"})
    assert answered(desk, "E-1")["places"] == ("14",)
    assert refusal(taken(summary), given | {"role": "team_manager"}) == "role"


@pytest.mark.covers("SWI-130")
def test_good_practice_is_shared_between_teams() -> None:
    """What one team does well is shared with another one at a board: which, from whom and with whom."""
    shared = {"shared_at": "Practice and Performance Board", "from_team": "T-1", "to_team": "T-2"}
    summary = recorded("learning_summary", "practice_lead", SUMMARY)
    step = SWINDON.step("E-1", "shared", "2026-06-01", "head_of_service", **shared)
    found = answered(taken(summary, step), "E-1")
    assert (found["from_team"], found["to_team"]) == (("T-1",), ("T-2",))
    assert refusal(taken(summary), step | {"answers": {**shared, "shared_at": "lunch"}}) == "answers.shared_at"


@pytest.mark.covers("SWI-87", "A-SWI-17")
def test_a_long_highlight_report_is_taken_with_a_warning() -> None:
    """Three sides of A4 are within the standard, a fourth gives a warning and no refusal."""
    for sides, warned in ((3, False), (4, True)):
        line = recorded("highlight_report", "team_manager", {"sides": sides}, team="T-1")
        [outcome] = taken().do(line)
        assert any("at most 3" in warning for warning in outcome.warnings) is warned


@pytest.mark.covers("SWI-73")
def test_the_summary_of_a_practice_week_goes_to_the_board() -> None:
    """On the day of the Assurance Board the summary is due; presented, it goes to the board; nobody is chased."""
    answers = {"agenda": ["summary of a Practice Week"]}
    board = SWINDON.entry("E-1", "assurance_board_meeting", "2026-03-26", "qa_team", at="2026-03-02", answers=answers)
    desk = taken(board)
    assert {name: str(each.due) for name, each in standing(desk, "E-1").items()} == {
        "practice_week_summary": "2026-03-26"
    }
    assert told(desk, "E-1") == {}
    desk.do(SWINDON.step("E-1", "week_presented", "2026-03-26", "qa_team", practice_week="PW-1"))
    assert standing(desk, "E-1") == {}
    assert told(desk, "E-1") == {"practice_week_presented": {("assurance_board", None)}}
    other = {**board, "entry": "E-2", "answers": {"agenda": ["summary report"]}}
    assert standing(taken(other), "E-2") == {}
