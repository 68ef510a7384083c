"""Rows of Torbay's framework that no other test is about: the form, the talk on it, and the way onto the record."""

from pathlib import Path

import pytest

from events.actions import ActionSet
from events.audits import AuditAllocated, AuditFiled, AuditModerated, AuditShared, AuditSubmitted, FeedbackGiven
from events.findings import MeetingRecorded, ReflectionRecorded
from services.clock import local_date
from services.directory.state import DIRECTORY, fold_directory
from tests.desks import SHIPPED, TestDesk
from tests.edited import new_version, policies_of
from tests.lives import QA, Life, people
from tests.requirements.scenes import FORMS, desk_of, last_fact, may, owed_now, refusal, titles
from tests.rounds import RoundLife

FORM = FORMS["torbay"]


def life() -> Life:
    return Life("torbay", "A-1")


def allocated() -> Life:
    return life().allocated("2026-03-02")


def submitted(grade: str = "Meets Good") -> Life:
    return allocated().submitted("2026-03-10", grade)


@pytest.mark.covers("TOR-2", "A-TOR-07")
def test_posts_of_the_framework() -> None:
    """The owner, the deputy and the leadership team that is told in the end are posts of the policy."""
    assert {
        "Director of Children's Services",
        "Head of Learning Academy",
        "Children's Social Care Senior Leadership Team",
    } <= titles("torbay")


@pytest.mark.covers("TOR-44")
def test_twelve_fields() -> None:
    """The form asks for the framework's twelve graded fields, in its order."""
    assert FORM.sections == (
        *["Risk", "Involvement of child and family", "Decision making", "Assessments", "Agency coordination"],
        *["Identity and diversity", "Plans", "Permanency", "Reviews", "Living arrangements"],
        *["Preparation for independence", "Improved outcomes"],
    )


@pytest.mark.covers("TOR-41", "TOR-42", "A-TOR-19")
@pytest.mark.parametrize(
    ("field", "known", "unknown"), [("age_band", FORM.age_bands, "1-5"), ("strand", FORM.strands, "Schools")]
)
def test_classes_of_a_child(field: str, known: tuple[str, ...], unknown: str) -> None:
    """Every age band and strand of the form is taken and kept as it is spelt, and no other."""
    assert len(known) == {"age_band": 5, "strand": 6}[field]
    for value in known:
        fact = last_fact(desk_of("torbay", *life().allocated("2026-03-02", **{field: value})))
        assert getattr(fact, field) == value
    [line] = life().allocated("2026-03-02", **{field: unknown})
    assert refusal(desk_of("torbay"), line) == field


@pytest.mark.covers("TOR-39")
def test_header_of_an_audit() -> None:
    """An audit holds its auditor, its day, the child's number under seal, the team and through it the service."""
    desk = desk_of("torbay", *life().allocated("2026-03-02", child_number="123-456"))
    [allocation] = desk.history("A-1")
    fact = allocation.fact
    assert isinstance(fact, AuditAllocated)
    assert (fact.auditor, str(local_date(allocation.envelope.occurred)), fact.team) == ("P-AUD", "2026-03-02", "T-1")
    assert fact.child_number is not None
    assert fact.child_number.startswith("sealed:")
    assert fold_directory(desk.store.load(DIRECTORY)).unit_of_kind(fact.team, "service", desk.now) == "S-1"


@pytest.mark.covers("TOR-43", "TOR-73", "TOR-74")
def test_talk_with_the_worker() -> None:
    """The meeting names the allocated practitioner and has its day; the auditor records it, nobody in their place."""
    [meeting] = life().act("audit.record_meeting", "2026-03-05", "P-AUD", "auditor")
    desk = desk_of("torbay", *allocated(), meeting)
    fact = last_fact(desk)
    assert isinstance(fact, MeetingRecorded)
    assert fact.practitioner == "P-SW"
    assert str(local_date(desk.history("A-1")[-1].envelope.occurred)) == "2026-03-05"
    assert refusal(desk, meeting | {"actor": "P-TM"}) == "actor"


@pytest.mark.covers("TOR-76")
def test_two_inputs_of_the_worker() -> None:
    """The allocated practitioner sets down views and adds actions beside the auditor's; another one cannot."""
    [views] = life().act("audit.record_reflection", "2026-03-05", "P-SW", "worker", reflection="how I see it")
    added = {"action": "X-1", "text": "visit", "owner": "P-SW", "due": "2026-04-01"}
    [action] = life().act("action.set", "2026-03-05", "P-SW", "worker", **added)
    desk = desk_of("torbay", *allocated(), views)
    assert isinstance(last_fact(desk), ReflectionRecorded)
    desk.do(action)
    assert isinstance(last_fact(desk), ActionSet)
    assert refusal(desk, views | {"actor": "P-2"}) == refusal(desk, action | {"actor": "P-2"}) == "actor"


@pytest.mark.covers("TOR-60", "TOR-77", "TOR-78", "TOR-90")
def test_onto_the_record_after_feedback() -> None:
    """A finished audit is shared with the team and talked through on recorded days; it is filed only after that."""
    [share] = life().act("audit.share", "2026-03-11", **QA)
    [talk] = life().act("audit.give_feedback", "2026-03-12", "P-AUD", "auditor", recipient="P-SW")
    [file] = life().act("audit.file", "2026-03-13", **QA)
    desk = desk_of("torbay", *submitted().to_moderator("2026-03-10").moderated("2026-03-11"), share)
    assert refusal(desk, file) == "audit"
    desk.do(talk, file)
    shared, told, filed = desk.history("A-1")[-3:]
    assert (shared.fact, told.fact, filed.fact) == (
        AuditShared(team="T-1"),
        FeedbackGiven(recipient="P-SW"),
        AuditFiled(),
    )
    days = [str(local_date(each.envelope.occurred)) for each in (shared, told, filed)]
    assert days == ["2026-03-11", "2026-03-12", "2026-03-13"]


@pytest.mark.covers("TOR-5", "TOR-50", "TOR-88", "TOR-89")
def test_learning_at_the_top_grade() -> None:
    """The moderator's own grade stands beside the auditor's, with talk and learning points, at the top grade too."""
    moderation = {"discussed": True, "learning_points": "the chronology helped"}
    desk = desk_of(
        "torbay", *submitted().to_moderator("2026-03-11").moderated("2026-03-12", "Exceeds Good", **moderation)
    )
    [given] = [each.fact for each in desk.history("A-1") if isinstance(each.fact, AuditSubmitted)]
    fact = last_fact(desk)
    assert isinstance(fact, AuditModerated)
    assert (given.grade, fact.grade, fact.outcome, fact.discussed) == ("Meets Good", "Exceeds Good", "changed", True)
    assert fact.sentence() == (
        "Moderator P-MOD changed the grading; the audit stands with the grade “Exceeds Good”; "
        "it was talked through with the auditor."
    )
    assert fact.learning_points is not None
    assert fact.learning_points.startswith("sealed:")


@pytest.mark.covers("TOR-6", "TOR-86")
def test_a_senior_manager_moderates_as_well() -> None:
    """After the first moderation a second person can be given the audit, and the later grade stands."""
    life = submitted().to_moderator("2026-03-11").moderated("2026-03-12").to_moderator("2026-03-16", "P-SM")
    desk = desk_of("torbay", *life)
    [again] = Life("torbay", "A-1").moderated("2026-03-18", "Does Not Meet Good")
    assert refusal(desk, again) == "actor"
    desk.do(again | {"actor": "P-SM"})
    fact = last_fact(desk)
    assert isinstance(fact, AuditModerated)
    assert (fact.moderator, fact.grade) == ("P-SM", "Does Not Meet Good")


@pytest.mark.covers("TOR-85")
def test_every_audit_is_moderated() -> None:
    """No audit is closed without its moderation, and one that was returned owes it."""
    desk = desk_of("torbay", *submitted())
    assert [each.rule.owners[0].role for each in owed_now(desk, "moderation")] == ["qa_team"]
    [close] = life().act("audit.close", "2026-03-20", **QA)
    assert refusal(desk, close) == "audit"
    desk.do(*life().to_moderator("2026-03-11"), *life().moderated("2026-03-12"))
    assert owed_now(desk, "moderation") == []
    assert refusal(desk, close) == ""


@pytest.mark.covers("TOR-54")
def test_questions_of_the_round() -> None:
    """Answers to a round's own questions come along with the return, each under its question and sealed."""
    desk = desk_of("torbay", *allocated().submitted("2026-03-10", bespoke={"Is the father known?": "yes, seen"}))
    [fact] = [each.fact for each in desk.history("A-1") if isinstance(each.fact, AuditSubmitted)]
    assert list(fact.bespoke) == ["Is the father known?"]
    assert fact.bespoke["Is the father known?"].startswith("sealed:")


@pytest.mark.covers("TOR-54")
def test_only_the_questions_of_the_round_are_answered() -> None:
    """Where a round agreed questions with a service, its audits answer those; another one is refused by name."""
    life = RoundLife("2026-02").scheduled("2026-01-05").planned("2026-01-12")
    asked = {"service": "SARS", "manager": "P-SM", "questions": ["Is the father known?"]}
    life.act("round.agree_questions", "2026-01-14", **asked)
    desk = desk_of("torbay", *life.approved("2026-01-20"))
    audit = Life("torbay", "A-1").allocated("2026-02-03", round="2026-02")
    *before, submit = audit.submitted("2026-02-10", bespoke={"Is the school heard?": "yes"})
    desk.do(*before)
    assert refusal(desk, submit) == "bespoke"
    assert refusal(desk, {**submit, "bespoke": {"Is the father known?": "yes, seen"}}) == ""


@pytest.mark.covers("TOR-38")
def test_one_form_in_force(tmp_path: Path) -> None:
    """The form is a version of the policy: a field added later is asked of what is allocated from its day on."""
    later = [*new_version("2", "2026-03-09"), ("    - Improved outcomes", "    - Improved outcomes\n    - Schooling")]
    policies = policies_of(tmp_path, "torbay", [], later)
    for day, taken in (("2026-03-08", True), ("2026-03-09", False)):
        desk = TestDesk("torbay", policies)
        *before, submit = Life("torbay", "A-1").allocated(day).submitted("2026-03-20")
        desk.do(*before)
        assert (refusal(desk, submit) == "") is taken
    assert SHIPPED["torbay"].newest.version == "1"


@pytest.mark.covers("TOR-105", "A-TOR-21")
def test_corrective_action_is_closed_by_both() -> None:
    """What a record below good asks for stays open until its two managers closed it, whatever the moderation says."""
    life = submitted("Does Not Meet Good").to_moderator("2026-03-11").moderated("2026-03-12", "Meets Good")
    desk = desk_of("torbay", *life)
    [stands] = owed_now(desk, "corrective_action")
    assert stands.rule.owners[0].role == "head_of_service"
    for person, role in (("P-HOS", "head_of_service"), ("P-TM", "team_manager")):
        assert len(owed_now(desk, "corrective_action")) == 1
        desk.do(
            *Life("torbay", "A-1").act("obligation.meet", "2026-03-20", person, role, obligation="corrective_action")
        )
    assert owed_now(desk, "corrective_action") == []
    assert owed_now(desk_of("torbay", *submitted("Meets Good")), "corrective_action") == []


@pytest.mark.covers("TOR-106")
def test_who_confirms() -> None:
    """The team and its managers confirm that actions were followed up; those who audit or moderate do not."""
    audit = allocated().action("2026-03-05", "X-1", due="2026-04-01")
    roles = {
        "team_manager": "P-TM",
        "service_manager": "P-SM",
        "worker": "P-SW",
        "auditor": "P-AUD",
        "qa_team": "P-QA",
    }
    assert may(audit, "action.confirm", "2026-04-02", roles) == {"team_manager", "service_manager", "worker"}


@pytest.mark.covers("TOR-19", "TOR-110")
def test_a_concern_opens_a_deep_dive() -> None:
    """A safety concern raised before the return opens a deep dive on comparable files, whatever the grade will be."""
    concern = Life("torbay", "A-1").allocated("2026-03-02")
    concern.act("audit.raise_safety_concern", "2026-03-09T16:40", "P-AUD", "auditor", concern="unseen")
    desk = TestDesk("torbay")
    desk.do(*people("torbay"), *concern)
    owed = {each.name for each in desk.settled("A-1").owed}
    assert "concern_deep_dive" in owed
    assert "deep_dive" not in owed


@pytest.mark.covers("TOR-3")
@pytest.mark.parametrize(
    ("post", "unit"),
    [
        ("head_of_service", "S-1"),
        ("service_manager", "S-1"),
        ("team_manager", "T-1"),
        ("advanced_practitioner", "T-1"),
        ("cp_chair", None),
        ("iro", None),
    ],
)
def test_only_the_trained_audit(post: str, unit: str | None) -> None:
    """Whoever holds one of the six posts is given an audit once trained, and not the day before, nor after it ended."""
    desk = desk_of("torbay")
    head = {"authority": "torbay", **QA, "at": "2025-09-01", "person": "P-NEW"}
    desk.do({"command": "person.appoint", **head, "post": post, "unit": unit})
    desk.do({"command": "person.train", **head, "at": "2026-03-03", "until": "2026-04-30"})
    desk.unverified = False
    for number, (day, refused) in enumerate(
        [("2026-03-02", "auditor"), ("2026-03-03", ""), ("2026-04-30", ""), ("2026-05-01", "auditor")]
    ):
        [allocate] = Life("torbay", f"A-{number}", auditor="P-NEW").allocated(day)
        assert (day, refusal(desk, allocate)) == (day, refused)
