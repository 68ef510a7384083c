"""Rows of Swindon's framework that no other test is about: posts, the form, reflection and the family's views."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from events.audits import AuditSubmitted
from events.errors import SeparationOfDuties
from projections.register import register
from projections.store import open_store
from projections.workload import in_hand
from tests.desks import SHIPPED, TestDesk
from tests.edited import policies_of
from tests.lives import QA, Life, Line, people
from tests.projections.views import kept
from tests.requirements.scenes import FORMS, desk_of, last_fact, owed_now, refusal, titles
from tests.services.programme.scenes import owed

FORM = FORMS["swindon"]


def life(kind: str = "case file") -> Life:
    by = {} if kind != "early help" else {"open_since": "2025-06-01"}
    found = Life("swindon", "A-1").allocated("2026-05-01", audit_type=kind, **by)
    if kind == "early help":
        found.lines[-1]["role"] = "strategic_lead_early_help"
    return found


def returned(kind: str = "case file") -> Life:
    return life(kind).submitted("2026-05-20", "Good")


@pytest.mark.covers("SWI-4")
def test_posts_of_the_framework() -> None:
    """The strategic roles of quality assurance are posts of the policy."""
    assert {
        "Head of Service of Practice, Performance and Quality Assurance",
        "Quality Assurance Manager",
        "Principal Social Worker",
        "Practice & Improvement Lead",
    } <= titles("swindon")


@pytest.mark.covers("SWI-131", "A-SWI-21")
def test_a_draft() -> None:
    """The policy says that its framework is a draft, and from which day the authority put it in force."""
    policy = SHIPPED["swindon"].newest
    assert "draft 1.3" in policy.framework
    assert str(policy.effective_from) == "2024-10-01"


@pytest.mark.covers("SWI-13", "SWI-14", "SWI-30", "SWI-36", "SWI-82", "A-SWI-16")
def test_the_whole_form_is_for_full_audits() -> None:
    """Case file and early help audits need every section; the others are returned with their overall grade alone."""
    for kind, whole in (("case file", True), ("early help", True), ("thematic", False), ("ad hoc", False)):
        *prepared, submit = returned(kind)
        desk = desk_of("swindon", *prepared)
        bare = {key: value for key, value in submit.items() if key not in {"sections", "practitioner_sections"}}
        assert (refusal(desk, bare) != "") is whole
        assert refusal(desk_of("swindon", *prepared), submit) == ""
        without = [line for line in prepared if line["command"] != "audit.record_feedback"]
        assert (refusal(desk_of("swindon", *without), submit) != "") is whole


@pytest.mark.covers("SWI-37")
def test_eight_themes() -> None:
    """The form has a section for each of the eight common themes."""
    assert len(FORM.sections) == len(set(FORM.sections)) == 8


@pytest.mark.covers("SWI-43")
def test_not_applicable_is_the_authoritys_choice(tmp_path: Path) -> None:
    """No section is left out as not applicable, until the authority's own file names the word for it."""
    named = ("  sections: *scale", "  not_applicable: Not applicable\n  sections: *scale")
    for edits, taken in (([], False), ([named], True)):
        folder = tmp_path / str(taken)
        folder.mkdir()
        desk = TestDesk("swindon", policies_of(folder, "swindon", edits))
        *prepared, submit = returned()
        desk.do(*people("swindon"), *prepared)
        sections = {**submit["sections"], FORM.sections[0]: {"grade": "Not applicable"}}
        assert (refusal(desk, submit | {"sections": sections}) == "") is taken


@pytest.mark.covers("SWI-50")
def test_done_together_with_the_worker() -> None:
    """A case file audit without its meeting with the worker is not complete."""
    *lines, submit = returned()
    without = [line for line in lines if line["command"] != "audit.record_meeting"]
    assert len(without) == len(lines) - 1
    assert refusal(desk_of("swindon", *without), submit) == "audit"


@pytest.mark.covers("SWI-5", "SWI-51")
def test_reflection_before_and_after() -> None:
    """The worker reflects before the meeting, and owes a reflection on the learning once the audit is returned."""
    [meeting] = Life("swindon", "A-1").act("audit.record_meeting", "2026-05-04", "P-AUD", "auditor")
    assert refusal(desk_of("swindon", *life()), meeting) == "override"
    desk = desk_of("swindon", *returned())
    [owed] = owed_now(desk, "learning_reflection")
    assert owed.rule.owners[0].role == "worker"
    after = {"reflection": "what I take along"}
    desk.do(*Life("swindon", "A-1").act("audit.record_reflection", "2026-05-22", "P-SW", "worker", **after))
    assert owed_now(desk, "learning_reflection") == []


@pytest.mark.covers("SWI-11", "SWI-52", "A-SWI-13")
def test_the_familys_views_are_not_the_auditors_to_gather() -> None:
    """The auditor's own entry of the family's views is refused; the participation service's is taken."""
    given = {"source": "parents_carers", "outcome": "obtained", "feedback": "they listened"}
    desk = desk_of("swindon", *life())
    with pytest.raises(SeparationOfDuties):
        desk.do(*Life("swindon", "A-1").act("audit.record_feedback", "2026-05-04", "P-AUD", "auditor", **given))
    [line] = Life("swindon", "A-1").act("audit.record_feedback", "2026-05-05", "P-PS", "participation_service", **given)
    assert refusal(desk, line) == ""
    assert last_fact(desk).stored_name.startswith("audit.feedback_recorded")


@pytest.mark.covers("SWI-52", "SWI-82", "A-SWI-13")
def test_the_questionnaire_needs_child_and_parents() -> None:
    """The questionnaire is done once the child's part and the parents' are on record; twice the same is not both."""
    qa = {"outcome": "attempted"}
    heard = life().act("audit.record_feedback", "2026-04-06", "P-QA", "qa_team", source="parents_carers", **qa)
    heard.act("audit.record_feedback", "2026-04-07", "P-QA", "qa_team", source="parents_carers", **qa)
    desk = desk_of("swindon", *Life("swindon", "A-1").allocated("2026-04-01"), *heard.lines[-2:])
    assert owed_now(desk, "family_questionnaire")
    child = {"source": "child", "outcome": "not_age_appropriate"}
    desk.do(*Life("swindon", "A-1").act("audit.record_feedback", "2026-04-08", "P-QA", "qa_team", **child))
    assert not owed_now(desk, "family_questionnaire")


@pytest.mark.covers("SWI-61", "A-SWI-02")
def test_late_audits_are_seen_and_not_sent() -> None:
    """The return is due at the end of the month and has no ladder."""
    [owed] = owed_now(desk_of("swindon", *life()), "audit_return")
    assert str(owed.due) == "2026-05-31"
    assert owed.rungs == ()


@pytest.mark.covers("SWI-63")
def test_actions_are_followed_until_confirmed() -> None:
    """An action that was only completed still stands; its confirmation ends it."""
    task = {"action": "X-1", "text": "visit", "owner": "P-SW", "due": "2026-06-12"}
    desk = desk_of("swindon", *life().submitted("2026-05-20", "Inadequate", actions=[task]))
    done = {"action": "X-1", "impact": "seen and safe"}
    desk.do(*Life("swindon", "A-1").act("action.complete", "2026-06-01", "P-SW", "action_owner", **done))
    assert [each.key for each in owed_now(desk, "action")] == ["X-1"]
    desk.do(*Life("swindon", "A-1").act("action.confirm", "2026-06-02", "P-TM", "team_manager"))
    assert owed_now(desk, "action") == []


@pytest.mark.covers("SWI-32", "SWI-33", "A-SWI-09")
def test_elements_and_the_whole_are_graded() -> None:
    """Each section and the work as a whole are graded on the one scale, best first."""
    scale = ("Outstanding", "Good", "Requires improvement", "Inadequate")
    grades = SHIPPED["swindon"].newest.grades
    assert grades.overall == grades.sections == scale
    desk = desk_of("swindon", *returned())
    [fact] = [each.fact for each in desk.history("A-1") if isinstance(each.fact, AuditSubmitted)]
    assert fact.grade == "Good"
    assert sum(each.fact.stored_name.startswith("audit.section_graded") for each in desk.history("A-1")) == 8


@pytest.mark.covers("SWI-24", "SWI-55")
def test_the_qa_team_chooses_and_passes_on() -> None:
    """The QA team gives a file to an auditor, and a returned audit to a moderator; a team manager gives neither."""
    [line] = life()
    [pass_on] = Life("swindon", "A-1").act("audit.allocate_moderator", "2026-05-21", **QA, moderator="P-MOD")
    other = {"actor": "P-TM", "role": "team_manager"}
    assert refusal(desk_of("swindon"), line | other) == "role"
    assert refusal(desk_of("swindon", *returned()), pass_on | other) == "role"
    assert refusal(desk_of("swindon", *returned()), pass_on) == ""


@pytest.mark.covers("SWI-1", "SWI-7", "SWI-44")
@pytest.mark.parametrize(
    ("person", "post", "task"),
    [
        ("P-DIR", "director", "audit_director"),
        ("P-HOS", "head_of_service", "audit_head_of_service"),
        ("P-SM", "service_manager", "audit_service_manager"),
    ],
)
def test_a_leader_audits_and_sees_what_is_in_hand(tmp_path: Path, person: str, post: str, task: str) -> None:
    """A leader owes an audit of the month and sees it in hand, then the file itself; once it is back, neither."""

    def held(*lines: Line) -> set[tuple[str, str, bool]]:
        desk = desk_of(
            "swindon",
            {"command": "person.train", **QA, "authority": "swindon", "at": "2025-09-01", "person": person},
            *lines,
        )
        engine = open_store(f"sqlite:///{tmp_path}/{len(lines)}.db")
        history = [replace(each, position=each.originator_version) for each in desk.history("A-1")]
        known = kept(engine, "register", history) if history else None
        audits = register(known, "swindon", as_of=date(2026, 6, 1)) if known else []
        engine.dispose()
        owing = owed(desk, "2026-05-01", "2026-05-31", "2026-06-01", task)
        assert {(row.role, str(row.due)) for row in owing} == {(post, "2026-05-31")}
        return {(each.kind, each.about, each.overdue) for each in in_hand(audits, [], owing, today=date(2026, 6, 1))}

    life = Life("swindon", "A-1", auditor=person).allocated("2026-05-01")
    month = ("task", person, True)
    assert held() == {month}
    assert held(*life) == {month, ("audit", "A-1", True)}
    assert held(*life.submitted("2026-05-20", "Good")) == set()
