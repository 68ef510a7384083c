"""East Sussex's table of tasks, each with its role, its frequencies and the bodies it reports to; and its frame."""

import re
from typing import Any

import pytest

from events.actions import ActionSet
from events.audits import AuditSubmitted
from tests.desks import SHIPPED, TestDesk
from tests.lives import Line
from tests.requirements.scenes import last_fact, refusal, titles
from tests.services.programme.scenes import activity, appointed, desk_in_east_sussex, ends_of, owed

POLICY = SHIPPED["east-sussex"].newest
CHIEF, DIRECTOR, MEMBERS = "chief_executive", "dcs", "elected_members"
SAFEGUARDING, PLANNING = "head_of_safeguarding", "ad_planning"
TO_MEMBERS = "smt lead_member scrutiny_committee"

TASKS: tuple[tuple[str, str, set[str]], ...] = (
    ("ESX-1.5", DIRECTOR, {"quarter"}),
    ("ESX-1.6", CHIEF, {f"month: {CHIEF}", f"quarter: {CHIEF}"}),
    ("ESX-1.7", CHIEF, {f"half year: {CHIEF}", f"year: {CHIEF}"}),
    ("ESX-1.8", CHIEF, {"year"}),
    ("ESX-1.9", MEMBERS, {"quarter: cabinet cpp", "year: scrutiny_committee"}),
    ("ESX-1.10", MEMBERS, {"month: panels"}),
    ("ESX-1.11", MEMBERS, {"month"}),
    ("ESX-1.12", MEMBERS, {"quarter", "half year"}),
    ("ESX-1.13", "lscb_chair", {"half year"}),
    ("ESX-2.1", "cscmt", {"quarter: smt"}),
    (
        "ESX-2.2",
        "all_managers",
        {"month: operations_manager", "quarter: cpp", "half year: smt", "year: lead_member"},
    ),
    ("ESX-2.3", "cscmt", {"half year", "year: cpp"}),
    ("ESX-2.4", f"cscmt {MEMBERS}", {"year", "year: smt cpp lead_member"}),
    ("ESX-2.5", "cscmt", {"year: smt cpp lead_member"}),
    ("ESX-3.1", "ad_safeguarding", {"year"}),
    ("ESX-3.2", "head_of_service", {f"year: {SAFEGUARDING}"}),
    ("ESX-3.3", "operations_manager", {"year: head_of_service"}),
    ("ESX-3.4", "operations_manager", {"year: cscmt"}),
    ("ESX-3.5", "safeguarding_manager", {"half year: cscmt cpp", "year: lead_member dcs"}),
    ("ESX-3.6", "safeguarding_manager", {"half year: cscmt", "year: lead_member dcs"}),
    ("ESX-3.7", "safeguarding_manager", {"quarter: cscmt lscb"}),
    ("ESX-3.8", "cpa iro", {"month"}),
    ("ESX-3.9", "safeguarding_manager", {"quarter: head_of_service", "quarter: cscmt"}),
    ("ESX-3.10", "head_of_service_locality", {"year: dcs lscb_chair cscmt"}),
    ("ESX-3.11", "panel_chairs", {"year: cscmt", "third: agency_decision_maker"}),
    ("ESX-3.12", "head_of_service", {"quarter: cscmt", "year: dcs smt lead_member"}),
    ("ESX-3.13", "head_of_service", {"quarter: cscmt"}),
    (
        "ESX-3.14",
        "operations_manager head_of_service",
        {"month", "quarter", f"quarter: head_of_service {SAFEGUARDING}"},
    ),
    ("ESX-3.15", "operations_manager", {"quarter", f"quarter: head_of_service {SAFEGUARDING}"}),
    ("ESX-3.16", "practice_manager", {"month"}),
    (
        "ESX-4.1",
        "planning_manager",
        {"month: team_and_unit_managers cscmt", "half year: joint_divisional_meeting smt lead_member lscb_chair"},
    ),
    ("ESX-4.2", "all_managers", {"month: team_and_unit_managers joint_divisional_meeting smt"}),
    ("ESX-4.3", SAFEGUARDING, {"quarter: cscmt", f"year: {TO_MEMBERS}"}),
    ("ESX-4.4", SAFEGUARDING, {"month: ofsted", "quarter: cpp lead_member"}),
    ("ESX-4.5", "cscmt", {"quarter"}),
    ("ESX-4.6", "ad_early_help", {"quarter"}),
    ("ESX-4.7", "complaints_manager", {"quarter: cscmt joint_divisional_meeting", f"year: {TO_MEMBERS}"}),
    ("ESX-4.8", PLANNING, {"month: cscmt", "year: smt lead_member"}),
    ("ESX-4.9", PLANNING, {"quarter: cscmt", "year: smt lead_member"}),
    ("ESX-4.10", PLANNING, {"year", "year: cscmt joint_divisional_meeting cpp"}),
    ("ESX-4.11", "lscb_qa_chair", {"quarter", "year", "quarter: lscb_qa_subgroup", "year: smt lead_member"}),
    ("ESX-4.12", SAFEGUARDING, {"year: smt lscb"}),
    ("ESX-4.13", "ad_safeguarding", {"year"}),
    ("ESX-4.14", DIRECTOR, {"year"}),
    ("ESX-4.15", DIRECTOR, {"half year"}),
    ("ESX-4.16", DIRECTOR, {"quarter"}),
    ("ESX-4.17", "ad_safeguarding", {"half year"}),
    ("ESX-4.18", "principal_social_worker", {"two months", "half year"}),
    ("ESX-5.1", SAFEGUARDING, {"year", f"year: cscmt joint_divisional_meeting {TO_MEMBERS}"}),
    ("ESX-5.2", "early_help_support", {"year: joint_divisional_meeting smt"}),
    ("ESX-N34", "lscb_chair", {"year: cyp_trust"}),
    ("A-ESX-13", "operations_manager", {"year: head_of_service", "year: cscmt"}),
)
"""The task, whose it is, and how often; after a colon the bodies that hear of it."""

OCCASIONS = (
    ("ESX-1.1", {"lead_member", "dcs"}, set[str]()),
    ("ESX-1.2", {"lead_member", "dcs"}, {"cmt", "cabinet", "scrutiny_committee", "smt", "cypteg", "cpp", "lscb"}),
    ("ESX-1.3", {"lead_member", "dcs"}, set[str]()),
    ("ESX-1.4", {"dcs"}, {"chief_executive", "lead_member"}),
)

PER = {
    "ESX-3.1": ("person", ("head_of_service",)),
    "ESX-3.2": ("person", ("operations_manager",)),
    "ESX-3.3": ("person", ("practice_manager",)),
    "ESX-3.9": ("person", ("cpa", "iro")),
    "ESX-3.16": ("person", ("practitioner",)),
    "ESX-3.8": ("holder", ()),
    "ESX-3.14": ("team", ()),
    "ESX-3.13": ("other team", ()),
    "ESX-3.15": ("other team", ()),
    "ESX-4.13": ("area", ()),
    "A-ESX-22": ("area", ()),
    "A-ESX-09": ("other team", ()),
}

EACH_TASK = [pytest.param(*task, id=task[0], marks=pytest.mark.covers(task[0])) for task in TASKS]
EACH_OCCASION = [pytest.param(*task, id=task[0], marks=pytest.mark.covers(task[0])) for task in OCCASIONS]
EACH_PER = [pytest.param(task, *per, id=task, marks=pytest.mark.covers(task)) for task, per in PER.items()]


BEGUN, ENDED = "2026-04-01", "2027-03-31"


def desk_of_a_year() -> TestDesk:
    """A desk with a holder for each post whose holder, team or worker a task is about."""
    desk = desk_in_east_sussex()
    more = (("P-HOS2", "head_of_service", "S-2"), ("P-CPA", "cpa", None), ("P-IRO", "iro", None))
    desk.do(*(appointed(*each) for each in more))
    return desk


@pytest.mark.parametrize(("task", "owners", "clocks"), EACH_TASK)
def test_task(task: str, owners: str, clocks: set[str]) -> None:
    """A task falls due to its role at the end of each period, and goes to its bodies; undone it is overdue.

    One that is done by hand is met by what was done, about the whole authority, in its first period.
    """
    desk = desk_of_a_year()
    rows = [row for row in owed(desk, BEGUN, ENDED, "2027-04-01") if task in row.source]
    asked = [(every, frozenset(to.split())) for every, _, to in (each.partition(": ") for each in clocks)]
    assert {row.role for row in rows} == set(owners.split())
    assert {(str(row.due), frozenset(row.reports_to)) for row in rows} == {
        (end, bodies) for every, bodies in asked for end in ends_of(every)
    }
    assert {row.state for row in rows} == {"overdue"}
    for held in (each for each in POLICY.duties if task in each.source and each.per == "authority"):
        for clock in held.clocks:
            if clock.entries or clock.audit_types or clock.any_of:
                continue
            said: Line = {"item": clock.item, "evidence": clock.evidence, "reported_to": clock.reports_to}
            desk.do(activity(held.name, "2026-04-20", role=held.owner, count=clock.count, **said))
        by_hand = [row for row in owed(desk, BEGUN, ENDED, "2027-04-01", held.name) if row.done]
        assert {(row.first.isoformat(), row.state) for row in by_hand} <= {(BEGUN, "met")}
        assert len(by_hand) >= sum(not (each.entries or each.audit_types or each.any_of) for each in held.clocks)


@pytest.mark.parametrize(("task", "per", "people"), EACH_PER)
def test_task_for_each(task: str, per: str, people: tuple[str, ...]) -> None:
    """A task about each worker, team, manager or area is owed once for each of them."""
    first = next(each for each in POLICY.duties if task in each.source)
    assert (first.per, first.people) == (per, people)


@pytest.mark.covers("A-ESX-10", "A-ESX-20")
def test_every_task_is_there() -> None:
    """All 54 tasks are in the policy, those without a clock among the standing ones."""
    numbered = [task for task, *_ in (*TASKS, *OCCASIONS) if re.fullmatch(r"ESX-\d\.\d+", task)]
    assert len(numbered) == len(set(numbered)) == 54
    named = {task for each in POLICY.duties for task in each.source}
    named |= {task for standing in POLICY.standing for task in standing.source}
    assert {task for task, *_ in (*TASKS, *OCCASIONS)} <= named


@pytest.mark.parametrize(("task", "owners", "bodies"), EACH_OCCASION)
def test_task_without_a_clock(task: str, owners: set[str], bodies: set[str]) -> None:
    """A standing task names whose it is and who hears of it."""
    [standing] = [each for each in POLICY.standing if task in each.source]
    assert (set(standing.owners), set(standing.reports_to)) == (owners, bodies)


@pytest.mark.covers("ESX-4.11", "ESX-N10", "A-ESX-18")
def test_audits_between_agencies() -> None:
    """A quarter asks for five referral files and one child with a plan, a year for the audit of compliance."""
    [task] = [each for each in POLICY.duties if "ESX-4.11" in each.source]
    counted = {way.item: (clock.every, way.count) for clock in task.clocks for way in clock.ways if way.item}
    assert counted["referral and assessment file"] == ("quarter", 5)
    assert counted["child protection plan audit"] == ("quarter", 1)
    assert counted["section 11 audit"] == ("year", 1)


@pytest.mark.covers("ESX-4.10", "ESX-N35")
def test_routes_of_feedback() -> None:
    """Each of the eight routes of feedback is asked for by itself."""
    [task] = [each for each in POLICY.duties if "ESX-4.10" in each.source]
    routes = {way.item for clock in task.clocks for way in clock.ways if way.item}
    assert routes == {
        *["parents", "carers", "advocacy", "independent visitors", "IRO service"],
        *["Adoption Service", "Fostering Service", "Regulation 33 visits"],
    }


@pytest.mark.covers("ESX-N1", "A-ESX-15")
def test_six_tiers() -> None:
    """The chain leads from the worker to the Director in six tiers."""
    assert [POLICY.roles[role].title.partition(",")[0] for role in POLICY.chain] == [
        *["Social Worker", "Practice Manager", "Operations Manager"],
        *["Head of Service", "Assistant Director", "Director of Children's Services"],
    ]


@pytest.mark.covers("ESX-N2", "ESX-N41", "A-ESX-19")
def test_bodies() -> None:
    """Every body that scrutinises or is reported to is held, under the name that was printed."""
    assert {
        *["Corporate Management Team", "Cabinet", "Corporate Parenting Panel", "Scrutiny Committee"],
        *["Senior Management Team", "Children's Social Care Management Team", "Planning and Performance Team"],
        *["Children and Young People's Trust Executive Group", "Local Safeguarding Children Board"],
        *["LSCB Quality Assurance Sub-Group", "Joint Divisional Meeting", "Children and Young People's Trust"],
    } <= titles("east-sussex")


def allocation(kind: str = "supervision file") -> Line:
    return command("audit.allocate", "P-PM", "practice_manager") | {
        "audit_type": kind,
        "child": "C-1",
        "team": "T-1",
        "worker": "P-SW",
        "auditor": "P-PM",
    }


def command(name: str, actor: str, role: str, **fields: Any) -> Line:
    head = {"command": name, "authority": "east-sussex", "actor": actor, "role": role, "audit": "A-1"}
    return head | {"at": "2026-03-02"} | fields


@pytest.mark.covers("ESX-N19", "A-ESX-04")
def test_no_grade_but_an_answer() -> None:
    """A return carries no grade; whether there is a significant concern must be answered by the auditor."""
    desk = TestDesk("east-sussex")
    desk.do(allocation())
    submit = command("audit.submit", "P-PM", "auditor")
    assert refusal(desk, submit) != ""
    assert refusal(desk, submit | {"significant_concern": False, "grade": "Good"}) == "grade"
    desk.do(submit | {"significant_concern": False})
    fact = last_fact(desk)
    assert isinstance(fact, AuditSubmitted)
    assert (fact.grade, fact.significant_concern) == (None, False)


@pytest.mark.covers("ESX-N6", "ESX-N17")
def test_deep_dives_of_four_kinds() -> None:
    """Managers, the safeguarding unit and peers each have their types of audit, which the tasks count."""
    counted = {kind: task.owner for task in POLICY.duties for clock in task.clocks for kind in clock.audit_types}
    assert counted["supervision file"] == "practice_manager"
    assert counted["team file"] == counted["operations manager peer audit"] == "operations_manager"
    assert counted["head of service peer audit"] == "head_of_service"
    assert counted["safeguarding deep dive"] == "safeguarding_manager"
    assert counted.keys() <= set(POLICY.tool.types)


@pytest.mark.covers("ESX-N12")
@pytest.mark.parametrize(("kind", "per"), [("team file", "team"), ("supervision file", "person")])
def test_one_audit_of_each(kind: str, per: str) -> None:
    """Team files are owed for each team and supervision files for each worker, as the directory has them."""
    [task] = [task for task in POLICY.duties if any(kind in clock.audit_types for clock in task.clocks)]
    assert (task.per, [clock.every for clock in task.clocks]) == (per, ["month"])


@pytest.mark.covers("ESX-N22", "ESX-N24")
def test_summaries_go_up_with_a_copy() -> None:
    """Reports on team files and peer audits go to the Head of Service with a copy to the Head of Safeguarding."""
    told = {rule.name: [each.text for step in rule.ladder for each in step.to] for rule in POLICY.alerts}
    assert told["team_files_report"] == ["head_of_service over actor", "head_of_safeguarding"]
    assert told["peer_audit_summary"] == ["head_of_service of about", "head_of_safeguarding"]
    assert told["supervision_summary"] == ["head_of_service over actor"]
    [concerns] = [rule for rule in POLICY.alerts if rule.name == "supervision_concerns"]
    assert concerns.trigger.when == {"duty": "t3_3", "concern": True}


@pytest.mark.covers("ESX-N18")
def test_topics() -> None:
    """A supervision case file audit has the framework's eight topics."""
    assert POLICY.tool.sections == (
        *["Assessment", "Planning", "Analysis", "Decision making", "Multi-disciplinary evidence"],
        *["Partnership with families", "Child's wishes and feelings", "Statutory compliance"],
    )


@pytest.mark.covers("ESX-N5")
def test_nothing_scheduled_stands_in_the_way() -> None:
    """What is seen to be needed can be set as an action, or raised, on the first day of an audit."""
    desk = TestDesk("east-sussex")
    desk.do(allocation())
    action = {"action": "X-1", "text": "visit", "owner": "P-SW", "due": "2026-03-03"}
    desk.do(command("action.set", "P-PM", "auditor", **action))
    assert isinstance(last_fact(desk), ActionSet)
    assert refusal(desk, command("audit.raise_safety_concern", "P-PM", "auditor", concern="not seen")) == ""


@pytest.mark.covers("ESX-N25", "A-ESX-11")
def test_nobody_is_chased() -> None:
    """No obligation reminds or escalates by its due date: every message follows from an act, on the spot."""
    owed = (step for rule in POLICY.obligations for step in rule.ladder)
    steps = [*owed, *(step for rule in POLICY.alerts for step in rule.ladder)]
    assert {(step.hour, step.on.base) for step in steps} == {("at once", "trigger")}
