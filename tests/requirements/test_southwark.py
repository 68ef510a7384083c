"""Rows of Southwark's framework that no other test is about: posts, the form, and what a return rests on."""

import pytest

from events.audits import AuditAllocated
from events.sampling import SampleDrawn
from services.obligations.engine import obligations
from tests.desks import SHIPPED
from tests.lives import Life
from tests.requirements.scenes import FORMS, desk_of, last_fact, owed_now, refusal, titles

FORM = FORMS["southwark"]


def life() -> Life:
    return Life("southwark", "A-1")


def allocated() -> Life:
    return life().allocated("2026-03-02")


@pytest.mark.covers("SOU-1", "SOU-11")
def test_posts_of_the_framework() -> None:
    """Each service has its Quality Assurance Lead, and those who hear of notices and reports are posts as well."""
    assert {"Director of Children's Social Care", "Executive Director", "Lead Member"} <= titles("southwark")
    policy = SHIPPED["southwark"].newest
    assert (policy.roles["qa_lead"].title, policy.roles["qa_lead"].scope) == ("Quality Assurance Lead", "service")
    coordinates = {act for act, roles in policy.acts.items() if "qa_lead" in roles}
    assert {"audit.reassign", "audit.close", "audit.exempt", "action.confirm", "sample.draw"} <= coordinates


@pytest.mark.covers("SOU-6")
def test_practice_groups() -> None:
    """A practice group is a unit with its lead and its Advanced Practitioners."""
    roles = SHIPPED["southwark"].newest.roles
    scopes = {roles[name].title: roles[name].scope for name in ("practice_group_lead", "advanced_practitioner")}
    assert scopes == {"Practice Group Lead": "team", "Advanced Practitioner": "team"}


@pytest.mark.covers("SOU-5", "A-SOU-15")
def test_the_childs_reviewing_officer_is_known() -> None:
    """An audit names the reviewing officer or co-ordinator of its child and the professional who leads the plan."""
    fact = last_fact(desk_of("southwark", *life().allocated("2026-03-02", reviewer="P-IRO", plan_lead="P-PLAN")))
    assert isinstance(fact, AuditAllocated)
    assert (fact.reviewer, fact.plan_lead) == ("P-IRO", "P-PLAN")
    assert "Independent Reviewing Officer or Child Protection Co-ordinator" in titles("southwark")


@pytest.mark.covers("SOU-13", "SOU-28")
def test_eight_areas() -> None:
    """A case file audit leads through the framework's eight areas, in its order."""
    assert "case file" in FORM.types
    assert FORM.sections == (
        *["Case information", "Current referral", "Assessment and analysis of need", "Planning"],
        *["Child focus", "Recording", "Management oversight", "Improvement plan"],
    )


@pytest.mark.covers("SOU-29", "SOU-31", "SOU-39", "A-SOU-09")
def test_four_grades_and_no_other() -> None:
    """The work as a whole is graded on four grades, best first; neither it nor an area can be not applicable."""
    grades = SHIPPED["southwark"].newest.grades
    assert grades.overall == ("Outstanding", "Good", "Requires improvement", "Inadequate")
    assert (grades.sections, grades.not_applicable) == ((), None)
    *before, submit = allocated().submitted("2026-03-20")
    desk = desk_of("southwark", *before)
    assert refusal(desk, submit | {"grade": "Not applicable"}) == "grade"
    area = {**submit["sections"], FORM.sections[0]: {"grade": "Not applicable", "evidence": "x"}}
    assert refusal(desk, submit | {"sections": area}) != ""
    assert refusal(desk, submit) == ""


@pytest.mark.covers("SOU-32", "SOU-39", "A-SOU-09")
def test_each_area_has_its_comment() -> None:
    """A return without the comment on one of its areas is not complete, and a comment is more than a name."""
    *before, submit = allocated().submitted("2026-03-20")
    desk = desk_of("southwark", *before)
    lacking = {name: section for name, section in submit["sections"].items() if name != "Planning"}
    assert refusal(desk, submit | {"sections": lacking}) == "audit"
    assert refusal(desk, submit | {"sections": {**lacking, "Planning": {}}}) != ""
    assert refusal(desk, submit) == ""


@pytest.mark.covers("SOU-47", "SOU-48", "SOU-49", "SOU-56", "SOU-83", "A-SOU-08")
@pytest.mark.parametrize("left_out", ["record_reflection", "record_meeting", "record_feedback"])
def test_what_a_return_rests_on(left_out: str) -> None:
    """A return needs the reflection sheet, its discussion with the social worker, and the call to the family."""
    *before, submit = allocated().submitted("2026-03-20")
    without = [line for line in before if not line["command"].endswith(left_out)]
    assert len(without) == len(before) - 1
    assert refusal(desk_of("southwark", *without), submit) == "audit"


@pytest.mark.covers("SOU-47", "SOU-49")
def test_sheet_and_call_are_owed_from_the_start() -> None:
    """The social worker owes the reflection sheet and the auditor the call, until each is recorded."""
    desk = desk_of("southwark", *allocated())
    assert [each.rule.owners[0].role for name in ("reflection", "family_call") for each in owed_now(desk, name)] == [
        "worker",
        "auditor",
    ]
    desk.do(*life().prepared("2026-03-05"))
    assert owed_now(desk, "reflection") == owed_now(desk, "family_call") == []


@pytest.mark.covers("SOU-8")
def test_an_action_for_the_service() -> None:
    """An improvement for the whole service stands apart from what is for one child."""
    task = {"action": "X-1", "text": "train", "owner": "P-HOS", "due": "2026-06-30", "level": "service"}
    fact = last_fact(desk_of("southwark", *allocated().act("action.set", "2026-03-20", "P-AUD", "auditor", **task)))
    assert getattr(fact, "level", None) == "service"


@pytest.mark.covers("SOU-C7", "SOU-3", "SOU-26", "SOU-42", "A-SOU-10", "A-SOU-12")
def test_a_months_sample_is_discussed_in_the_next() -> None:
    """SOU-C7: two of ten January audits are discussed by the end of February; one of February stands for itself."""
    head = {"authority": "southwark", "actor": "P-QA", "role": "qa_lead"}
    place = {"command": "unit.place", **head, "at": "2025-09-01", "kind": "team", "parent": "S-1"}
    teams = [f"T-{number}" for number in range(1, 11)]
    desk = desk_of("southwark", *({**place, "unit": team} for team in teams[6:]))
    for number, team in enumerate(teams, start=1):
        audit = Life("southwark", f"A-{number}", child=f"C-{number}").allocated("2026-01-05", team=team)
        desk.do(*audit.submitted("2026-01-20"))
    desk.do(*Life("southwark", "A-11", child="C-11").allocated("2026-02-02").submitted("2026-02-03"))
    january, february = (desk.store.load(f"month/2026-{month}-S-1") for month in ("01", "02"))
    dues = [[str(each.due) for each in obligations(history, desk.policies)] for history in (january, february)]
    assert dues == [["2026-02-28"], ["2026-03-31"]]
    sample = {**head, "actor": "P-HOS", "role": "head_of_service", "purpose": "discussion", "month": "2026-01"}
    sample |= {"service": "S-1", "at": "2026-02-10"}
    desk.do({"command": "sample.draw", **sample})
    drawn = desk.store.load("month/2026-01-S-1")[-1].fact
    assert isinstance(drawn, SampleDrawn)
    assert (len(drawn.frame), len(drawn.chosen), "A-11" in drawn.frame) == (10, 2, False)
    desk.do({"command": "sample.discuss", **sample, "participants": ["P-SW"]})
    ended = [each.ended() for each in obligations(desk.store.load("month/2026-01-S-1"), desk.policies)]
    assert [each and each[1] for each in ended] == ["met"]
