"""Rows of Halton's framework that no other test is about: who does what, what a return rests on, what is owed."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from events.audits import AuditModerated
from events.escalations import EscalationRaised, NoticeSent
from events.findings import FeedbackRecorded, SafetyConcernRaised
from projections.action_tracker import actions
from projections.store import open_store
from services.clock import local_date
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life, Line, people
from tests.projections.views import kept
from tests.requirements.scenes import FORMS, desk_of, last_fact, may, owed_now, refusal, titles

FORM = FORMS["halton"]
EVERYBODY = {
    "qa_team": "P-QA",
    "qa_manager": "P-QAM",
    "qa_principal_manager": "P-QAP",
    "practice_lead": "P-PL",
    "principal_manager": "P-PM",
    "divisional_manager": "P-DM",
    "auditor": "P-AUD",
    "worker": "P-SW",
}


def life() -> Life:
    return Life("halton", "A-1")


def allocated() -> Life:
    return life().allocated("2026-03-07")


def submitted(grade: str = "Good", **fields: object) -> Life:
    return allocated().submitted("2026-03-12", grade, **fields)


def moderated(grade: str = "Good") -> Life:
    return submitted(grade).to_moderator("2026-03-13").moderated("2026-03-24")


@pytest.mark.covers("HAL-8", "HAL-10")
def test_posts_of_the_framework() -> None:
    """The audit lead and the director who oversees inadequate audits are posts of the policy."""
    assert {"Audit Lead", "Director for Operational Safeguarding", "QA Manager"} <= titles("halton")


@pytest.mark.covers("HAL-16", "HAL-32")
def test_the_form_of_a_deep_dive() -> None:
    """A deep dive is a type of audit, and its form has the framework's six headings in their order."""
    assert "deep dive" in FORM.types
    assert FORM.sections == (
        *["Referral", "Basic information", "Assessment", "Planning", "Review", "Management Oversight"],
    )


@pytest.mark.covers("HAL-4", "HAL-22", "HAL-47", "HAL-52")
def test_the_qa_team_runs_the_process() -> None:
    """Only the QA team chooses the file, and only it passes an audit on, once the auditor has finished it."""
    for role, person in EVERYBODY.items():
        [line] = allocated()
        taken = refusal(desk_of("halton"), line | {"actor": person, "role": role}) == ""
        assert taken is (role == "qa_team")
    assert may(submitted(), "audit.allocate_moderator", "2026-03-13", EVERYBODY, moderator="P-MOD") == {"qa_team"}
    assert may(allocated(), "audit.allocate_moderator", "2026-03-13", EVERYBODY, moderator="P-MOD") == set()


@pytest.mark.covers("HAL-5", "HAL-51", "HAL-56")
def test_the_last_comments() -> None:
    """An audit is closed only when it was moderated and the one role that may has added its last comments."""
    assert may(moderated(), "audit.sign_off", "2026-03-25", EVERYBODY, comments="agreed") == {"qa_principal_manager"}
    assert may(submitted(), "audit.sign_off", "2026-03-25", EVERYBODY, comments="agreed") == set()
    [sign_off, close] = life().closed("2026-03-25")
    for done in (submitted(), moderated()):
        assert refusal(desk_of("halton", *done), close) == "audit"
    assert refusal(desk_of("halton", *moderated(), sign_off), close) == ""


@pytest.mark.covers("HAL-15", "HAL-30", "HAL-45", "HAL-82", "A-HAL-23")
@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ("meeting", "no meeting with the practitioner"),
        ("child", "no feedback sought from child"),
        ("parents_carers", "no feedback sought from parents or carers"),
    ],
)
def test_what_a_grade_rests_on(left_out: str, missing: str) -> None:
    """A return needs the file, the talk with the practitioner and feedback sought from child and parents or carers."""
    *prepared, submit = life().submitted("2026-03-12", "Good")
    kept_lines = [line for line in prepared if left_out not in f"{line['command']} {line.get('source')}"]
    assert len(kept_lines) == len(prepared) - 1
    desk = desk_of("halton", *allocated(), *kept_lines)
    with pytest.raises(Exception, match=missing):
        desk.do(submit)
    assert refusal(desk_of("halton", *allocated(), *prepared), submit) == ""


@pytest.mark.covers("HAL-45", "A-HAL-23")
def test_a_child_too_young_to_ask() -> None:
    """The child's part may be marked as not age-appropriate, the parents' part may not."""
    young = {"outcome": "not_age_appropriate", "source": "child"}
    [line] = life().act("audit.record_feedback", "2026-03-10", "P-AUD", "auditor", **young)
    desk = desk_of("halton", *allocated(), line)
    assert last_fact(desk) == FeedbackRecorded(source="child", outcome="not_age_appropriate")
    assert refusal(desk, line | {"source": "parents_carers"}) == "outcome"


@pytest.mark.covers("HAL-54")
def test_moderation_is_talked_through() -> None:
    """Whoever reads what was moderated sees whether moderator and auditor talked it through: unsaid, they did not."""
    told = {}
    unsaid: Line = {}
    for said in ({"discussed": True}, {"discussed": False}, unsaid):
        desk = desk_of("halton", *submitted().to_moderator("2026-03-13").moderated("2026-03-24", **said))
        fact = last_fact(desk)
        assert isinstance(fact, AuditModerated)
        told[str(said)] = "talked through with the auditor" in fact.sentence()
    assert list(told.values()) == [True, False, False]


@pytest.mark.covers("HAL-7", "HAL-69")
def test_the_plan_for_improvement_is_the_divisional_managers() -> None:
    """An inadequate audit owes a plan by the Divisional Manager until there is one, or until the grade is lifted."""
    assert owed_now(desk_of("halton", *submitted("Good")), "improvement_plan") == []
    desk = desk_of("halton", *submitted("Inadequate"))
    [owed] = owed_now(desk, "improvement_plan")
    assert owed.rule.owners[0].text == "divisional_manager of child"
    desk.do(*life().act("obligation.meet", "2026-03-16", "P-DM", "divisional_manager", obligation="improvement_plan"))
    assert owed_now(desk, "improvement_plan") == []
    lifted = submitted("Inadequate").to_moderator("2026-03-13").moderated("2026-03-24", "Good")
    assert owed_now(desk_of("halton", *lifted), "improvement_plan") == []


@pytest.mark.covers("HAL-60", "HAL-62")
def test_the_divisional_manager_says_that_it_is_done() -> None:
    """Only the Divisional Manager confirms actions, and says when the case has come to the expected standard."""
    whole = moderated().action("2026-03-25", "X-1", due="2026-03-31")
    assert may(whole, "action.confirm", "2026-03-30", EVERYBODY) == {"divisional_manager"}
    desk = desk_of("halton", *whole)
    assert [str(each.due) for each in owed_now(desk, "expected_standard")] == ["2026-03-31"]
    declared = life().act("obligation.meet", "2026-03-30", "P-DM", "divisional_manager", obligation="expected_standard")
    assert refusal(desk, declared.lines[0]) == "obligation"
    desk.do(*life().act("action.confirm", "2026-03-30", "P-DM", "divisional_manager"), *declared)
    assert owed_now(desk, "expected_standard") == []


@pytest.mark.covers("HAL-46", "HAL-70")
def test_actions_of_both_stages_are_one_list(tmp_path: Path) -> None:
    """The tracker shows the actions of the audit and of its moderation together, each with its stage."""
    task = {"text": "visit", "owner": "P-SW"}
    whole = submitted(actions=[{"action": "X-1", **task}]).to_moderator("2026-03-13")
    desk = desk_of("halton", *whole.moderated("2026-03-24", actions=[{"action": "X-2", **task}]))
    engine = open_store(f"sqlite:///{tmp_path}/view.db")
    history = [replace(each, position=each.originator_version) for each in desk.history("A-1")]
    rows = actions(kept(engine, "actions", history), "halton")
    engine.dispose()
    assert [(row.action, row.stage, str(row.due)) for row in rows] == [
        ("X-1", "audit", "2026-03-19"),
        ("X-2", "moderation", "2026-03-31"),
    ]


@pytest.mark.covers("HAL-65")
def test_a_practitioner_says_that_a_child_may_be_unsafe() -> None:
    """The allocated practitioner can raise a concern during the audit, without waiting for its return."""
    [line] = life().act("audit.raise_safety_concern", "2026-03-09", "P-SW", "worker", concern="nobody visits")
    assert isinstance(last_fact(desk_of("halton", *allocated(), line)), SafetyConcernRaised)


@pytest.mark.covers("HAL-6")
def test_the_tracker_is_the_qa_managers() -> None:
    """The action tracker is owed by the QA Manager, who records that it was sent."""
    desk = desk_of("halton", *moderated())
    [owed] = owed_now(desk, "action_tracker")
    assert (owed.rule.owners[0].role, str(owed.due)) == ("qa_manager", "2026-03-31")
    desk.do(*life().act("obligation.meet", "2026-03-26", "P-QAM", "qa_manager", obligation="action_tracker"))
    assert owed_now(desk, "action_tracker") == []


@pytest.mark.covers("A-HAL-17", "A-HAL-20")
def test_what_the_framework_leaves_without_a_date() -> None:
    """The last comments have no clock of their own, and a re-audit that is inadequate again has its own month."""
    rules = SHIPPED["halton"].newest.obligations
    assert [rule.name for rule in rules if {"audit.sign_off", "audit.signed_off"} & set(rule.met_by)] == []
    again = Life("halton", "A-2", auditor="P-AUD2").allocated("2026-04-07", reaudit_of="A-1")
    desk = desk_of("halton", *submitted("Inadequate"), *again.submitted("2026-04-13", "Inadequate"))
    assert owed_now(desk, "reaudit") == []
    assert [str(each.due) for each in owed_now(desk, "reaudit", "A-2")] == ["2026-05-13"]


@pytest.mark.covers("HAL-64", "HAL-65")
def test_a_concern_reaches_the_division_at_once() -> None:
    """A practitioner's concern about unsafe practice reaches the Divisional Manager and the QA team at once."""
    concern = allocated().act("audit.raise_safety_concern", "2026-03-09T16:40", "P-SW", "worker", concern="unseen")
    desk = TestDesk("halton")
    desk.do(*people("halton"), *concern)
    [raised] = [each.fact for each in desk.settled("A-1").facts if each.fact.obligation == "safety_concern"]
    assert isinstance(raised, EscalationRaised)
    assert [(each.role, each.holder) for each in raised.recipients] == [
        ("divisional_manager", "P-DM"),
        ("qa_team", None),
    ]


@pytest.mark.covers("HAL-6", "HAL-62")
def test_the_qa_manager_hears_of_each_action_that_is_done() -> None:
    """The Divisional Manager confirms an action, and the QA Manager is told; of a completion alone nobody is."""
    action = {"action": "X-1", "text": "visit", "owner": "P-SW", "due": "2026-03-20"}
    desk = desk_of("halton", *submitted().act("action.set", "2026-03-11", "P-AUD", "auditor", **action))
    done = {"action": "X-1", "impact": "seen weekly"}
    desk.do(*life().act("action.complete", "2026-03-16", "P-SW", "worker", **done))
    assert "completion_message" not in {each.obligation for each in sent(desk)}
    desk.do(*life().confirmed("2026-03-17"))
    [message] = [each for each in sent(desk) if each.obligation == "completion_message"]
    assert [to.holder for to in message.recipients] == ["P-QAM"]


def sent(desk: TestDesk) -> list[NoticeSent]:
    desk.keep("A-1", datetime.fromisoformat("2026-03-18T12:00Z"))
    return [each.fact for each in desk.history("A-1") if isinstance(each.fact, NoticeSent)]


@pytest.mark.covers("HAL-9", "HAL-42", "HAL-50", "HAL-66")
def test_what_the_practitioner_is_given_to_do() -> None:
    """The allocated practitioner is asked on the day for the reflection, which comes before the meeting, and acts then.

    What the audit asks of them is due after five working days; the Practice Lead may say for them that it is done.
    """
    told = desk_of("halton", *allocated()).settled("A-1").facts
    [asked] = [each.fact for each in told if each.fact.obligation == "file_selected"]
    assert isinstance(asked, NoticeSent)
    assert ("P-SW", "2026-03-07") in {(each.holder, str(local_date(asked.due))) for each in asked.recipients}
    *_, reflect = life().act("audit.record_reflection", "2026-03-09", "P-SW", "worker", reflection="seen too little")
    [meet] = life().act("audit.record_meeting", "2026-03-10", "P-AUD", "auditor")
    desk = desk_of("halton", *allocated())
    assert refusal(desk, reflect | {"actor": "P-AUD", "role": "auditor"}) == "role"
    assert refusal(desk, meet) != ""
    desk.do(reflect, meet)
    whole = submitted().action("2026-03-12", "X-1", owner="P-SW")
    for person, role in (("P-SW", "worker"), ("P-PL", "practice_lead")):
        desk = desk_of("halton", *whole)
        [task] = owed_now(desk, "immediate_tasks")
        assert str(task.due) == "2026-03-19"
        desk.do(*life().act("action.complete", "2026-03-18", person, role, action="X-1", impact="seen weekly"))
        assert owed_now(desk, "immediate_tasks") == []
