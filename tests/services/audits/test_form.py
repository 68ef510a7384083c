"""What the form of a framework asks for before an audit counts as complete."""

from typing import Any

import pytest

from events.audits import AuditSubmitted
from events.findings import SectionGraded
from tests.desks import ReadableKeys
from tests.given import fact, given
from tests.lives import HALTON_RI, Line
from tests.services.audits.scenes import SECTION, allocated, life


@pytest.mark.covers("SOU-31", "A-SOU-09")
def test_a_section_without_a_scale_holds_a_comment() -> None:
    """Where the framework grades no section, the comment stands in its place, and is asked for."""
    section = "Planning"
    graded = life(authority="southwark").act("audit.grade_section", "2026-03-04", "P-AUD", "auditor", section=section)
    desk = given(*life(authority="southwark").allocated("2026-03-02"), authority="southwark")
    desk.when(graded).refused("evidence", "Planning has no grade: write the comment here")
    [line] = graded
    desk.when({**line, "evidence": "the plan names no day"}).then(
        fact("audit.section_commented", section=section, grader="auditor", comment="the plan names no day")
    )


@pytest.mark.covers("TOR-48", "TOR-74", "TOR-127")
@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ("meeting", "no meeting with the practitioner"),
        ("feedback", "no feedback sought from family"),
        ("section", f"no grade by the auditor for {SECTION}"),
        ("text", f"no evidence and impact for {SECTION}"),
    ],
)
def test_an_incomplete_audit_needs_a_reason(left_out: str, missing: str) -> None:
    """A return without a part that the framework asks for is refused, and taken with the reason."""
    *prepared, submit = life().submitted("2026-03-10")
    sections = dict(submit["sections"])
    if left_out == "section":
        del sections[SECTION]
    if left_out == "text":
        sections[SECTION] = {"grade": "Meets good", "evidence": "seen on file"}
    desk = given(*allocated(), *(line for line in prepared if left_out not in line["command"]))
    desk.when({**submit, "sections": sections}).refused("audit", missing)
    desk.do({**submit, "sections": sections, "override": "the worker has left"})
    assert any(isinstance(each.fact, AuditSubmitted) and each.fact.override for each in desk.history("A-1"))


def test_all_that_is_missing_is_named_at_once() -> None:
    """What the talks with the practitioner and the family should have left is named in whole words, one by one."""
    *_, submit = life(authority="swindon").submitted("2026-03-12")
    desk = given(*life(authority="swindon").allocated("2026-03-07"), authority="swindon")
    sitting = "no reflection of the practitioner; no meeting with the practitioner"
    family = "no feedback sought from child; no feedback sought from parents or carers"
    desk.when(submit).refused("audit", f"it is not complete: {sitting}; {family} (or give the reason as override)")


def test_a_section_that_lacks_its_comment_is_named() -> None:
    """Where sections have no scale, it is the comment that is missed, with whose it is and of what."""
    *prepared, submit = life(authority="southwark").submitted("2026-03-12")
    sections = {name: held for name, held in submit["sections"].items() if name != "Planning"}
    desk = given(*life(authority="southwark").allocated("2026-03-02"), *prepared, authority="southwark")
    desk.when({**submit, "sections": sections}).refused("audit", "no comment by the auditor for Planning")


def test_what_is_written_beside_the_grades_is_kept_sealed() -> None:
    """The auditor's summary of the return, and what the moderator has learnt from the file."""
    *prepared, submit = life().submitted("2026-03-10")
    returned = given(*allocated(), *prepared).when({**submit, "summary": "seen weekly, and heard"})
    *_, audited, _ = returned.written
    assert isinstance(audited.fact, AuditSubmitted)
    assert ReadableKeys().unseal(audited.fact.summary or "", "audit.summary") == "seen weekly, and heard"
    moderated = life().to_moderator("2026-03-11").moderated("2026-03-12", learning_points="the chronology helped")
    came = returned.scene.when(*moderated)
    came.then("audit.moderator_allocated", fact("audit.moderated", learning_points="the chronology helped"))


@pytest.mark.covers("TOR-47", "A-TOR-11")
def test_a_section_that_does_not_apply_needs_no_texts() -> None:
    """A section that does not apply is graded so and needs neither evidence nor impact."""
    *prepared, submit = life().submitted("2026-03-10")
    sections = {**submit["sections"], SECTION: {"grade": "Not applicable"}}
    desk = given(*allocated(), *prepared, {**submit, "sections": sections})
    graded = [each.fact for each in desk.history("A-1") if isinstance(each.fact, SectionGraded)]
    assert {fact.section: fact.grade for fact in graded}[SECTION] == "Not applicable"


@pytest.mark.covers("TOR-48")
def test_sections_graded_before_the_return_count() -> None:
    """What was graded section by section with its texts need not be said again."""
    *prepared, submit = life().submitted("2026-03-10")
    sections = dict(submit["sections"])
    first = life().act(
        "audit.grade_section", "2026-03-09", "P-AUD", "auditor", section=SECTION, **sections.pop(SECTION)
    )
    given(*allocated(), *first, *prepared).when({**submit, "sections": sections}).then(
        *["audit.section_graded"] * len(sections),
        "audit.submitted",
        "month.return_counted",
    )


@pytest.mark.covers("HAL-26", "HAL-28", "A-HAL-12")
def test_halton_takes_both_grades_and_no_not_applicable() -> None:
    """Auditor and practitioner both grade every section, and none can be left as not applicable."""
    desk = given(*life(authority="halton").allocated("2026-03-07"), authority="halton")
    *prepared, submit = life(authority="halton").submitted("2026-03-12")
    desk.do(*prepared)
    desk.when({**submit, "practitioner_sections": {}}).refused("audit", "no grade by the practitioner")
    sections = {**submit["sections"], "Review": {"grade": "Not applicable"}}
    desk.when({**submit, "sections": sections}).refused("grade")


@pytest.mark.covers("HAL-42", "A-HAL-16")
def test_the_reflection_comes_before_the_meeting() -> None:
    """The meeting waits for the practitioner's reflection, unless a reason is given."""
    desk = given(*life(authority="halton").allocated("2026-03-07"), authority="halton")
    meeting = {"at": "2026-03-10", "actor": "P-AUD", "role": "auditor"}
    [plain] = life(authority="halton").act("audit.record_meeting", **meeting)
    desk.when(plain).refused("override")
    desk.when({**plain, "override": "on leave until May"}).then(
        fact("audit.meeting_recorded", override="on leave until May")
    )


@pytest.mark.covers("HAL-29", "A-HAL-11", "HAL-C10")
@pytest.mark.parametrize(
    ("grade", "override", "accepted"),
    [(HALTON_RI, None, False), (HALTON_RI, "met since", True), ("Inadequate", None, True)],
)
def test_an_unmet_bottom_line_makes_the_file_inadequate(grade: str, override: str | None, accepted: bool) -> None:  # noqa: FBT001 - from the table
    """With a bottom line unmet only Inadequate is taken, or another grade with its reason on record."""
    fields: dict[str, Any] = {"bottom_lines_unmet": ["seen alone"], **({"override": override} if override else {})}
    desk = given(*life(authority="halton").allocated("2026-07-07"), authority="halton")
    *prepared, submit = life(authority="halton").submitted("2026-07-13", grade, **fields)
    desk.do(*prepared)
    if not accepted:
        desk.when(submit).refused("grade")
        return
    desk.do(submit)
    [fact] = [each.fact for each in desk.history("A-1") if isinstance(each.fact, AuditSubmitted)]
    assert (fact.grade, fact.bottom_lines_unmet, bool(fact.override)) == (grade, ("seen alone",), bool(override))


@pytest.mark.covers("HAL-59")
@pytest.mark.parametrize("plan", [{}, {"safety_plan": None}])
def test_inadequate_carries_a_plan(plan: Line) -> None:
    """A file that is inadequate, on audit or on moderation, comes with a plan that keeps the child safe."""
    desk = given(*life(authority="halton").allocated("2026-03-07"), authority="halton")
    *prepared, submit = life(authority="halton").submitted("2026-03-12", "Inadequate")
    without = {key: value for key, value in submit.items() if key != "safety_plan"} | plan
    desk.do(*prepared)
    desk.when(without).refused("safety_plan")
    desk.do(submit, *life(authority="halton").to_moderator("2026-03-13"))
    [moderate] = life(authority="halton").moderated("2026-03-24")
    desk.when(moderate).refused("safety_plan")
    desk.when({**moderate, "safety_plan": "checked"}).then(fact("audit.moderated", safety_plan="checked"))


@pytest.mark.covers("TOR-48")
def test_a_section_graded_before_without_its_texts_is_incomplete() -> None:
    """A grade that the auditor gave earlier without its texts leaves the audit incomplete until they come."""
    *prepared, submit = life().submitted("2026-03-10")
    sections = dict(submit["sections"])
    graded = sections.pop(SECTION)
    bare = life().act("audit.grade_section", "2026-03-09", "P-AUD", "auditor", section=SECTION, grade=graded["grade"])
    desk = given(*allocated(), *bare, *prepared)
    desk.when({**submit, "sections": sections}).refused("audit", f"no evidence and impact for {SECTION}")
    desk.do(submit)


def test_what_a_section_says_is_kept() -> None:
    """Its grade, who gave it, its texts as they were given, and that it is to be escalated at once."""
    said = {"evidence": "no visit since May", "impact": "nobody knows", "escalate": True}
    [line] = life().act(
        "audit.grade_section", "2026-03-09", "P-AUD", "auditor", section=SECTION, grade="Meets good", **said
    )
    given(*allocated()).when(line).then(
        fact("audit.section_graded", "audit/A-1", section=SECTION, grade="Meets good", grader="auditor", **said)
    )


def test_answers_to_questions_of_the_round_are_sealed() -> None:
    """What the auditor answered to a round's own questions stands by its question, and no text of it is readable."""
    *prepared, submit = life().submitted("2026-03-10")
    desk = given(*allocated(), *prepared, {**submit, "bespoke": {"Was the plan read?": "yes, with the child"}})
    [returned] = [each.fact for each in desk.history("A-1") if isinstance(each.fact, AuditSubmitted)]
    assert {name: ReadableKeys().unseal(text, "") for name, text in returned.bespoke.items()} == {
        "Was the plan read?": "yes, with the child"
    }
