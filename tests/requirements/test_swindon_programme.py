"""Swindon's programme around the audits: quotas, Practice Weeks, observations, reviews and the learning from them."""

from typing import Any

import pytest

from tests.desks import SHIPPED, TestDesk
from tests.lives import Life, Line
from tests.requirements.register_entries import Programme, answered, standing, told
from tests.requirements.scenes import desk_of, refusal
from tests.services.programme.scenes import owed

SWINDON = Programme("swindon")
AUDITORS = (
    ("P-TM2", "team_manager", "T-1"),
    ("P-CC", "conference_chair", None),
    ("P-IRO", "reviewing_officer", None),
    ("P-SM2", "service_manager", "S-1"),
    ("P-HOS2", "head_of_service", "S-1"),
    ("P-DIR2", "director", None),
)


def taken(*lines: Line) -> TestDesk:
    return desk_of("swindon", *lines)


def recorded(kind: str, role: str, answers: dict[str, Any], **fields: Any) -> Line:
    return SWINDON.entry("E-1", kind, "2026-05-12", role, answers=answers, **fields)


@pytest.mark.covers("SWI-1", "SWI-44")
@pytest.mark.parametrize(("person", "post", "unit"), AUDITORS, ids=[post for _, post, _ in AUDITORS])
def test_one_audit_a_month(person: str, post: str, unit: str | None) -> None:
    """Each auditor of each listed post owes one case file audit a month; a thematic one is no case file audit."""
    desk = taken(SWINDON.appointed(person, post, unit))
    audits = (("A-1", "thematic", "2026-05-12"), ("A-2", "case file", "2026-06-12"))
    for audit, kind, on in audits:
        life = Life("swindon", audit, child=f"C-{audit}", auditor=person)
        desk.do(*life.allocated(on, audit_type=kind).submitted(on))
    rows = [row for row in owed(desk, "2026-05-01", "2026-06-30", "2026-07-01") if row.about == person]
    states = [(str(row.due), row.state) for row in rows if row.task.startswith("audit_")]
    assert states == [("2026-05-31", "overdue"), ("2026-06-30", "met")]


@pytest.mark.covers("SWI-2", "A-SWI-19")
def test_one_early_help_audit_a_month() -> None:
    """Early help's co-ordinators and managers have a month's audit of their own, which a case file audit is not."""
    desk = taken(
        SWINDON.appointed("P-EHC", "early_help_coordinator", "T-1"),
        SWINDON.appointed("P-OPM", "operational_manager", "S-1"),
    )
    for audit, kind, auditor in (("A-1", "early help", "P-EHC"), ("A-2", "case file", "P-OPM")):
        life = Life("swindon", audit, child=f"C-{audit}", auditor=auditor)
        chosen = {"actor": "P-LEAD", "role": "strategic_lead_early_help"}
        lines = list(life.allocated("2026-05-04", audit_type=kind).submitted("2026-05-12"))
        desk.do(lines[0] | (chosen if kind == "early help" else {}), *lines[1:])
    rows = owed(desk, "2026-05-31", "2026-05-31", "2026-06-01")
    states = {row.about: row.state for row in rows if "SWI-2" in row.source}
    assert states == {"P-EHC": "met", "P-OPM": "overdue"}


@pytest.mark.covers("SWI-20", "SWI-47", "SWI-72", "A-SWI-18")
def test_practice_weeks() -> None:
    """Two a year, counted from January; each names its activities, and no other kind of activity is taken."""
    planned: Line = {"answers": {"activities": ["core group", "Pathway Planning Meeting"]}, "at": "2026-01-05"}
    march = SWINDON.entry("PW-1", "practice_week", "2026-03-16", "qa_team", until="2026-03-20", **planned)
    october = SWINDON.entry("PW-2", "practice_week", "2026-10-12", "qa_team", until="2026-10-16", **planned)
    desk = taken(march)
    [row] = owed(desk, "2026-12-31", "2026-12-31", "2027-01-01", "practice_weeks")
    assert (row.first.isoformat(), row.done, row.needed, row.state) == ("2026-01-01", 1, 2, "overdue")
    desk.do(october)
    assert [each.state for each in owed(desk, "2026-12-31", "2026-12-31", "2026-11-01", "practice_weeks")] == ["met"]
    assert told(desk, "PW-1") == told(desk, "PW-2") == {}
    register = next(each for each in SHIPPED["swindon"].newest.registers if each.name == "practice_week")
    assert len(register.questions[0].options) == 8
    third = {**october, "entry": "PW-3", "answers": {"activities": ["picnic"]}}
    assert refusal(desk, third) == "answers.activities"


@pytest.mark.covers("SWI-22")
def test_meetings_are_observed_by_five_points() -> None:
    """An observed conference, review or core group is told by all five points, and by no fewer."""
    points = {f"point_{number}": "seen" for number in range(1, 6)}
    observed = recorded("meeting_observation", "service_manager", {"meeting": "core group", **points}, person="P-CC")
    for point in points:
        given = {name: text for name, text in observed["answers"].items() if name != point}
        assert refusal(taken(), observed | {"answers": given}) == f"answers.{point}"
    assert refusal(taken(), observed) == ""


@pytest.mark.covers("SWI-71")
def test_a_practitioner_presents_the_learning() -> None:
    """The learning from an observation is presented at a meeting of the team or of the service."""
    observed = recorded("observation", "team_manager", {"observed": "review meeting"}, person="P-SW")
    shown = SWINDON.step("E-1", "learning_presented", "2026-05-20", "practitioner", "P-SW", presented_at="team meeting")
    assert answered(taken(observed, shown), "E-1")["presented_at"] == ("team meeting",)
    elsewhere = shown | {"answers": {"presented_at": "canteen"}}
    assert refusal(taken(observed), elsewhere) == "answers.presented_at"


@pytest.mark.covers("SWI-17", "SWI-67", "SWI-80")
@pytest.mark.parametrize(
    ("prompt", "follow_up"),
    [
        ("concern", "ad hoc audit"),
        ("change in practice", "ad hoc audit"),
        ("change in the data", "dip samples"),
        ("finding of a national practice review", "thematic audit"),
    ],
)
def test_audits_on_direction(prompt: str, follow_up: str) -> None:
    """The QA team says what prompted an audit, such as an indicator or a review, and what came of it."""
    answers = {"prompted_by": prompt, "follow_up": follow_up, "question": "why more of them?", "follows": "rereferrals"}
    found = SWINDON.step("E-1", "findings", "2026-06-01", "qa_team", themes=["thresholds"], found="two reasons")
    desk = taken(recorded("commissioned_audit", "qa_team", answers), found)
    assert answered(desk, "E-1") == {
        "follow_up": (follow_up,),
        "prompted_by": (prompt,),
        "follows": ("rereferrals",),
        "question": ("sealed",),
        "themes": ("thresholds",),
        "found": ("sealed",),
    }
    assert refusal(taken(), recorded("commissioned_audit", "practitioner", answers)) == "role"


@pytest.mark.covers("SWI-67")
def test_dip_samples_follow_the_data() -> None:
    """A dip sample names the indicator whose change it looks into."""
    answers = {"theme": ["assessments"], "follows": "rereferrals"}
    desk = taken(recorded("dip_sample", "team_manager", answers, items=[{"child": "C-1"}]))
    assert answered(desk, "E-1")["follows"] == ("rereferrals",)


@pytest.mark.covers("SWI-18", "SWI-29")
def test_multi_agency_audits() -> None:
    """For the governance board or the partnership, whose programme comes before the findings; with the seven themes."""
    [register] = [each for each in SHIPPED["swindon"].newest.registers if each.name == "multi_agency_audit"]
    themes = list(next(each for each in register.questions if each.name == "front_door").options)
    assert len(themes) == 7
    answers = {"audited_for": "MASH governance board", "front_door": themes}
    audit = recorded("multi_agency_audit", "qa_team", answers, items=[{"child": "C-1"}])
    found = SWINDON.step("E-1", "findings", "2026-06-01", "qa_team", themes=["consent"], found="mixed")
    assert refusal(taken(audit), found) == "step"
    agreed = SWINDON.step("E-1", "programme_agreed", "2026-05-20", "qa_team")
    assert refusal(taken(audit, agreed), found) == ""
    assert refusal(taken(), audit | {"answers": {"audited_for": "parish council"}}) == "answers.audited_for"


@pytest.mark.covers("SWI-21", "SWI-77")
def test_peer_reviews_are_decided_on() -> None:
    """Each names its programme; only the senior leadership team decides, and nothing is found before that."""
    review = recorded("peer_review", "qa_team", {"programme": "South West sector-led programme"})
    decided = SWINDON.step("E-1", "decided", "2026-05-20", "senior_leadership_team", go_ahead=True)
    found = SWINDON.step("E-1", "findings", "2026-07-01", "qa_team", found="strong front door")
    assert refusal(taken(review), decided | {"role": "qa_team"}) == "role"
    assert refusal(taken(review), found) == "step"
    assert answered(taken(review, decided, found), "E-1")["go_ahead"] == ("yes",)


@pytest.mark.covers("SWI-48")
def test_clinics_are_held_monthly() -> None:
    """A month without a clinic is overdue; one led by a Head of Service is as good as one by a Service Manager."""
    desk = taken(recorded("clinic", "head_of_service", {"covered": ["visits", "learning from audits"]}))
    rows = owed(desk, "2026-05-01", "2026-06-30", "2026-07-01", "clinics")
    assert [(str(row.due), row.state) for row in rows] == [("2026-05-31", "met"), ("2026-06-30", "overdue")]


@pytest.mark.covers("SWI-56")
def test_moderation_exercises() -> None:
    """An exercise says how many audits it compared, in how many the grades agreed, and its themes."""
    desk = taken(recorded("moderation_exercise", "qa_team", {"audits": 8, "agreed": 6, "themes": ["chronologies"]}))
    assert answered(desk, "E-1") == {"audits": ("8",), "agreed": ("6",), "themes": ("chronologies",)}
    bare = recorded("moderation_exercise", "qa_team", {"audits": 8, "agreed": 6})
    assert refusal(taken(), bare) == "answers.themes"


@pytest.mark.covers("SWI-8", "SWI-60")
def test_dispute_resolution_by_levels() -> None:
    """Reviewing officers record good practice and improvement; it begins at the lowest level and goes up by steps."""
    answers: Line = {"shows": "improvement", "level": 1, "matter": "the plan drifts"}
    dispute = recorded("dispute_resolution", "reviewing_officer", answers, child="C-1")
    assert taken().do(dispute)[0].warnings == ()
    [skipping] = taken().do(dispute | {"answers": answers | {"level": 3}})
    assert any("at most 1" in warning for warning in skipping.warnings)
    assert refusal(taken(), dispute | {"role": "practitioner"}) == "role"
    assert refusal(taken(), dispute | {"answers": answers | {"shows": "good practice"}}) == ""
    up = SWINDON.step("E-1", "taken_up", "2026-05-20", "reviewing_officer", up_to=2)
    done = SWINDON.step("E-1", "resolved", "2026-05-27", "reviewing_officer", settled_at=2, learning="earlier talks")
    desk = taken(dispute, up, done)
    assert (answered(desk, "E-1")["up_to"], answered(desk, "E-1")["settled_at"]) == (("2",), ("2",))
    assert told(desk, "E-1") == {}


@pytest.mark.covers("SWI-62", "SWI-64")
def test_a_serious_incident_is_reviewed_and_its_learning_arrives() -> None:
    """The review of practice is owed once the incident is notified; then that teams and the frontline heard of it."""
    incident = {"arises_from": "serious incident notified to Ofsted", "notified": "2026-05-11"}
    desk = taken(recorded("practice_review", "quality_assurance_manager", incident, child="C-1"))
    assert set(standing(desk, "E-1")) == {"review_of_practice"}
    desk.do(SWINDON.step("E-1", "practice_reviewed", "2026-06-01", "qa_team", learning="share sooner"))
    assert set(standing(desk, "E-1")) == {"learning_to_teams", "learning_to_frontline"}
    desk.do(SWINDON.step("E-1", "learning_arrived", "2026-06-20", "practice_lead", reached=["team"]))
    assert set(standing(desk, "E-1")) == {"learning_to_frontline"}
    desk.do(SWINDON.step("E-1", "learning_arrived", "2026-07-02", "practice_lead", reached=["frontline"]))
    assert standing(desk, "E-1") == {}


@pytest.mark.covers("SWI-128")
def test_practice_briefings() -> None:
    """A briefing follows a review, and is taught at the managers' meeting once it was issued."""
    reviewed = SWINDON.step("E-1", "practice_reviewed", "2026-06-01", "practice_lead", learning="share sooner")
    issued = SWINDON.step("E-1", "briefing_issued", "2026-06-10", "practice_lead")
    taught = SWINDON.step("E-1", "briefing_taught", "2026-06-24", "principal_social_worker")
    review = recorded("practice_review", "qa_team", {"arises_from": "local practice review"})
    assert refusal(taken(review), issued) == "step"
    assert refusal(taken(review, reviewed), taught) == "step"
    assert refusal(taken(review, reviewed, issued), taught) == ""


@pytest.mark.covers("SWI-78")
@pytest.mark.parametrize("review", ["Cared for Child's Review", "review of a child protection plan"])
def test_quality_after_each_review(review: str) -> None:
    """The chair or reviewing officer says after a child's review how good practice is, with its themes."""
    answers = {"review": review, "quality": "clear", "themes": ["permanence"]}
    assert refusal(taken(), recorded("review_quality", "conference_chair", answers, child="C-1")) == ""
    assert refusal(taken(), recorded("review_quality", "team_manager", answers, child="C-1")) == "role"
    assert refusal(taken(), recorded("review_quality", "reviewing_officer", answers)) == "child"
