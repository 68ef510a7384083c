"""East Sussex's frame: that every task is there, those without a clock, its tiers and bodies, its audits and alerts."""

import re
from typing import Any

import pytest

from events.actions import ActionSet
from events.audits import AuditSubmitted
from services.policy.describe.tasks import tasks
from tests.desks import SHIPPED, TestDesk
from tests.lives import Line
from tests.requirements.scenes import last_fact, refusal, titles
from tests.requirements.tasks.east_sussex import ROWS as TASKS

POLICY = SHIPPED["east-sussex"].newest
BOTH, DIRECTOR = "Lead Member and Director of Children's Services", "Director of Children's Services"
BODIES = (
    "Corporate Management Team, Cabinet, Scrutiny Committee, Senior Management Team, Children and Young People's Trust "
    "Executive Group, Corporate Parenting Panel and Local Safeguarding Children Board"
)
UPDATED = "Children's Social Care Management Team and Joint Divisional Meeting"
OCCASIONS = (
    ("ESX-1.1", "t1_1", BOTH),
    ("ESX-1.2", "t1_2", f"{BOTH}; reported to {BODIES}"),
    ("ESX-1.3", "t1_3", BOTH),
    ("ESX-1.4", "t1_4", f"{DIRECTOR}; reported to Chief Executive and Lead Member"),
    ("ESX-N46", "t4_12_event", f"Head of Safeguarding; reported to {UPDATED}"),
)

EACH_OCCASION = [pytest.param(*task, id=task[0], marks=pytest.mark.covers(task[0])) for task in OCCASIONS]


@pytest.mark.covers("A-ESX-10", "A-ESX-20")
def test_every_task_is_there() -> None:
    """All 54 tasks are in the policy, those without a clock among the standing ones."""
    named = {task for each in TASKS for task in each.covers} | {task for task, *_ in OCCASIONS}
    assert len([task for task in named if re.fullmatch(r"ESX-\d\.\d+", task)]) == 54
    held = {task for each in POLICY.duties for task in each.source}
    held |= {task for standing in POLICY.standing for task in standing.source}
    assert named <= held


@pytest.mark.parametrize(("clause", "task", "whose"), EACH_OCCASION)
def test_task_without_a_clock(clause: str, task: str, whose: str) -> None:
    """A standing task is read in the programme, with its clause, whose it is and who hears of it."""
    read = {each.key[2]: each.words for each in tasks(POLICY) if each.key[:2] == ("standing", task)}
    assert read["owners"] == f"A standing task of {whose}"
    assert clause in read["source"]


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
