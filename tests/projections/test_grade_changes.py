"""What the view of grade changes shows, given what auditors and moderators graded."""

import pytest
from sqlalchemy import Engine

from events.audits import AuditModerated, AuditSubmitted, AuditVoided, SectionGraded
from events.base import Fact
from projections.generations import Outdated
from projections.grade_changes import GradeChange, GradeChanges, GradeSummary, Scales, grade_changes, grade_summary
from projections.keeper import keep
from projections.view import Halted
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
    return grade_changes(kept(engine, NAME, history([*GIVEN, *facts])), TORBAY)


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
    assert grade_summary(sqlite, TORBAY) == GradeSummary(
        moderated=5, confirmed=1, changed=4, raised=1, lowered=2, otherwise=1, sections=1
    )
    assert grade_summary(sqlite, "halton").moderated == 0
    assert [row.audit for row in grade_changes(sqlite, TORBAY, direction="raised") if row.void] == ["A-5"]


def test_authority_without_scales_halts(sqlite: Engine) -> None:
    """A change in an authority whose scales were not handed in halts the view rather than going unjudged."""
    with pytest.raises(Halted, match="halton"):
        keep(
            GradeChanges({TORBAY: Scales()}).view(),
            sqlite,
            "halton",
            history([*GIVEN, moderated(None)], authority="halton"),
        )


def test_other_scales_need_a_rebuild(sqlite: Engine) -> None:
    """Directions judged by one scale are not mixed with those judged by another."""
    kept(sqlite, NAME, history(GIVEN))
    turned = {**SCALES, TORBAY: Scales(SCALES[TORBAY].overall[::-1], SCALES[TORBAY].sections)}
    with pytest.raises(Outdated):
        keep(GradeChanges(turned).view(), sqlite, TORBAY, history(GIVEN))
