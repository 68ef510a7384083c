"""Torbay's programme around the audits: reviews, providers, what young people and partners say, and learning."""

from pathlib import Path

import pytest

from tests.lives import Life, Line
from tests.requirements.programme import QA_TEAM, Books, By

TEAM: By = ("P-TM", "team_manager")
HEAD: By = ("P-HOS", "head_of_service")
DIRECTOR: By = ("P-DIR", "director")
ACADEMY: By = ("P-HLA", "head_of_learning_academy")
SOCIAL_WORKER: By = ("P-PSW", "principal_social_worker")
WORKER: By = ("P-SW", "practitioner")
COMPLAINTS: By = ("P-CO", "complaints_officer")


@pytest.mark.covers("TOR-67", "TOR-108", "TOR-131", "TOR-148")
def test_service_performance_reviews() -> None:
    """Each half year: planned, moved for an inspection, held with what feedback says, challenged, and acted on."""
    books = Books("torbay")
    plan: Line = {"at": "2026-03-02", "service": "S-1"}
    assert books.enter("service_performance_review", "2026-04-20", HEAD, **plan) == ""
    assert books.due("service_performance_review", "2026-09-30") == {"P-HOS": "0 of 1, overdue"}
    moved: Line = {"moved_to": "2026-05-18", "moved_for": "inspection"}
    assert books.step("moved", "2026-04-13", HEAD, **moved) == ""
    assert books.step("held", "2026-05-18", HEAD, feedback_by=["survey"]) == "answers.feedback_says"
    assert books.step("challenged", "2026-05-18", DIRECTOR, challenge="why late?") == "step"
    assert books.owes() == {}
    assert books.step("held", "2026-05-18", HEAD, feedback_by=["survey", "council"], feedback_says="heard") == ""
    assert books.owes() == {"service_review_challenged": "cscslt", "service_action_plan": "P-HOS"}
    assert books.step("challenged", "2026-05-20", HEAD, challenge="why late?") == "role"
    assert books.step("action_plan", "2026-05-20", HEAD, plan="visits first") == ""
    assert books.owes() == {"service_review_challenged": "cscslt"}
    assert books.step("challenged", "2026-05-22", DIRECTOR, challenge="why late?") == ""
    assert books.owes() == {}
    assert books.due("service_performance_review", "2026-09-30") == {"P-HOS": "1 of 1, met"}
    assert books.due("service_performance_review", "2027-03-31") == {"P-HOS": "0 of 1, overdue"}


@pytest.mark.covers("TOR-68")
def test_the_self_assessment_of_the_year() -> None:
    """A plan alone is not the year's update; the regional challenge and the Annual Conversation are kept with it."""
    books = Books("torbay")
    books.enter("self_assessment", "2026-09-01", DIRECTOR, at="2026-04-01")
    assert books.due("self_assessment", "2027-03-31") == {None: "0 of 1, overdue"}
    assert books.step("updated", "2026-09-04", DIRECTOR) == ""
    assert books.due("self_assessment", "2027-03-31") == {None: "1 of 1, met"}
    assert books.step("regional_challenge", "2026-10-12", DIRECTOR) == ""
    assert books.step("annual_conversation", "2026-12-01", DIRECTOR) == ""


@pytest.mark.covers("TOR-71", "TOR-109", "A-TOR-16")
def test_areas_are_audited_again_each_quarter() -> None:
    """The quarter's re-audit of a practice area counts once the effect of campaigns and remedial action is reported."""
    books = Books("torbay")
    books.enter("area_reaudit", "2026-05-11", at="2026-04-01", service="S-1", answers={"themes": ["chronologies"]})
    assert books.due("area_reaudit", "2026-06-30") == {None: "0 of 1, overdue"}
    assert books.step("reported", "2026-06-01", campaigns="all trained") == "answers.remedial_action"
    assert books.step("reported", "2026-06-01", campaigns="all trained", remedial_action="two of three done") == ""
    assert books.due("area_reaudit", "2026-06-30") == {None: "1 of 1, met"}


@pytest.mark.covers("TOR-72", "TOR-130")
def test_surveys() -> None:
    """Any survey of cared-for or care-experienced young people is kept; the year's is the pledge survey."""
    books = Books("torbay")
    answers = {"which": "another survey", "asked": ["cared-for young people"], "results": "listened to"}
    assert books.enter("survey", "2026-05-04", answers=answers) == ""
    assert books.due("pledge_survey", "2027-03-31") == {None: "0 of 1, overdue"}
    pledge = {"which": "pledge survey", "asked": ["care-experienced young people"], "results": "kept", "replies": 40}
    assert books.enter("survey", "2026-06-01", entry="E-2", answers=pledge) == ""
    assert books.due("pledge_survey", "2027-03-31") == {None: "1 of 1, met"}


@pytest.mark.covers("TOR-125", "TOR-129")
def test_groups_of_young_people(tmp_path: Path) -> None:
    """What the council of cared-for children says is taken, and young inspectors are contributors of their own."""
    books = Books("torbay")
    for number, group in enumerate(("Cared for Children's Council", "young inspectors")):
        answers = {"group": group, "feedback": "fewer moves"}
        assert books.enter("group_feedback", "2026-05-04", entry=f"E-{number}", answers=answers) == ""
    home = {"looked_at": ["inspection report"], "young_inspectors": True}
    assert books.enter("provider_check", "2026-05-04", entry="E-3", subject="H-1", answers=home) == ""
    assert books.tally(tmp_path, "group") == {"Cared for Children's Council": 1, "young inspectors": 1}


@pytest.mark.covers("TOR-14", "TOR-132")
def test_complaints_and_compliments(tmp_path: Path) -> None:
    """The complaints officer, and nobody else, records what came of them with its themes, and publishes it."""
    books = Books("torbay")
    answers = {"complaints": 7, "compliments": 12, "outcomes": "four upheld", "themes": ["visits"]}
    assert books.enter("complaints_report", "2026-05-04", HEAD, answers=answers) == "role"
    assert books.enter("complaints_report", "2026-05-04", COMPLAINTS, answers=answers) == ""
    assert books.step("published", "2026-05-06", HEAD) == "role"
    assert books.step("published", "2026-05-06", COMPLAINTS) == ""
    assert str(books.listed(tmp_path, "complaints_report")[0].steps["published"]) == "2026-05-06"


@pytest.mark.covers("TOR-22", "TOR-126")
def test_learning_from_outside(tmp_path: Path) -> None:
    """Partners' audits and practice reviews stand with themes that are counted together with those of audits."""
    books = Books(
        "torbay",
        *Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-09", answers={"themes": ["neglect"]}),
    )
    for number, source in enumerate(("multi-agency audit", "local practice review", "national practice review")):
        answers = {"came_from": source, "took_part": not number, "learning": "share early", "themes": ["neglect"]}
        assert books.enter("outside_learning", "2026-05-04", entry=f"E-{number}", answers=answers) == ""
    assert books.tally(tmp_path, "themes") == {"neglect": 4}


@pytest.mark.covers("TOR-99")
def test_an_inadequate_provider() -> None:
    """Plan, visit at once, oversight and a move are each owed until recorded; the Director hears what came of it."""
    books = Books("torbay")
    about: Line = {"subject": "H-1", "child": "C-1", "person": "P-SW", "team": "T-1"}
    good: Line = {"looked_at": ["inspection report"], "rating": "good"}
    books.enter("provider_check", "2026-03-09", entry="E-0", **about, answers=good)
    assert books.owes("entry/E-0") == {}
    books.enter("provider_check", "2026-03-09", TEAM, **about, answers={**good, "rating": "inadequate"})
    owed = {"provider_action_plan": "P-TM", "provider_visit": "P-SW"}
    owed |= {"provider_oversight": "P-HOS", "provider_move": "P-HOS"}
    assert books.owes() == owed
    assert books.told() == set()
    assert books.step("immediate_visit", "2026-03-09", TEAM, outcome="safe") == "role"
    assert books.step("immediate_visit", "2026-03-09", WORKER, outcome="safe for tonight") == ""
    assert books.told() == {("provider_outcome", "2026-03-09", "P-DIR")}
    del owed["provider_visit"]
    assert books.owes() == owed
    assert books.step("action_plan_sought", "2026-03-10", TEAM) == ""
    assert books.step("oversight", "2026-03-10", TEAM) == "role"
    assert books.step("oversight", "2026-03-10", HEAD) == ""
    assert books.owes() == {"provider_move": "P-HOS"}
    assert books.step("move_considered", "2026-03-11", HEAD, decision=False, reasons="plan is sound") == ""
    assert books.owes() == {}


@pytest.mark.covers("TOR-99")
def test_the_visit_is_due_on_the_day() -> None:
    """The social worker's visit is overdue from the next day, and no other part has a date."""
    books = Books("torbay")
    answers = {"looked_at": ["inspection report"], "rating": "inadequate"}
    books.enter("provider_check", "2026-03-09", subject="H-1", person="P-SW", answers=answers)
    dues = {each.name: each.due for each in books.obligations()}
    assert str(dues.pop("provider_visit")) == "2026-03-09"
    assert set(dues.values()) == {None}


@pytest.mark.covers("TOR-123", "TOR-124")
def test_checks_of_providers_and_contracts() -> None:
    """Each thing that is looked at before and during a placement is kept, and so is the monitoring of contracts."""
    books = Books("torbay")
    looked_at = ["inspection report", "regulation 44 report", "references", "statement of purpose", "insurance"]
    looked_at.append("social worker's visit before placement")
    assert books.enter("provider_check", "2026-05-04", subject="H-1", answers={"looked_at": ["rumour"]}) != ""
    assert books.enter("provider_check", "2026-05-04", subject="H-1", answers={"looked_at": looked_at}) == ""
    line = books.line("entry.record", "2026-05-04", QA_TEAM, entry="E-2", kind="provider_check", on="2026-05-04")
    [outcome] = books.desk.do({**line, "subject": "H-2", "answers": {"looked_at": looked_at, "inspections": 1}})
    assert any("at least 2" in warning for warning in outcome.warnings)
    assert books.enter("contract_monitoring", "2026-05-05", entry="E-3", answers={"findings": "x"}) == "subject"
    assert books.enter("contract_monitoring", "2026-05-05", entry="E-3", subject="K-1", answers={"findings": "x"}) == ""


@pytest.mark.covers("TOR-8", "TOR-107", "TOR-161", "TOR-163", "TOR-164", "TOR-165", "TOR-166")
def test_a_learning_point_closes_its_loop(tmp_path: Path) -> None:
    """Recorded by both posts, passed on, taken up, and owed until evidence shows that practice changed."""
    books = Books("torbay")
    books.appoint("P-HLA", "head_of_learning_academy")
    point = {"themes": ["chronologies"], "sort": "area for improvement", "seen_in": ["audit", "plan rating"]}
    point |= {"workforce_plans": ["workforce development", "recruitment and retention"]}
    good = {"themes": ["direct work"], "sort": "good work", "told_as": "case study"}
    assert books.enter("learning_point", "2026-03-10", ACADEMY, service="S-1", answers=point) == ""
    assert books.enter("learning_point", "2026-03-10", ACADEMY, entry="E-2", answers=good) == ""
    assert books.owes("entry/E-2") == {"learning_agreed": "P-HLA"}
    assert books.owes() == {"learning_agreed": "P-HLA", "practice_changed": "P-HLA"}
    books.step("agreed", "2026-03-11", ACADEMY)
    assert "learning_agreed" in books.owes()
    assert books.step("agreed", "2026-03-11", TEAM) == "role"
    books.step("agreed", "2026-03-12", HEAD)
    assert books.owes() == {"practice_changed": "P-HLA"}
    assert books.step("disseminated", "2026-03-13", where=["whole department", "practice improvement forum"]) == ""
    assert books.step("fed_into", "2026-03-13", taken_up=["auditors", "practitioners", "focus of later audits"]) == ""
    assert books.tally(tmp_path, "where") == {"whole department": 1, "practice improvement forum": 1}
    assert books.step("practice_changed", "2026-09-01", evidence="nine of ten") == "answers.seen_again_in"
    assert books.step("practice_changed", "2026-09-01", evidence="nine of ten", seen_again_in="A-9") == ""
    assert books.owes() == {}
    assert books.tally(tmp_path, "told_as") == {"case study": 1}


@pytest.mark.covers("TOR-9", "TOR-162")
def test_learning_campaigns() -> None:
    """The PSW's or the Learning Academy's, with its audience; its owner owes the measured impact."""
    books = Books("torbay")
    plan: Line = {"at": "2026-03-02", "answers": {"themes": ["chronologies"], "audience": ["social workers"]}}
    assert books.enter("learning_campaign", "2026-05-04", HEAD, **plan) == "role"
    assert books.enter("learning_campaign", "2026-05-04", ("P-LA", "learning_academy"), entry="E-2", **plan) == ""
    assert books.enter("learning_campaign", "2026-05-04", SOCIAL_WORKER, **plan) == ""
    assert books.owes() == {"campaign_impact": "P-PSW"}
    assert books.step("impact", "2026-09-01", HEAD, worked=True, measured="20 files") == "role"
    assert books.step("impact", "2026-09-01", SOCIAL_WORKER, worked=True, measured="20 files") == ""
    assert books.owes() == {}


@pytest.mark.covers("TOR-154")
def test_management_meetings() -> None:
    """One a month talks of practice; each Team Manager's taking it to the team is kept."""
    books = Books("torbay")
    assert books.enter("management_meeting", "2026-03-10", HEAD, answers={"messages": "talk to fathers"}) == ""
    assert books.due("management_meeting", "2026-03-31") == {None: "1 of 1, met"}
    assert books.due("management_meeting", "2026-04-30") == {None: "0 of 1, overdue"}
    assert books.step("cascaded", "2026-03-12", HEAD, team="T-1") == "role"
    assert books.step("cascaded", "2026-03-12", TEAM, team="T-1") == ""
    assert books.step("cascaded", "2026-03-13", ("P-AUD", "team_manager"), team="T-2") == ""


ACTIVITIES = (
    *("desk-top audit with a team manager", "visit", "strategy meeting", "initial or review conference", "core group"),
    *("child in need meeting", "group supervision", "panel", "internal transfer meeting"),
)
"""What Practice Week offers to those who take part."""


@pytest.mark.covers("TOR-23", "TOR-118", "TOR-119", "TOR-120")
def test_practice_week_is_planned(tmp_path: Path) -> None:
    """Who takes part in what, with an activity in reserve and the days they can come; their pack; desk-top audits."""
    books = Books("torbay")
    members = ["corporate senior leadership team", "cabinet", "improvement board"]
    week: Line = {"at": "2026-05-04", "answers": {"participants": members, "activities": ["visit", "panel"]}}
    assert books.enter("practice_week", "2026-06-22", **week) == ""
    assert books.tally(tmp_path, "participants") == dict.fromkeys(members, 1)
    plan = {"activity": "core group", "alternative": "panel", "can_come": ["Tuesday", "Thursday"]}
    visit: Line = {"at": "2026-05-04", "holder": "P-MEMBER", "team": "T-1"}
    assert books.enter("practice_week_visit", "2026-06-23", entry="E-2", **visit, answers={"activity": "lunch"}) != ""
    assert books.enter("practice_week_visit", "2026-06-23", entry="E-2", **visit, answers=plan) == ""
    for number, activity in enumerate(ACTIVITIES):
        either: Line = {**visit, "answers": {"activity": activity, "alternative": activity}}
        assert books.enter("practice_week_visit", "2026-06-23", entry=f"E-2{number}", **either) == ""
    pack: Line = {"area_and_task": "join a core group", "background": True}
    assert books.step("briefing_pack", "2026-06-15", **pack) == "answers.enclosed"
    assert books.step("briefing_pack", "2026-06-15", **pack, enclosed=["agendas", "terms of reference of panels"]) == ""
    audit: Line = {"practice_week": "E-1", "with_manager": "P-TM"}
    named: Line = {"entry": "E-3", "child": "C-1", "person": "P-SW"}
    assert books.enter("desktop_audit", "2026-06-23", HEAD, **named, answers=audit) == "answers.discussed"
    assert books.enter("desktop_audit", "2026-06-23", HEAD, **named, answers={**audit, "discussed": True}) == ""


@pytest.mark.covers("TOR-168", "A-TOR-20")
def test_evidence_has_its_lenses(tmp_path: Path) -> None:
    """Audits, and every register of evidence, take the authority's own tags for lenses; none is set beforehand."""
    answered: Line = {"answers": {"lens": ["citizen"]}}
    books = Books("torbay", *Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-09", **answered))
    registers = books.desk.policies.newest.registers
    lenses = {each.name: asked for each in registers for asked in each.questions if asked.name == "lens"}
    assert {each.name for each in registers} - lenses.keys() == {"service_scope", "inspection_grade"}
    assert all((asked.kind, asked.options, asked.required) == ("tags", (), False) for asked in lenses.values())
    survey: Line = {"which": "another survey", "asked": ["cared-for young people"], "results": "heard"}
    books.enter("survey", "2026-05-04", answers={**survey, "lens": ["citizen", "professional"]})
    assert books.tally(tmp_path, "lens") == {"citizen": 2, "professional": 1}
