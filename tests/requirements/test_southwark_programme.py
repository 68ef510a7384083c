"""Southwark's programme around the audits: observations, other audits and reviews, meetings, plans and reports."""

from typing import Any

import pytest

from services.obligations.periods import period_called
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life, Line
from tests.requirements.register_entries import Programme, answered, standing, told
from tests.requirements.scenes import desk_of, refusal, reports_owed
from tests.services.programme.scenes import owed
from tests.services.reports.scenes import page

SOUTHWARK = Programme("southwark")


def taken(*lines: Line) -> TestDesk:
    return desk_of("southwark", *lines)


def recorded(kind: str, role: str, answers: dict[str, Any] | None = None, **fields: Any) -> Line:
    return SOUTHWARK.entry("E-1", kind, "2026-05-12", role, answers=answers or {}, **fields)


def issued(report: str, period: str, at: str, role: str, **fields: str) -> Line:
    """A report issued on a day, with a page that says nothing."""
    every = next(each.every for each in SHIPPED["southwark"].newest.reports if each.name == report)
    days = period_called(period, every, 4)
    told: Line = {"first": str(days.first), "last": str(days.last), "unit": fields.get("unit"), "sections": []}
    given = page(authority="southwark", name=report, **told)
    head: Line = {"command": "report.issue", "authority": "southwark", "actor": "P-QA", "role": role, "at": at}
    return {**head, "report": report, "period": period, "pages": [given], **fields}


@pytest.mark.covers("SOU-16", "SOU-74")
def test_observations_by_managers() -> None:
    """A manager's observation stands as it is; a senior manager's is scheduled for a day and owed as a report."""
    routine = recorded("practice_observation", "practice_group_lead", {"observer": "manager"}, person="P-SW")
    assert standing(taken(routine), "E-1") == {}
    planned = {"person": "P-SW", "at": "2026-04-01", "holder": "P-HOS"}
    scheduled = recorded("practice_observation", "head_of_service", {"observer": "senior manager"}, **planned)
    desk = taken(scheduled)
    due = {name: (str(each.due), each.rule.owners[0].role) for name, each in standing(desk, "E-1").items()}
    assert due == {"scheduled_observation": ("2026-05-12", "actor")}
    desk.do(SOUTHWARK.step("E-1", "reported", "2026-05-12", "head_of_service", "P-HOS", seen="a calm home visit"))
    assert standing(desk, "E-1") == {}
    assert answered(desk, "E-1")["seen"] == ("sealed",)
    assert refusal(taken(), scheduled | {"role": "social_worker"}) == "role"


@pytest.mark.covers("SOU-19", "SOU-76", "A-SOU-13")
def test_two_peer_observations_a_year() -> None:
    """Each chair owes two peer observations a year; one of the regular programme is none of them."""
    desk = taken(SOUTHWARK.appointed("P-CH1", "reviewing_officer"), SOUTHWARK.appointed("P-CH2", "reviewing_officer"))
    programmes = ["peer observation", "regular observation", "peer observation"]
    for number, programme in enumerate(programmes):
        seen = recorded("chair_observation", "reviewing_officer", {"programme": programme}, person="P-CH2")
        desk.do(seen | {"entry": f"E-{number}", "holder": "P-CH1"})
        rows = owed(desk, "2027-03-31", "2027-03-31", "2026-06-01", "peer_observations")
        states = {row.about: (row.done, row.needed, row.state) for row in rows}
        done = programmes[: number + 1].count("peer observation")
        assert states == {"P-CH1": (done, 2, "met" if done == 2 else "open"), "P-CH2": (0, 2, "open")}


@pytest.mark.covers("SOU-20", "SOU-21", "SOU-75")
@pytest.mark.parametrize("programme", ["regular observation", "peer observation with another borough"])
def test_chairs_and_reviewing_officers_are_observed(programme: str) -> None:
    """An observation is planned ahead for a chair or reviewing officer, and the register says of whom and when."""
    answers = {"programme": programme, "seen": "the child spoke first"}
    seen = recorded("chair_observation", "head_of_qa", answers, person="P-IRO", at="2026-04-01")
    desk = taken(seen)
    [fact] = [each.fact for each in desk.store.load("entry/E-1")]
    assert (getattr(fact, "person", None), str(getattr(fact, "on", None))) == ("P-IRO", "2026-05-12")
    assert answered(desk, "E-1")["programme"] == (programme,)
    assert refusal(taken(), {**seen, "person": None}) == "person"


@pytest.mark.covers("SOU-4")
def test_the_head_of_quality_assurance_oversees() -> None:
    """The Head alone looks over an observation, and owes a report a year on each of the two groups."""
    seen = recorded("chair_observation", "reviewing_officer", {"programme": "peer observation"}, person="P-IRO")
    overseen = SOUTHWARK.step("E-1", "overseen", "2026-05-20", "head_of_qa", comment="to be followed")
    assert refusal(taken(seen), overseen | {"role": "reviewing_officer"}) == "role"
    desk = taken(SOUTHWARK.appointed("P-HQA", "head_of_qa"), seen, overseen)
    desk.do(issued("reviewing_officers_annual", "2026", "2027-05-04", "head_of_qa", actor="P-HQA"))
    annual = ("reviewing_officers_annual", "conference_chairs_annual")
    rows = {row.task: row for row in reports_owed(desk, "2027-06-30", "2027-07-01")}
    assert [(rows[each].role, rows[each].holders, rows[each].state) for each in annual] == [
        ("head_of_qa", ("P-HQA",), "met"),
        ("head_of_qa", ("P-HQA",), "overdue"),
    ]


@pytest.mark.covers("SOU-17", "SOU-70", "SOU-77")
def test_multi_agency_audits() -> None:
    """With the agencies' part, findings for each agency, and actions that stand until they are found effective."""
    audit = recorded("multi_agency_audit", "audit_learning_subgroup", {"agencies": ["health", "police"]})
    audit |= {"items": [{"child": "C-1", "answers": {"seen": "late sharing"}}]}
    assert refusal(taken(), audit | {"answers": {}}) == "answers.agencies"
    desk = taken(audit)
    for agency in ("health", "police"):
        desk.do(SOUTHWARK.step("E-1", "passed_to_agency", "2026-05-20", "head_of_qa", agency=[agency]))
    assert "agency_actions" in standing(desk, "E-1")
    effective = SOUTHWARK.step("E-1", "found_effective", "2026-09-01", "audit_learning_subgroup", effect="faster")
    assert refusal(desk, effective | {"role": "head_of_qa"}) == "role"
    desk.do(effective)
    assert standing(desk, "E-1") == {}
    assert told(desk, "E-1") == {}


@pytest.mark.covers("SOU-18", "SOU-71", "SOU-78", "SOU-79", "SOU-111")
def test_case_reviews() -> None:
    """From the ground to the report with its plan, each organisation's progress, and the learning that is shared."""
    review = recorded("case_review", "case_review_subgroup", {"ground": "near miss"}, child="C-1")
    assert refusal(taken(), review | {"answers": {"ground": "a hunch"}}) == "answers.ground"
    desk = taken(review)
    assert set(standing(desk, "E-1")) == {"case_review_report", "case_review_learning"}

    def step(name: str, at: str, **answers: Any) -> Line:
        return SOUTHWARK.step("E-1", name, at, "case_review_subgroup", **answers)

    looked = step("monitored", "2026-08-01", organisation=["health"], progress="half done")
    assert refusal(desk, looked) == "step"
    assert refusal(desk, step("reported", "2026-07-01", findings="two")) == "answers.action_plan"
    desk.do(
        step("independent_review", "2026-05-20", purpose="management of the case"),
        step("reported", "2026-07-01", findings="two", action_plan="four actions"),
        looked,
        looked | {"at": "2026-08-02", "answers": {"organisation": ["police"], "progress": "done"}},
    )
    assert set(standing(desk, "E-1")) == {"case_review_learning"}
    desk.do(
        step("learning_summary", "2026-07-10", learning="ask again"),
        step("learning_shared", "2026-09-10", shared_at="Annual Service Day"),
        step("learning_shared", "2026-09-20", shared_at="another network"),
    )
    assert standing(desk, "E-1") == {}


@pytest.mark.covers("SOU-14")
def test_deep_dives() -> None:
    """One aspect, the question of the data, the themes that it meets and the point of the journey: none is left out."""
    answers = {"aspect": ["return home"], "data_question": "why so many?", "themes": ["drift"], "journey": ["care"]}
    dive = recorded("deep_dive", "head_of_qa", answers, items=[{"child": "C-1"}, {"child": "C-2"}])
    for missing in answers:
        given = {name: value for name, value in answers.items() if name != missing}
        assert refusal(taken(), dive | {"answers": given}) == f"answers.{missing}"
    assert answered(taken(dive), "E-1")["journey"] == ("care",)
    audit = Life("southwark", "A-1").allocated("2026-05-12", audit_type="deep dive")
    assert refusal(taken(), audit.lines[0]) == ""


def occasions() -> tuple[str, ...]:
    [register] = [each for each in SHIPPED["southwark"].newest.registers if each.name == "quality_check"]
    return register.questions[0].options


@pytest.mark.covers("SOU-22", "SOU-81")
@pytest.mark.parametrize("made_at", occasions())
def test_everyday_checks_are_evidence(made_at: str) -> None:
    """A check made in supervision, at a conference or a panel stands in the register with what it showed."""
    check = recorded("quality_check", "practice_group_lead", {"made_at": made_at, "seen": "clear reasons"}, child="C-1")
    assert answered(taken(check), "E-1") == {"made_at": (made_at,), "seen": ("sealed",)}
    assert {"fostering panel", "adoption panel"} < set(occasions())


@pytest.mark.covers("SOU-80")
def test_five_points_of_a_childs_planning() -> None:
    """A chair or reviewing officer answers all five points about one child."""
    points = dict.fromkeys(("safety", "requirements", "directions", "outcomes", "progress"), True)
    check = recorded("planning_check", "reviewing_officer", points, child="C-1")
    assert refusal(taken(), check) == ""
    assert refusal(taken(), check | {"role": "social_worker"}) == "role"
    assert refusal(taken(), check | {"child": None}) == "child"
    for point in points:
        given = {name: yes for name, yes in points.items() if name != point}
        assert refusal(taken(), check | {"answers": given}) == f"answers.{point}"


@pytest.mark.covers("SOU-43", "SOU-90", "SOU-99", "SOU-102")
def test_the_quarters_findings_are_presented_and_passed_on() -> None:
    """Due at the meeting, from the Director in the chair; then onward. The Lead Member observes and decides nothing."""
    desk = taken(recorded("performance_meeting", "head_of_qa", at="2026-03-02"))
    [due] = standing(desk, "E-1").values()
    assert (str(due.due), due.rule.owners[0].role) == ("2026-05-12", "director")
    assert told(desk, "E-1") == {}
    answers = {"covered": ["performance", "audit findings", "feedback of users", "feedback of staff"]}
    present = SOUTHWARK.step("E-1", "findings_presented", "2026-05-12", "director", "P-DIR", **answers, observed=True)
    assert refusal(desk, present | {"role": "lead_member"}) == "role"
    desk.do(SOUTHWARK.appointed("P-LM", "lead_member"), SOUTHWARK.appointed("P-ED", "executive_director"), present)
    assert answered(desk, "E-1")["observed"] == ("yes",)
    assert told(desk, "E-1") == {"findings_onward": {("executive_director", "P-ED"), ("lead_member", "P-LM")}}
    rows = owed(desk, "2026-06-30", "2026-09-30", "2026-10-01", "performance_meetings")
    assert [row.state for row in rows] == ["met", "overdue"]
    acts = SHIPPED["southwark"].newest.acts
    assert {act for act, roles in acts.items() if "lead_member" in roles and not act.startswith("entry.")} == set()


@pytest.mark.covers("SOU-44")
def test_chairs_meet_the_practice_groups_monthly() -> None:
    """A month without the meeting is overdue; the entry says which of the four groups took part."""
    meeting = recorded("chairs_meeting", "head_of_qa", {"attended": ["reviewing officers", "Practice Group Leads"]})
    rows = owed(taken(meeting), "2026-05-31", "2026-06-30", "2026-07-01", "chairs_meetings")
    assert [row.state for row in rows] == ["met", "overdue"]
    assert refusal(taken(), meeting | {"answers": {}}) == "answers.attended"


@pytest.mark.covers("SOU-103")
def test_the_lead_members_one_to_ones() -> None:
    """Meetings with the Strategic Director or the Chief Executive, and the concern raised there."""
    met = recorded("lead_member_meeting", "lead_member", {"met_with": "Chief Executive", "concern": "caseloads"})
    assert answered(taken(met), "E-1") == {"met_with": ("Chief Executive",), "concern": ("sealed",)}
    assert refusal(taken(), met | {"role": "social_worker"}) == "role"


@pytest.mark.covers("SOU-45", "SOU-111")
def test_annual_service_day() -> None:
    """A year without a service day is overdue; the day names the learning that it shares."""
    day = recorded("service_day", "head_of_qa", {"themes": ["fathers"]}, at="2026-04-02")
    assert [row.state for row in owed(taken(day), "2027-03-31", "2027-03-31", "2027-04-01", "service_days")] == ["met"]
    assert [row.state for row in owed(taken(), "2027-03-31", "2027-03-31", "2027-04-01", "service_days")] == ["overdue"]
    assert refusal(taken(), day | {"answers": {}}) == "answers.themes"


@pytest.mark.covers("SOU-7", "SOU-88", "A-SOU-11")
@pytest.mark.parametrize(
    ("month", "due", "following"),
    [
        ("2026-01", "2026-02-13", "2026-02-14"),
        ("2026-02", "2026-03-13", "2026-03-14"),
        ("2026-03", "2026-04-16", "2026-04-17"),
    ],
)
def test_the_monthly_report_of_a_service(month: str, due: str, following: str) -> None:
    """Owed by the service's own lead, to the one team, ten working days after the month; met once it is issued."""
    desk = taken(*Life("southwark", "A-1").allocated("2026-01-05"))

    def of_the_month(today: str) -> list[tuple[Any, ...]]:
        rows = [row for row in reports_owed(desk, due, today) if row.task == "service_audits"]
        return [(row.about, row.holders, row.reports_to, row.state) for row in rows]

    told = ("S-1", ("P-QA",), ("strategy_team",))
    assert of_the_month(due) == [(*told, "open")]
    assert of_the_month(following) == [(*told, "overdue")]
    desk.do(issued("service_audits", month, due, "qa_lead", unit="S-1"))
    assert of_the_month(following) == [(*told, "met")]
