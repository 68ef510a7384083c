"""What the view of grade changes shows, given what auditors and moderators graded."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from events.audits import AuditModerated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.findings import SectionGraded
from projections.grade_changes import GradeChange, GradeSummary, Scale, Scales, grade_changes, grade_summary
from projections.keeper import keep
from projections.registry import VIEWS
from tests.histories import START, TORBAY, allocated, history, sealed
from tests.projections.views import SCALES, kept

NAME = "grade-changes"
GIVEN: list[Fact] = [
    allocated(),
    SectionGraded(section="plan", grade="Does not meet good"),
    SectionGraded(section="plan", grade="Exceeds good", grader="practitioner"),
    SectionGraded(section="voice", grade="Meets good"),
    AuditSubmitted(grade="Meets Good"),
]


def moderated(grade: str | None, **sections: str) -> AuditModerated:
    changed = grade != "Meets Good" or sections
    outcome = "changed" if changed else "confirmed"
    return AuditModerated(moderator="P-3", outcome=outcome, grade=grade, sections=sections, rationale=sealed("why"))


def shown(engine: Engine, *facts: Fact) -> list[GradeChange]:
    return grade_changes(kept(engine, NAME, history([*GIVEN, *facts])), TORBAY, SCALES)


def brief(rows: list[GradeChange]) -> list[tuple[str | None, str | None, str | None, str, int | None]]:
    return [(row.section, row.from_grade, row.to_grade, row.direction, row.steps) for row in rows]


def test_overall_and_sections(sqlite: Engine) -> None:
    """The overall grade and each changed section give a row of their own, from the auditor's grade."""
    rows = shown(sqlite, moderated("Escalate immediately", plan="Exceeds good", voice="Meets good"))
    assert brief(rows) == [
        (None, "Meets Good", "Escalate immediately", "lowered", 2),
        ("plan", "Does not meet good", "Exceeds good", "raised", 2),
    ]


def test_who_when_and_why(sqlite: Engine) -> None:
    """A change says by whom, in which role, when it happened and was recorded, and why, still sealed."""
    (row,) = shown(sqlite, moderated("Exceeds Good"))
    assert (row.audit, row.child, row.team, row.moderator, row.role) == ("A-1", "C-1", "T-1", "P-3", "QA Team")
    assert row.occurred == row.recorded == START.replace(hour=14)
    assert row.rationale == sealed("why")


def test_confirmed(sqlite: Engine) -> None:
    """A grade that was confirmed is no change."""
    assert shown(sqlite, moderated("Meets Good")) == []


def test_second_moderation(sqlite: Engine) -> None:
    """A second moderation changes the grade that the first one left, not the auditor's."""
    rows = shown(sqlite, moderated("Does Not Meet Good"), moderated("Exceeds Good"))
    assert brief(rows)[1] == (None, "Does Not Meet Good", "Exceeds Good", "raised", 2)


@pytest.mark.parametrize("grade", [None, "Not applicable"])
def test_grade_off_the_scale(sqlite: Engine, grade: str | None) -> None:
    """A change to or from what is on no scale is neither up nor down."""
    assert brief(shown(sqlite, moderated(grade))) == [(None, "Meets Good", grade, "changed", None)]


def test_section_that_the_auditor_did_not_grade(sqlite: Engine) -> None:
    """A section that only the moderator graded is shown, without a grade that it came from."""
    assert brief(shown(sqlite, moderated("Meets Good", chronology="Meets good"))) == [
        ("chronology", None, "Meets good", "changed", None)
    ]


def test_summary(sqlite: Engine) -> None:
    """The summary counts audits by what moderation did to them, and leaves out the void ones."""
    outcomes = ["Meets Good", "Exceeds Good", "Does Not Meet Good", "Escalate immediately", None, "Exceeds Good"]
    facts: list[tuple[str, Fact]] = []
    for number, grade in enumerate(outcomes):
        extra = {"plan": "Meets good"} if number == 1 else {}
        facts += [(f"audit/A-{number}", fact) for fact in [*GIVEN, moderated(grade, **extra)]]
    facts.append(("audit/A-5", AuditVoided(reason=sealed())))
    facts.append(("audit/A-6", allocated()))
    kept(sqlite, NAME, history(facts))
    assert grade_summary(sqlite, TORBAY, SCALES) == GradeSummary(
        moderated=5,
        confirmed=1,
        raised=1,
        lowered=2,
        otherwise=1,
        sections=1,
        sections_raised=1,
        sections_lowered=0,
        sections_otherwise=0,
    )
    assert grade_summary(sqlite, "halton", SCALES).moderated == 0
    assert [row.audit for row in grade_changes(sqlite, TORBAY, SCALES, direction="raised") if row.void] == ["A-5"]


def test_audits_and_sections_are_counted_apart(sqlite: Engine) -> None:
    """Two audits, one moderated twice, with three sections changed: two audits, and never more of them than that."""
    facts: list[tuple[str, Fact]] = [
        *(("audit/A-1", each) for each in [*GIVEN, moderated("Exceeds Good", plan="Meets good", voice="Exceeds good")]),
        *(("audit/A-2", each) for each in [*GIVEN, moderated("Does Not Meet Good"), moderated("Meets Good")]),
        ("audit/A-1", moderated("Exceeds Good", voice="Does not meet good")),
    ]
    summary = grade_summary(kept(sqlite, NAME, history(facts)), TORBAY, SCALES)
    assert (summary.moderated, summary.confirmed, summary.raised, summary.lowered) == (2, 1, 1, 0)
    assert (summary.sections, summary.sections_raised, summary.sections_lowered) == (3, 2, 1)


RENAMED = ("Outstanding", "Good", "Does Not Meet Good", "Unsafe")
BOTH: Scales = {**SCALES, "2": Scale(RENAMED, ())}


def test_each_version_has_its_scale(sqlite: Engine) -> None:
    """A change is measured by the scale of its audit's allocation, whatever another version calls the grades."""
    turned = {**SCALES, "2": Scale(SCALES["1"].overall[::-1], SCALES["1"].sections)}
    events = history([*GIVEN, moderated("Exceeds Good")])
    newer = history([*GIVEN, moderated("Exceeds Good")], authority="halton")
    newer[0] = replace(newer[0], envelope=replace(newer[0].envelope, policy_version="2"))
    kept(sqlite, NAME, events)
    kept(sqlite, NAME, newer)
    assert brief(grade_changes(sqlite, TORBAY, turned)) == [(None, "Meets Good", "Exceeds Good", "raised", 1)]
    assert brief(grade_changes(sqlite, "halton", turned)) == [(None, "Meets Good", "Exceeds Good", "lowered", 1)]


def test_a_grade_that_its_own_version_lacks(sqlite: Engine) -> None:
    """A grade known to some other version is measured by the newest that knows both; one known to none is "changed"."""
    rows = grade_changes(
        kept(sqlite, NAME, history([*GIVEN[:-1], AuditSubmitted(grade="Good"), moderated("Unsafe")])), TORBAY, BOTH
    )
    assert brief(rows) == [(None, "Good", "Unsafe", "lowered", 2)]
    assert brief(grade_changes(sqlite, TORBAY, SCALES)) == [(None, "Good", "Unsafe", "changed", None)]


@pytest.mark.parametrize("name", VIEWS)
def test_no_view_hangs_on_a_policy(name: str) -> None:
    """A view is made without any policy, so that adopting one can neither halt it nor turn its rows."""
    assert VIEWS[name]().edition == "1"


def test_an_authority_that_nobody_knew_when_it_began(sqlite: Engine) -> None:
    """A council that adopts its first policy is kept beside the others, without a rebuild."""
    kept(sqlite, NAME, history(GIVEN))
    reached = keep(
        VIEWS[NAME](), sqlite, "newcomer", history([*GIVEN, moderated("Exceeds Good")], authority="newcomer")
    )
    assert reached == len(GIVEN) + 1
    assert brief(grade_changes(sqlite, "newcomer", SCALES)) == [(None, "Meets Good", "Exceeds Good", "raised", 1)]
