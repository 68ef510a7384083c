"""East Sussex's programme around its tasks: what a report must hold, reviews, findings, standards and learning."""

from pathlib import Path
from typing import Any

import pytest

from tests.desks import SHIPPED, TestDesk
from tests.edited import policies_of
from tests.lives import Life, Line
from tests.requirements.register_entries import Programme, answered, standing, told
from tests.requirements.scenes import desk_of, owed_now, refusal
from tests.services.programme.scenes import activity, owed

ESX = Programme("east-sussex")
YEAR_END, AFTER = "2027-03-31", "2027-04-01"


def taken(*lines: Line) -> TestDesk:
    return desk_of("east-sussex", *lines)


def recorded(kind: str, role: str, answers: dict[str, Any], **fields: Any) -> Line:
    return ESX.entry("E-1", kind, "2026-05-12", role, answers=answers, **fields)


def states(desk: TestDesk, task: str, last: str = YEAR_END, first: str = YEAR_END) -> list[str]:
    return [row.state for row in owed(desk, first, last, AFTER, task)]


def without(answers: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in answers.items() if each != name}


@pytest.mark.covers("ESX-1.2")
def test_account_is_given_to_the_bodies() -> None:
    """The Lead Member and the Director account for their own part to each of the seven bodies, as these sit."""
    bodies = next(each for each in SHIPPED["east-sussex"].newest.registers if each.name == "account_given").questions[0]
    assert len(bodies.options) == 7
    for role, part in (("lead_member", "political"), ("dcs", "professional and operational")):
        answers = {"given_to": list(bodies.options), "responsibility": part, "critical_shared": ["partners"]}
        line = recorded("account_given", role, answers)
        assert answered(taken(line), "E-1")["given_to"] == bodies.options
        assert answered(taken(line), "E-1")["critical_shared"] == ("partners",)
        assert refusal(taken(), line | {"answers": without(answers, "responsibility")}) == "answers.responsibility"
    assert refusal(taken(), line | {"role": "practice_manager"}) == "role"


@pytest.mark.covers("ESX-1.3")
def test_further_functions_are_considered_first() -> None:
    """A function is added to either post only after the note on what it would mean was recorded."""
    answers = {"post": "Lead Member", "considered": "less time for visits"}
    note = recorded("considered_function", "lead_member", answers)
    added = ESX.step("E-1", "function_added", "2026-06-01", "lead_member")
    assert refusal(taken(), added) == "NotFound"
    assert refusal(taken(note), added) == ""
    assert refusal(taken(), note | {"answers": without(answers, "considered")}) == "answers.considered"


@pytest.mark.covers("ESX-1.4")
def test_the_director_briefs() -> None:
    """A briefing says who was briefed, on quality and on any weakness; it is the Director's."""
    answers = {"briefed": ["Chief Executive", "lead members"], "quality": "sound", "weaknesses": "chronologies"}
    line = recorded("briefing", "dcs", answers)
    assert answered(taken(line), "E-1") == {
        "briefed": ("Chief Executive", "lead members"),
        "quality": ("sealed",),
        "weaknesses": ("sealed",),
    }
    assert refusal(taken(), line | {"role": "practice_manager"}) == "role"


REPORTS = {
    "ESX-2.1": ("t2_1", ["priority outcomes", "quality standards", "value for money"], ["smt"], "quarter"),
    "ESX-2.2": ("t2_2", ["trend outside the boundaries"], ["operations_manager"], "month"),
    "ESX-3.5": ("t3_5", ["child feedback", "action on children's views"], ["cscmt", "cpp"], "half year"),
    "ESX-N36": ("t3_5", ["child feedback", "action on children's views"], ["lead_member", "dcs"], "year"),
    "ESX-4.14": (
        "t4_14",
        [
            *["capacity", "demand", "recruitment", "training", "locality solutions"],
            *["management and supervision", "strengths and challenges"],
        ],
        [],
        "year",
    ),
}


@pytest.mark.parametrize(
    ("task", "holds", "bodies", "every"),
    [pytest.param(*row, id=task, marks=pytest.mark.covers(task)) for task, row in REPORTS.items()],
)
def test_what_a_task_must_hold(task: str, holds: list[str], bodies: list[str], every: str) -> None:
    """A report or talk that lacks one of its set parts is not what is owed; the whole one is."""

    def states_with(evidence: list[str]) -> list[str]:
        desk = taken(activity(task, "2027-03-10", evidence=evidence, reported_to=bodies))
        return [row.state for row in owed(desk, YEAR_END, YEAR_END, AFTER, task) if row.every == every]

    assert states_with(holds) == ["met"]
    for part in holds:
        assert states_with([each for each in holds if each != part]) == ["overdue"]


@pytest.mark.covers("ESX-3.12", "A-ESX-23")
def test_record_checks_go_to_the_board_where_they_bear_on_safeguarding() -> None:
    """The Head of Service says whether a report does; only then the LSCB has it, and quarter and year are owed."""
    answers = {"report": "quarterly", "bears_on_safeguarding": True, "results": "8 of 10", "action_plan": "two actions"}
    line = recorded("record_check_report", "head_of_service", answers, holder="P-HOS")
    desk = taken(line)
    assert told(desk, "E-1") == {"safeguarding_report": {("lscb", None)}}
    assert told(taken(line | {"answers": answers | {"bears_on_safeguarding": False}}), "E-1") == {}
    for part in answers:
        assert refusal(taken(), line | {"answers": without(answers, part)}) == f"answers.{part}"
    rows = owed(desk, "2026-06-30", YEAR_END, "2026-07-01", "t3_12")
    assert [(str(row.due), row.every, row.state) for row in rows if row.state == "met"] == [
        ("2026-06-30", "quarter", "met")
    ]
    desk.do(line | {"entry": "E-2", "answers": answers | {"report": "annual"}})
    assert states(desk, "t3_12") == ["overdue", "met"]


PARTS = ("two_days", "file_audit", "discussion", "practice_observed", "user_feedback")


@pytest.mark.covers("ESX-4.13", "ESX-N11")
def test_a_peer_review_has_its_two_days_and_four_parts() -> None:
    """An area's year is met by a review with all of them, and by no lesser one; its findings stand with it."""
    whole = dict.fromkeys(PARTS, True) | {"findings": "good joint work"}
    review = recorded("peer_review", "ad_safeguarding", whole, subject="county")
    assert states(taken(review), "t4_13") == ["met"]
    assert refusal(taken(), review | {"answers": without(whole, "findings")}) == "answers.findings"
    for part in PARTS:
        assert states(taken(review | {"answers": {**whole, part: False}}), "t4_13") == ["overdue"]
    assert states(taken(review | {"subject": "elsewhere"}), "t4_13") == ["overdue"]


def test_an_activity_that_nothing_would_count_is_refused() -> None:
    """Where entries count, a record without them is refused and names the register."""
    assert refusal(taken(), activity("t4_13", "2026-05-14", about="county")) == "duty"
    assert refusal(taken(), activity("t4_5", "2026-05-14")) == "duty"


AUDIT = {"field": "social care", "origin": "themed", "area": ["core groups"], "tool": "ten questions"}


@pytest.mark.covers("ESX-N9", "ESX-4.5", "ESX-4.6", "ESX-4.3")
@pytest.mark.parametrize(("field", "task"), [("social care", "t4_5"), ("early help", "t4_6")])
def test_themed_audits(field: str, task: str) -> None:
    """A themed audit has its area and a tool of its own, counts in its field alone, and a report follows it."""
    line = recorded("themed_audit", "head_of_safeguarding", AUDIT | {"field": field}, items=[{"child": "C-1"}])
    desk = taken(line)
    june = "2026-06-30"
    found = {each: states(desk, each, june, june)[0] for each in ("t4_5", "t4_6")}
    assert found == {**dict.fromkeys(("t4_5", "t4_6"), "overdue"), task: "met"}
    for part in ("area", "tool"):
        assert refusal(taken(), line | {"answers": without(line["answers"], part)}) == f"answers.{part}"
    assert set(standing(desk, "E-1")) == {"themed_audit_report"}
    desk.do(ESX.step("E-1", "reported", "2026-06-20", "head_of_safeguarding", results="mixed", action_plan="two"))
    assert standing(desk, "E-1") == {}


@pytest.mark.covers("ESX-N9")
def test_a_commissioned_audit_is_no_themed_one() -> None:
    """A commissioned audit is taken as such and does not stand for the quarter's themed one."""
    line = recorded("themed_audit", "head_of_safeguarding", AUDIT | {"origin": "commissioned"})
    assert states(taken(line), "t4_5", "2026-06-30", "2026-06-30") == ["overdue"]


@pytest.mark.covers("ESX-N33", "ESX-4.4")
def test_regulation_33_visits() -> None:
    """A month is met once a visit's findings went to Ofsted; before that they are owed."""
    line = recorded("regulation_33_visit", "head_of_safeguarding", {"findings": "a warm home"}, subject="H-1")
    desk = taken(line)

    def may() -> list[str]:
        rows = owed(desk, "2026-05-31", "2026-05-31", "2026-06-01", "t4_4")
        return [row.state for row in rows]

    assert (may(), set(standing(desk, "E-1"))) == (["overdue"], {"regulation_33_findings"})
    desk.do(ESX.step("E-1", "sent_to_ofsted", "2026-05-29", "head_of_safeguarding"))
    assert (may(), standing(desk, "E-1")) == (["met"], {})
    assert refusal(taken(), line | {"subject": None}) == "subject"


@pytest.mark.covers("ESX-N27", "ESX-N46", "ESX-N48")
def test_inspections_lead_to_actions_learning_and_preparation() -> None:
    """Recommendations become actions with owner and date; the bodies hear; events and preparation follow."""
    answers = {"review": "statutory inspection", "recommendations": "see children sooner"}
    task: Line = {"action": "X-1", "text": "review the timescales", "owner": "P-HOS", "due": "2026-09-30"}
    line = recorded("outside_review", "head_of_safeguarding", answers, actions=[task])
    desk = taken(line)
    assert {name: str(each.due) for name, each in standing(desk, "E-1").items()} == {
        "action": "2026-09-30",
        "bodies_updated": "None",
    }

    def step(name: str, **given: Any) -> Line:
        return ESX.step("E-1", name, "2026-06-01", "head_of_safeguarding", **given)

    desk.do(step("bodies_updated", updated=["CSCMT", "Joint Divisional Meeting", "SMT", "LSCB"]))
    assert set(standing(desk, "E-1")) == {"action"}
    for name, text in (("learning_event", "learned"), ("used_in_preparation", "prepared")):
        assert refusal(desk, step(name)) == f"answers.{text}"
        desk.do(step(name, **{text: "said"}))
        assert answered(desk, "E-1")[text] == ("sealed",)


@pytest.mark.covers("ESX-N3")
@pytest.mark.parametrize("role", ["ad_early_help", "head_of_service"])
def test_who_answers_for_a_service(role: str) -> None:
    """How effective a service is stands against the name of its Assistant Director or Head of Service."""
    line = recorded("effectiveness", role, {"effective": "fewer come back"}, service="S-1", holder="P-HOS")
    [fact] = [each.fact for each in taken(line).store.load("entry/E-1")]
    assert (getattr(fact, "service", None), getattr(fact, "holder", None)) == ("S-1", "P-HOS")
    assert refusal(taken(), line | {"role": "practitioner"}) == "role"
    assert refusal(taken(), line | {"service": None}) == "service"


@pytest.mark.covers("ESX-N4")
@pytest.mark.parametrize("kind", ["team file", "safeguarding deep dive", "own file deep dive"])
def test_the_worker_has_a_part_in_every_audit(kind: str) -> None:
    """Every audit owes the worker's part, and its form asks for it and for what senior managers did to enable it."""
    desk = taken(*Life("east-sussex", "A-1").allocated("2026-05-04", audit_type=kind))
    assert [each.rule.owners[0].role for each in owed_now(desk, "workers_part")] == ["auditor"]
    meeting = Life("east-sussex", "A-1").act("audit.record_meeting", "2026-05-06", "P-AUD", "auditor")
    desk.do(*meeting)
    assert owed_now(desk, "workers_part") == []
    asked = {each.name for each in desk.policies.newest.tool.questions if each.is_for(kind, None)}
    assert {"workers_part", "enabled_by"} <= asked


@pytest.mark.covers("ESX-N8")
def test_supervision_records_have_their_own_tool() -> None:
    """How often, decisions with their reasons, development and challenge: about one person, by those who check."""
    answers = dict.fromkeys(("frequent", "decisions", "development", "challenge"), True)
    line = recorded("supervision_check", "operations_manager", answers, person="P-AUD")
    assert refusal(taken(), line) == ""
    assert refusal(taken(), line | {"role": "practitioner"}) == "role"
    for part in answers:
        assert refusal(taken(), line | {"answers": without(answers, part)}) == f"answers.{part}"


@pytest.mark.covers("ESX-N38", "ESX-N39")
def test_the_annual_review_is_followed_by_plan_and_communication() -> None:
    """The action plan is owed from the review on; a year whose findings were not communicated is overdue."""
    desk = taken(recorded("annual_review", "head_of_safeguarding", {"key_findings": "fathers are missing"}))
    assert set(standing(desk, "E-1")) == {"management_action_plan"}
    desk.do(ESX.step("E-1", "action_plan", "2026-07-01", "head_of_safeguarding", plan="who does what"))
    assert standing(desk, "E-1") == {}
    assert states(desk, "communications_plan") == ["overdue"]
    desk.do(ESX.step("E-1", "communicated", "2026-09-01", "ad_planning", told="all teams, the three findings"))
    assert states(desk, "communications_plan") == ["met"]


@pytest.mark.covers("ESX-N45")
@pytest.mark.parametrize("offered_as", ["part of the training programme", "workshop on an emerging theme"])
def test_themes_of_audits_become_training(offered_as: str) -> None:
    """Training and workshops name the themes from audits that they take up."""
    answers = {"offered_as": offered_as, "from_themes": ["chronologies"]}
    line = recorded("workshop", "qa_team", answers)
    assert answered(taken(line), "E-1") == {"offered_as": (offered_as,), "from_themes": ("chronologies",)}
    assert refusal(taken(), line | {"answers": without(answers, "from_themes")}) == "answers.from_themes"


@pytest.mark.covers("ESX-N49", "ESX-N50")
def test_the_quality_cycle_of_a_standard() -> None:
    """A standard from any of four sources; then work, system and change, in this order, round after round."""
    sources = ["views of users", "corporate sources", "national sources", "research"]
    desk = taken(recorded("service_standard", "qa_team", {"drawn_from": sources, "standard": "seen within a week"}))
    assert answered(desk, "E-1")["drawn_from"] == tuple(sources)
    stages = {"work_reviewed": "work", "system_audited": "system", "change_made": "change"}
    lines = [ESX.step("E-1", step, "2026-06-01", "qa_team", **{text: "seen"}) for step, text in stages.items()]
    for early in lines[1:]:
        assert refusal(desk, early) == "step"
    desk.do(*lines)
    assert refusal(desk, {**lines[0], "at": "2026-09-01"}) == ""


@pytest.mark.covers("ESX-N32", "A-ESX-17")
def test_early_help_adds_its_own_tasks(tmp_path: Path) -> None:
    """A task of early help that the authority writes into its file is owed like every other one."""
    last = "    clocks: [{every: year, entries: annual_review, steps: [communicated]}]\n"
    own = "  - {name: eh_1, title: Review of plans, source: [own], owner: ad_early_help, clocks: [{every: quarter}]}\n"
    desk = TestDesk("east-sussex", policies_of(tmp_path, "east-sussex", [(last, last + own)]))
    [row] = owed(desk, "2026-06-30", "2026-06-30", "2026-07-01", "eh_1")
    assert (row.role, row.state) == ("ad_early_help", "overdue")
    assert owed(taken(), "2026-06-30", "2026-06-30", "2026-07-01", "eh_1") == []
