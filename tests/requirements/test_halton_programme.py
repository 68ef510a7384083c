"""Halton's programme around the audits: quotas, registers, concerns, guidance and the way of learning."""

from pathlib import Path

import pytest

from services.programme.owed import TaskRow
from tests.lives import Life, Line
from tests.requirements.programme import Books, By
from tests.services.programme.scenes import owed

LEAD: By = ("P-PL", "practice_lead")
PRINCIPAL: By = ("P-PM", "principal_manager")
DIVISIONAL: By = ("P-DM", "divisional_manager")
WORKER: By = ("P-SW", "practitioner")
QA_MANAGER: By = ("P-QAM", "qa_manager")


def moderated(audit: str, on: str, moderator: str, auditor: str = "P-PL") -> Life:
    """An audit that was selected, returned and moderated on one day."""
    life = Life("halton", audit, child=f"C-{audit}", auditor=auditor)
    life.allocated(on).submitted(on).to_moderator(on, moderator).moderated(on)
    life.lines[-1]["actor"] = moderator
    return life


@pytest.mark.covers("HAL-1")
def test_one_file_a_month() -> None:
    """Each Practice Lead and each IRM owes one audited file a month, and one of another's does not count."""
    books = Books("halton")
    books.appoint("P-IRM", "irm")
    books.appoint("P-IRM2", "irm")
    books.desk.do(*moderated("A-1", "2026-03-10", "P-PM"), *moderated("A-2", "2026-03-10", "P-PM", "P-IRM"))
    assert books.due("file_a_month_practice_lead", "2026-03-31") == {"P-PL": "1 of 1, met", "P-AUD": "0 of 1, overdue"}
    assert books.due("file_a_month_irm", "2026-03-31") == {"P-IRM": "1 of 1, met", "P-IRM2": "0 of 1, overdue"}
    assert books.due("file_a_month_irm", "2026-04-30", "2026-04-30")["P-IRM"] == "0 of 1, open"


@pytest.mark.covers("HAL-2")
def test_one_moderation_a_month() -> None:
    """A moderation counts for its moderator in its month, whoever audited; a return that nobody moderated does not."""
    books = Books("halton")
    books.appoint("P-SM", "service_manager", "S-1")
    returned = Life("halton", "A-2", child="C-2").allocated("2026-03-10").submitted("2026-03-11")
    books.desk.do(*moderated("A-1", "2026-03-10", "P-PM"), *returned.to_moderator("2026-03-12", "P-DM"))

    def row(post: str, month_end: str = "2026-03-31") -> TaskRow:
        [found] = owed(books.desk, month_end, month_end, "2026-06-01", f"moderation_a_month_{post}")
        return found

    assert (row("principal_manager").about, row("principal_manager").state) == ("P-PM", "met")
    assert (row("divisional_manager").about, row("divisional_manager").state) == ("P-DM", "overdue")
    assert (row("service_manager").about, row("service_manager").state) == ("P-SM", "overdue")
    [late] = Life("halton", "A-2").moderated("2026-04-02")
    books.desk.do(late | {"actor": "P-DM"})
    assert row("divisional_manager").state == "overdue"
    assert row("divisional_manager", "2026-04-30").state == "met"


@pytest.mark.covers("HAL-11")
def test_guidance_on_a_judgement() -> None:
    """A request goes to the QA Manager at once and stays owed until the QA Manager, and nobody else, answers it."""
    books = Books("halton")
    request: Line = {"at_step": "moderation", "audit": "A-1", "question": "Is this a bottom line?"}
    for number, asker in enumerate(("auditor", "practitioner", "moderator"), start=1):
        assert (
            books.enter("guidance", "2026-03-10", WORKER, entry=f"E-{number}", answers={**request, "asked_as": asker})
            == ""
        )
    assert books.enter("guidance", "2026-03-10", entry="E-4", answers={**request, "asked_as": "director"}) != ""
    assert books.told() == {("guidance", "2026-03-10", "P-QAM")}
    assert books.owes() == {"guidance": "P-QAM"}
    assert books.step("answered", "2026-03-12", LEAD, answer="yes") == "role"
    assert books.step("answered", "2026-03-12", QA_MANAGER) == "answers.answer"
    assert books.step("answered", "2026-03-12", QA_MANAGER, answer="yes, the visits are one") == ""
    assert books.owes() == {}
    assert {"at_step", "question", "answer"} <= books.said().keys()


@pytest.mark.covers("HAL-43")
def test_the_meeting_is_to_be_fixed_early() -> None:
    """With the file comes the prompt to fix the date; the meeting stays owed by the auditor until it took place."""
    books = Books("halton", *Life("halton", "A-1").allocated("2026-03-07"))
    assert ("file_selected", "2026-03-07", "P-AUD") in books.told("audit/A-1")
    [notice] = next(rule for rule in books.desk.policies.newest.alerts if rule.name == "file_selected").ladder
    assert "fix the date of the meeting early" in notice.title
    assert books.owes("audit/A-1")["meeting"] == "P-AUD"
    life = Life("halton", "A-1").act("audit.record_reflection", "2026-03-09", "P-SW", "worker", reflection="views")
    books.desk.do(*life.act("audit.record_meeting", "2026-03-10", "P-AUD", "auditor"))
    assert "meeting" not in books.owes("audit/A-1")


@pytest.mark.covers("HAL-48", "HAL-49")
def test_audits_reach_the_record_and_supervision() -> None:
    """An oversight note says from which audit it carries directions or tasks; supervision says what they changed."""
    books = Books("halton")
    note = {"audit": "A-1", "carries": ["directions", "tasks"], "note": "visit weekly"}
    assert books.enter("oversight_note", "2026-03-13", LEAD, child="C-1", answers={"audit": "A-1"}) == "answers.carries"
    assert books.enter("oversight_note", "2026-03-13", LEAD, child="C-1", answers=note) == ""
    assert books.said()["carries"] == "directions, tasks"
    assert str(books.said()["note"]).startswith("sealed:1:C-1:")
    talk: Line = {"audit": "A-1", "outcomes": "back at school"}
    named: Line = {"entry": "E-2", "person": "P-SW", "child": "C-1"}
    assert books.enter("supervision", "2026-03-20", LEAD, **named, answers=talk) == "answers.safer"
    assert books.enter("supervision", "2026-03-20", LEAD, **named, answers={**talk, "safer": True}) == ""


@pytest.mark.covers("HAL-64", "HAL-65")
def test_any_practitioner_reports_concern() -> None:
    """Whoever sees unsafe practice says so: the division hears it that day, and it stands until it was acted on."""
    books = Books("halton")
    concern: Line = {"team": "T-2", "answers": {"concern": "nobody visits"}}
    assert books.enter("practice_concern", "2026-03-10", ("P-ANY", "practitioner"), **concern) == ""
    assert books.told() == {("practice_concern", "2026-03-10", who) for who in ("P-DM", "qa_team")}
    assert books.owes() == {"practice_concern": "P-DM"}
    assert books.step("acted_on", "2026-03-11", LEAD, done="visited") == "role"
    assert books.step("acted_on", "2026-03-11", DIVISIONAL, done="visited") == ""
    assert books.owes() == {}


@pytest.mark.covers("HAL-13")
@pytest.mark.parametrize(
    ("by", "covers", "named"),
    [
        (LEAD, "somebody supervised", {"person": "P-SW"}),
        (PRINCIPAL, "a team", {"team": "T-1"}),
        (DIVISIONAL, "a service area", {"service": "S-1"}),
        (("P-DOS", "director_operational_safeguarding"), "a service area", {"service": "S-1"}),
    ],
)
def test_managers_at_every_tier(by: By, covers: str, named: dict[str, str]) -> None:
    """Every tier of managers records what it looked at; a practitioner does not."""
    books = Books("halton")
    answers = {"covers": covers, "findings": "clear plans"}
    assert books.enter("activity", "2026-03-10", WORKER, **named, answers=answers) == "role"
    assert books.enter("activity", "2026-03-10", by, **named, answers=answers) == ""


@pytest.mark.covers("HAL-17")
def test_thematic_audits() -> None:
    """Planned ahead, led by what QA or the improvement plan showed, with several files and then its findings."""
    books = Books("halton")
    answers = {"themes": ["neglect"], "driven_by": "improvement plan"}
    items = [{"child": f"C-{number}", "answers": {"seen": "drift"}} for number in range(3)]
    assert (
        books.enter("thematic_audit", "2026-06-01", at="2026-03-10", answers={"themes": ["neglect"]})
        == "answers.driven_by"
    )
    assert books.enter("thematic_audit", "2026-06-01", at="2026-03-10", answers=answers, items=items) == ""
    assert books.step("done", "2026-06-05") == "answers.findings"
    assert books.step("done", "2026-06-05", findings="late plans") == ""


@pytest.mark.covers("HAL-18")
def test_a_dip_sample_answers_one_question(tmp_path: Path) -> None:
    """One question, asked of each child, as needed or three months after an audit; the answers are counted."""
    books = Books("halton")
    items = [{"child": f"C-{number}", "answers": {"answer": "yes" if number else "no"}} for number in range(4)]
    sample = {"question": "Did the audit have effect?", "occasion": "three months after an audit"}
    assert books.enter("dip_sample", "2026-06-12", answers={"occasion": "as needed"}, items=items) == "answers.question"
    assert books.enter("dip_sample", "2026-06-12", answers=sample, items=[{"child": "C-1"}]) == "answers.answer"
    assert books.enter("dip_sample", "2026-06-12", answers=sample, items=items) == ""
    assert books.tally(tmp_path, "answer") == {"yes": 3, "no": 1}


SOURCES = (
    *("performance data", "inspection", "peer review", "child safeguarding practice review"),
    *("internal safeguarding review", "Practice Week", "midway review", "panel", "family"),
    *("Children in Care Council", "Care Leavers Forum", "complaint or compliment", "staff"),
    *("CAFCASS or legal advisers", "partners"),
)


@pytest.mark.covers("HAL-20", "HAL-77", "HAL-85")
def test_evidence_from_elsewhere(tmp_path: Path) -> None:
    """Each kind of evidence that the framework lists is taken with its themes, young people's groups among them."""
    books = Books("halton")
    for number, source in enumerate(SOURCES):
        answers = {"came_from": source, "says": "good talks", "themes": ["visits"]}
        assert books.enter("evidence", "2026-03-10", entry=f"E-{number}", answers=answers) == ""
    other = {"came_from": "hearsay", "says": "x", "themes": ["visits"]}
    assert books.enter("evidence", "2026-03-10", entry="E-X", answers=other) == "answers.came_from"
    assert books.tally(tmp_path, "came_from") == dict.fromkeys(SOURCES, 1)


@pytest.mark.covers("HAL-21")
def test_management_reviews_of_open_work(tmp_path: Path) -> None:
    """A manager's review names the child and which of the kinds of work it is; the list can be asked for."""
    books = Books("halton")
    for number, work in enumerate(("court", "child protection plan", "long-running child in need plan")):
        fields: Line = {
            "entry": f"E-{number}",
            "child": f"C-{number}",
            "answers": {"work": work, "findings": "on course"},
        }
        assert books.enter("management_review", "2026-03-10", PRINCIPAL, **fields) == ""
    rows = books.listed(tmp_path, "management_review")
    works = {row.child: row.answers[0].plain[0] for row in rows}
    assert works == {"C-0": "court", "C-1": "child protection plan", "C-2": "long-running child in need plan"}


@pytest.mark.covers("HAL-40", "HAL-41")
def test_what_a_practice_lead_holds_each_month() -> None:
    """A reflective session on impact, and a review in which families were asked and that the manager reported on."""
    books = Books("halton")
    assert books.enter("reflective_session", "2026-03-10", LEAD, team="T-1", answers={"impact": "calmer homes"}) == ""
    assert books.due("reflective_session", "2026-03-31")["P-PL"] == "1 of 1, met"
    assert books.due("reflective_session", "2026-04-30")["P-PL"] == "0 of 1, overdue"
    books.enter("practice_review", "2026-03-11", LEAD, entry="E-2", team="T-1", answers={"family_asked": False})
    books.step("reported", "2026-03-30", LEAD, entry="E-2")
    assert books.due("practice_review", "2026-03-31")["P-PL"] == "0 of 1, overdue"
    asked = {"family_asked": True, "feedback": "heard at last"}
    books.enter("practice_review", "2026-03-12", LEAD, entry="E-3", team="T-1", answers=asked)
    assert books.due("practice_review", "2026-03-31")["P-PL"] == "0 of 1, overdue"
    books.step("reported", "2026-03-30", LEAD, entry="E-3")
    assert books.due("practice_review", "2026-03-31")["P-PL"] == "1 of 1, met"


@pytest.mark.covers("HAL-76")
def test_observations_with_reflective_feedback() -> None:
    """A Practice Lead or a Principal Manager observes somebody's practice and reflects on it with them afterwards."""
    books = Books("halton")
    seen: Line = {"person": "P-SW", "answers": {"observed": "a home visit"}}
    assert books.enter("observation", "2026-03-10", DIVISIONAL, **seen) == "role"
    assert books.enter("observation", "2026-03-10", PRINCIPAL, **seen, entry="E-2") == ""
    assert books.enter("observation", "2026-03-10", LEAD, **seen) == ""
    assert books.step("reflective_feedback", "2026-03-12", LEAD) == "answers.feedback"
    assert books.step("reflective_feedback", "2026-03-12", LEAD, feedback="slow down") == ""


@pytest.mark.covers("HAL-78", "HAL-79", "HAL-80")
def test_reviews_and_panels() -> None:
    """Midway reviews are the reviewing officer's and the chair's; themed reviews are commissioned; panels report."""
    books = Books("halton")
    midway: Line = {"child": "C-1", "answers": {"on_course": False, "findings": "drift"}}
    assert books.enter("midway_review", "2026-03-10", LEAD, **midway) == "role"
    for number, role in enumerate(("iro", "cp_chair")):
        assert books.enter("midway_review", "2026-03-10", ("P-R", role), entry=f"E-{number}", **midway) == ""
    themed = {"themes": ["neglect"], "required_by": "three audits in a row"}
    ahead: Line = {"entry": "E-3", "at": "2026-03-10"}
    assert books.enter("themed_review", "2026-05-01", DIVISIONAL, **ahead, answers={"themes": ["neglect"]}) != ""
    assert books.enter("themed_review", "2026-05-01", DIVISIONAL, **ahead, answers=themed) == ""
    assert books.step("done", "2026-05-04", DIVISIONAL, entry="E-3", findings="later plans") == ""
    panel = {"panel": ["resources panel"], "findings": "late requests"}
    assert books.enter("panel_finding", "2026-03-10", PRINCIPAL, entry="E-4", answers=panel) == ""


@pytest.mark.covers("HAL-83")
def test_a_family_that_complains_is_met() -> None:
    """After a complaint the meeting face to face is owed; a talk by telephone is logged and does not end it."""
    books = Books("halton")
    assert books.enter("complaint", "2026-03-10", PRINCIPAL, child="C-1", answers={"complaint": "no visits"}) == ""
    assert books.owes() == {"meeting_with_family": "P-PM"}
    assert books.told() == set()
    books.step("met_family", "2026-03-12", PRINCIPAL, face_to_face=False, outcome="called")
    assert books.owes() == {"meeting_with_family": "P-PM"}
    books.step("met_family", "2026-03-16", PRINCIPAL, face_to_face=True, outcome="a new plan of visits")
    assert books.owes() == {}


@pytest.mark.covers("HAL-81", "HAL-101", "HAL-103")
def test_the_way_of_learning(tmp_path: Path) -> None:
    """A theme rests on several of the five areas with what shows it; good practice is shared and sent on."""
    books = Books("halton")
    areas = ["audit", "data", "feedback", "practice leadership", "practice review"]
    theme: Line = {"themes": ["visits"], "sort": "good practice"}
    assert books.enter("learning", "2026-03-10", answers=theme) == "answers.areas"
    assert books.enter("learning", "2026-03-10", answers={**theme, "areas": areas}) == ""
    for number, area in enumerate(areas):
        assert books.step("linked", "2026-03-11", area=area, shown_by=f"A-{number}") == ""
    assert books.tally(tmp_path, "areas") == dict.fromkeys(areas, 1)
    shown = [each.plain for each in books.listed(tmp_path, "learning")[0].answers if each.question == "shown_by"]
    assert shown == [(f"A-{number}",) for number in range(5)]
    assert books.owes() == {"learning_shared": "qa_team"}
    everybody: Line = {"with": ["practitioners", "managers", "divisional manager"]}
    assert books.step("shared", "2026-03-12", **everybody) == ""
    assert books.owes() == {}
    bodies = ["Corporate Learning and Development Team", "Children's Partnership Board"]
    assert books.step("sent", "2026-03-13", to=bodies) == ""
    assert books.tally(tmp_path, "to") == dict.fromkeys(bodies, 1)


@pytest.mark.covers("HAL-102", "HAL-104")
def test_people_are_recognised_and_grow() -> None:
    """Somebody is nominated for what an audit showed and recognised; areas for improvement come up at appraisal."""
    books = Books("halton")
    assert books.enter("recognition", "2026-03-10", LEAD, person="P-SW", answers={"audit": "A-1"}) == "answers.why"
    why = {"why": "a careful life story", "audit": "A-1"}
    assert books.enter("recognition", "2026-03-10", LEAD, person="P-SW", answers=why) == ""
    assert books.step("celebrated", "2026-04-02") == ""
    talk = {"themes": ["chronologies"], "learning": "E-1"}
    assert books.enter("appraisal", "2026-05-06", WORKER, entry="E-2", person="P-SW", answers=talk) == "role"
    assert books.enter("appraisal", "2026-05-06", LEAD, entry="E-2", person="P-SW", answers={}) == "answers.themes"
    assert books.enter("appraisal", "2026-05-06", LEAD, entry="E-2", person="P-SW", answers=talk) == ""
    assert books.said("E-2") == {"themes": "chronologies", "learning": "E-1"}
