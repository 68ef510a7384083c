"""Northmoor's themed audits with other agencies: each scores for itself, beside the council's own audit."""

import pytest

from events.audits import AuditClosed
from events.errors import Forbidden, Refused, SeparationOfDuties
from tests.given import fact
from tests.northmoor.council import POLICY, QA, Line, act, allocated, desk, owed

JOINT = "joint themed audit"
AGENCIES = ("police", "health", "education")
AUDITOR, OTHER = "P-TEAM-MANAGER-CARE", "P-TEAM-MANAGER-LEAVE"
GIVEN = [
    *(act("person.appoint", "2026-01-05", **QA, person=f"P-{post.upper()}", post=post) for post in AGENCIES),
    allocated("A-1", "2026-03-02", audit_type=JOINT),
]
RETURN = act("audit.submit", "2026-03-10", AUDITOR, "auditor", audit="A-1", grade="Good")


def scored(
    agency: str, at: str | None, grade: str | None = "Good", *, who: str | None = None, **fields: object
) -> Line:
    given = {} if grade is None else {"grade": grade}
    return act("audit.score", at, who or f"P-{agency.upper()}", agency, audit="A-1", **given, **fields)


def closed(at: str = "2026-03-20", **fields: str) -> Line:
    return act("audit.close", at, **QA, audit="A-1", **fields)


def test_it_is_owed_until_each_agency_has_scored() -> None:
    """NM-20: police, health and education each score for themselves; two of them are not enough."""
    held = desk(*GIVEN, scored("police", "2026-03-05"), scored("police", "2026-03-06"), scored("health", "2026-03-09"))
    [clock] = owed(held, "agency_scores")
    assert (clock.due, clock.ended()) == (None, None)
    held.do(
        scored("education", "2026-03-11", "Inadequate", sections={"Plan and impact": "4"}, finding="no school place")
    )
    [clock] = owed(held, "agency_scores")
    assert clock.ended() is not None
    assert owed(desk(allocated("A-1", "2026-03-02", audit_type="themed audit")), "agency_scores") == []


def test_a_score_is_the_agencys_own_and_changes_no_grade() -> None:
    """NM-20: it is kept under the agency in whose role it was given; the council's grade is the auditor's."""
    held = desk(*GIVEN, RETURN)
    held.when(scored("education", "2026-03-11", "Inadequate", sections={"Plan and impact": "4"})).then(
        fact(
            "audit.agency_scored",
            "audit/A-1",
            agency="education",
            by="P-EDUCATION",
            grade="Inadequate",
            sections={"Plan and impact": "4"},
        )
    )
    said = held.history("A-1")[-1].fact.sentence()
    assert said == "P-EDUCATION scored the audit for «education», with the grade “Inadequate”."
    assert owed(held, "reaudit_inadequate") == []


@pytest.mark.parametrize(
    ("lines", "field", "said", "error"),
    [
        ([scored("police", None, who="P-HEALTH")], "role", "P-HEALTH did not hold the role police", Forbidden),
        ([scored("panel", "2026-03-05", who="P-PANEL")], "role", "may not audit.score", Forbidden),
        ([scored("police", "2026-03-01")], "at", "2026-03-02", Refused),
        ([scored("police", "2026-03-05", None)], "grade", "an overall grade is needed", Refused),
        ([scored("police", "2026-03-05", "Fair")], "grade", "unknown grade Fair", Refused),
        ([scored("police", "2026-03-05", sections={"Safety": "2"})], "sections", "unknown section Safety", Refused),
        ([scored("police", "2026-03-05", sections={"Safety and risk": "5"})], "sections", "unknown grade 5", Refused),
        ([scored("police", "2026-03-05"), scored("police", "2026-03-04")], "at", "before its score of", Refused),
    ],
)
def test_what_is_refused(lines: list[Line], field: str, said: str, error: type[Refused]) -> None:
    """NM-20: for another agency, by nobody's agency, too early, without a grade or off the scales, out of order."""
    *before, last = lines
    desk(*GIVEN, *before).when(last).refused(field, said, error=error)


def test_no_agency_scores_an_audit_of_another_type() -> None:
    """NM-20: what other agencies do not look at, they do not score."""
    held = desk(*GIVEN[:-1], allocated("A-1", "2026-03-02", audit_type="themed audit"))
    held.when(scored("police", "2026-03-05")).refused(
        "role", "an audit of type themed audit is scored by no other agency"
    )


def test_nobody_scores_for_an_agency_what_they_audited() -> None:
    """NM-20: who sits for the police is not the one who audited the file."""
    held = desk(*GIVEN, act("person.appoint", "2026-03-02", **QA, person=AUDITOR, post="police"))
    held.when(scored("police", "2026-03-05", who=AUDITOR)).attempted("actor", "who audited it may not score it")
    with pytest.raises(SeparationOfDuties):
        held.do(scored("police", "2026-03-06", who=AUDITOR))


def test_who_scored_is_neither_auditor_nor_moderator() -> None:
    """NM-20: the separation holds in whichever order, also for an auditor of before."""
    both = [act("person.appoint", "2026-03-02", **QA, person=person, post="police") for person in (AUDITOR, OTHER)]
    held = desk(*GIVEN, *both, scored("police", "2026-03-03", who=OTHER))
    again = act("audit.reassign", "2026-03-04", **QA, audit="A-1", auditor=OTHER, reason="ill")
    held.when(again).attempted("auditor", "who scored it for another agency")
    held.do(RETURN)
    to_moderate = act("audit.allocate_moderator", "2026-03-11", **QA, audit="A-1", moderator=OTHER)
    held.when(to_moderate).attempted("moderator", "who scored it for another agency")
    left = desk(*GIVEN, *both, again)
    left.when(scored("police", "2026-03-05", who=AUDITOR)).attempted("actor", "who audited it may not score it")


def test_it_is_closed_before_that_only_with_a_reason() -> None:
    """NM-20: an audit that is still to be scored by an agency is not finished, unless somebody says why."""
    held = desk(*GIVEN, RETURN, scored("police", "2026-03-11"))
    held.when(closed()).refused("reason", "it was not scored by health, education")
    also = desk(*GIVEN, RETURN, scored("police", "2026-03-11"))
    also.do(closed(reason="neither knows the family"))
    assert isinstance(also.history("A-1")[-1].fact, AuditClosed)
    held.do(scored("health", "2026-03-12"), scored("education", "2026-03-12"), closed())
    assert isinstance(held.history("A-1")[-1].fact, AuditClosed)


def test_the_roles_are_the_frameworks_own() -> None:
    """NM-20: police, health and education, of the one type alone."""
    assert {label: set(roles) for label, roles in POLICY.tool.agencies.items()} == {JOINT: set(AGENCIES)}
