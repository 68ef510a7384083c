"""Northmoor's dispute about a moderated grade: by the auditor within five working days, settled for good."""

from dataclasses import replace
from pathlib import Path

import pytest

from events.errors import Forbidden, Refused
from events.grade_disputes import GradeDisputed, GradeSettled
from projections.grade_changes import Scale, grade_changes, grade_summary
from projections.published.standing import standing
from projections.register import register
from projections.store import open_store
from tests.northmoor.council import POLICY, QA, Line, act, allocated, desk, owed, returned
from tests.projections.views import kept

PANEL, AUDITOR = ("P-PANEL", "moderator"), ("P-TEAM-MANAGER-CARE", "auditor")
PSW = ("P-PRINCIPAL-SOCIAL-WORKER", "principal_social_worker")


def moderated(grade: str = "Requires Improvement", at: str = "2026-03-12") -> Line:
    return act("audit.moderate", at, *PANEL, audit="A-1", grade=grade, rationale="the plan is missing")


MODERATED = [
    allocated("A-1", "2026-03-02"),
    *returned("A-1", "2026-03-10"),
    act("audit.allocate_moderator", "2026-03-11", **QA, audit="A-1", moderator="P-PANEL"),
    moderated(),
]


def disputed(at: str = "2026-03-19", who: tuple[str, str] = AUDITOR) -> Line:
    return act("audit.dispute_grade", at, *who, audit="A-1", reason="it was on file")


def settled(at: str = "2026-03-26", who: tuple[str, str] = PSW, **fields: str) -> Line:
    return act("audit.settle_grade", at, *who, audit="A-1", rationale="it was there", **fields)


def test_the_auditor_disputes_and_the_principal_social_worker_settles() -> None:
    """NM-11: five working days for each; the re-audit of what required improvement falls away with the grade."""
    held = desk(*MODERATED, disputed())
    [clock] = owed(held, "grade_dispute")
    assert (str(clock.due), str(clock.rule.owner), clock.ended()) == ("2026-03-26", PSW[1], None)
    [again] = owed(held, "reaudit_improvement")
    assert again.ended() is None, "until it is settled the moderated grade stands"
    held.do(settled(grade="Good"))
    [clock], [again] = owed(held, "grade_dispute"), owed(held, "reaudit_improvement")
    assert clock.ended() is not None
    assert again.ended() is not None
    said = [each.fact.sentence() for each in held.history("A-1") if isinstance(each.fact, GradeDisputed | GradeSettled)]
    assert said == [
        (
            "The grade was disputed (reason recorded); "
            "until that is settled the audit stands with the grade “Requires Improvement”."
        ),
        (
            "P-PRINCIPAL-SOCIAL-WORKER settled the dispute and changed the grade; "
            "the audit stands with the grade “Good” for good."
        ),
    ]


@pytest.mark.parametrize(
    ("grade", "name"), [("Requires Improvement", "reaudit_improvement"), ("Inadequate", "recovery_plan")]
)
def test_what_follows_from_a_grade_follows_from_the_one_that_settles(grade: str, name: str) -> None:
    """NM-11, NM-16, NM-17: a grade that the settlement gives is owed for like one of a moderation."""
    good = [*MODERATED[:-1], moderated("Good"), disputed()]
    assert owed(desk(*good), name) == []
    [found] = owed(desk(*good, settled(grade=grade)), name)
    assert found.ended() is None


@pytest.mark.parametrize(
    ("lines", "field", "said"),
    [
        (
            [disputed("2026-03-20")],
            "at",
            "the grade could be disputed until 19 Mar 2026, 5 working days after moderation",
        ),
        ([disputed("2026-03-13", ("P-TEAM-MANAGER-MASH", "auditor"))], "actor", "is not the auditor"),
        ([disputed("2026-03-13", PSW)], "role", "may not audit.dispute_grade; that is for auditor"),
        ([disputed("2026-03-13"), disputed("2026-03-16")], "audit", "its grade is disputed since 13 Mar 2026"),
        ([settled()], "audit", "its grade is not disputed"),
        ([disputed("2026-03-13"), settled("2026-03-12")], "at", "2026-03-12 is before its cause"),
        ([disputed(), settled(who=AUDITOR)], "role", "may not audit.settle_grade; that is for principal_social_worker"),
        ([disputed(), settled(grade="Fair")], "grade", "unknown grade Fair"),
        ([disputed(), settled(), disputed("2026-03-18")], "audit", "its grade is final: it was settled on 26 Mar 2026"),
        (
            [disputed(), settled(), moderated(at="2026-03-27")],
            "audit",
            "its grade is final: it was settled on 26 Mar 2026",
        ),
    ],
)
def test_what_is_refused(lines: list[Line], field: str, said: str) -> None:
    """NM-11: too late, by another, twice, without a dispute, off the scale; and nothing after what is final."""
    *before, last = lines
    desk(*MODERATED, *before).when(last).refused(
        field, said, error=Forbidden if field in {"actor", "role"} else Refused
    )


def test_an_audit_is_not_closed_over_a_dispute() -> None:
    """NM-11: while the dispute stands no grade is final, so that the audit is closed only once it is settled."""
    held = desk(*MODERATED, disputed())
    closing = act("audit.close", "2026-03-30", **QA, audit="A-1")
    assert held.when(closing).refused("audit") == (
        "audit: its grade is disputed since 19 Mar 2026: it cannot be closed before that is settled"
    )
    held.do(settled(grade="Good"))
    held.when({**closing, "at": "2026-03-25"}).refused("at", "2026-03-26")
    held.do(closing)
    assert held.history("A-1")[-1].fact.stored_name == "audit.closed.v1"


def test_nobody_settles_what_they_moderated() -> None:
    """NM-11, NM-10: who moderated it is not the one whose word is final."""
    also = POLICY.model_copy(update={"acts": POLICY.acts | {"audit.settle_grade": ("panel",)}})
    held = desk(*MODERATED, disputed(), policy=also)
    held.when(settled(who=("P-PANEL", "panel"))).attempted("actor", "who moderated it may not settle")
    assert owed(held, "grade_dispute")[0].ended() is None


def test_nobody_settles_what_they_audited_before() -> None:
    """NM-11: an audit that was given to another stays one of its first auditor's as well."""
    also = POLICY.model_copy(update={"acts": POLICY.acts | {"audit.settle_grade": ("panel",)}})
    before, *rest = MODERATED
    first = {**before, "auditor": "P-PANEL"}
    again = act("audit.reassign", "2026-03-03", **QA, audit="A-1", auditor=AUDITOR[0], reason="ill")
    line = {**rest[-2], "moderator": "P-PRINCIPAL-SOCIAL-WORKER"}
    judged = {**rest[-1], "actor": "P-PRINCIPAL-SOCIAL-WORKER"}
    held = desk(first, again, *rest[:-2], line, judged, disputed(), policy=also)
    held.when(settled(who=("P-PANEL", "panel"))).attempted("actor", "who audited it may not settle")


def test_a_framework_without_such_disputes() -> None:
    """Where the framework says nothing of it, there is none."""
    none = POLICY.model_copy(update={"grade_dispute": None})
    assert (
        desk(*MODERATED, policy=none).when(disputed()).refused("audit")
        == "audit: the framework knows no dispute about a grade"
    )


def test_what_a_person_sees(tmp_path: Path) -> None:
    """NM-11: the register shows the final grade, the grade changes who gave it, and others are told of the change."""
    held = desk(*MODERATED, disputed(), settled(grade="Good"))
    events = [replace(each, position=number) for number, each in enumerate(held.history("A-1"), 1)]
    engine = open_store(f"sqlite:///{tmp_path}/view.db")
    [row] = register(kept(engine, "register", events), "northmoor")
    assert (row.grade_by_auditor, row.moderation, row.final_grade) == ("Good", "changed", "Good")
    scales = {"1": Scale(POLICY.grades.overall, POLICY.grades.sections)}
    found = grade_changes(kept(engine, "grade-changes", events), "northmoor", scales)
    assert [(each.moderator, each.to_grade, each.direction) for each in found] == [
        ("P-PANEL", "Requires Improvement", "lowered"),
        ("P-PRINCIPAL-SOCIAL-WORKER", "Good", "raised"),
    ]
    assert grade_summary(engine, "northmoor", scales).confirmed == 1
    assert standing(events).grade == "Good"
