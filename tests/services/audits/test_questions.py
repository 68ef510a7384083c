"""The framework's own questions, and how far back a file is read."""

from typing import Any

import pytest

from events.audits import AuditAllocated, AuditSubmitted
from events.findings import AuditAnswered
from services.policy.form import FormQuestion
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.given import Scene, given
from tests.lives import QA, Life, Line
from tests.services.audits.scenes import allocated, life, moderated, submitted


def answered(desk: Scene) -> dict[str, Any]:
    """Every answer given on the audit: what can be counted, or the sealed text."""
    facts = [each.fact for each in desk.history("A-1") if isinstance(each.fact, AuditAnswered)]
    return {each.question: each.plain or each.text for fact in facts for each in fact.answers}


def returned(authority: str, answers: Line) -> Life:
    return life(authority=authority).submitted("2026-03-12", answers=answers)


@pytest.mark.covers("TOR-7", "TOR-46", "TOR-84", "TOR-128", "TOR-169")
def test_answers_are_kept_with_the_return() -> None:
    """What is ticked can be counted."""
    answers: Line = {"risks": ["neglect", "domestic abuse"], "plan_states_objectives": False}
    answers |= {"voice_carried": ["worker", "review chair"], "themes": ["drift in plans"]}
    assert answered(given(*allocated(), *returned("torbay", answers))) == {
        "risks": ("neglect", "domestic abuse"),
        "plan_states_objectives": ("no",),
        "voice_carried": ("worker", "review chair"),
        "themes": ("drift in plans",),
    }


@pytest.mark.covers("TOR-75")
def test_who_met() -> None:
    """The meeting says whether the team or its manager took part."""
    met = life().act("audit.record_meeting", "2026-03-05", "P-AUD", "auditor", answers={"meeting_with": ["the team"]})
    assert answered(given(*allocated(), *met)) == {"meeting_with": ("the team",)}


@pytest.mark.parametrize(
    ("answers", "field", "rule"),
    [
        ({"mood": "fine"}, "answers.mood", "unknown question"),
        ({"risks": ["weather"]}, "answers.risks", "weather is not one of the options"),
        ({"risks": "neglect"}, "answers.risks", "must be a list of options"),
        ({"plan_states_objectives": "yes"}, "answers.plan_states_objectives", "must be true or false"),
        ({"themes": ["North Team 7"]}, "answers.themes", "short words in lower case"),
        ({"meeting_with": ["the team"]}, "answers.meeting_with", "unknown question"),
    ],
)
def test_an_answer_that_does_not_fit(answers: Line, field: str, rule: str) -> None:
    """An answer of another kind, or to what is not asked here, is refused by its name, and nothing is kept."""
    *prepared, submit = returned("torbay", answers)
    given(*allocated(), *prepared).when(submit).refused(field, rule)


@pytest.mark.covers("SOU-36", "SOU-37", "SOU-38")
def test_what_must_be_answered() -> None:
    """A return that leaves out what the framework has checked is refused, and taken with a reason."""
    looked_after = life(authority="southwark").allocated("2026-03-02", strand="Looked after and permanence")
    *prepared, submit = looked_after.submitted("2026-03-10")
    desk = given(*prepared, authority="southwark")
    rule = desk.when({**submit, "answers": {"seen_alone": True}}).refused("audit")
    for question in ("documents_on_file", "read_and_countersigned", "wishes_recorded"):
        assert f"no answer to {question}" in rule
    assert "seen_alone" not in rule
    desk.do({**submit, "answers": {"seen_alone": True}, "override": "the file is with the court"})
    assert answered(desk) == {"seen_alone": ("yes",)}


@pytest.mark.covers("SWI-38", "SWI-39", "SWI-40")
@pytest.mark.parametrize(
    ("strand", "asked", "not_asked"),
    [
        ("Child in need or protection", ("workbook", "direct_work", "analysis", "decision_making"), "reunification"),
        ("Child in care", ("relationships_in_care", "reunification", "aspiration", "emotional_health"), "analysis"),
        ("Care leaver", ("relationships_in_care", "pathway_planning", "aspiration", "support"), "reunification"),
    ],
)
def test_questions_that_hang_on_the_strand(strand: str, asked: tuple[str, ...], not_asked: str) -> None:
    """Each kind of file is asked its own topics, and is not asked another's."""
    *prepared, submit = life(authority="swindon").allocated("2026-03-02", strand=strand).submitted("2026-03-10")
    desk = given(*prepared, authority="swindon")
    mine = {**dict.fromkeys(asked, "seen on file"), "consent": "given"}
    desk.when({**submit, "answers": {**mine, not_asked: "seen"}}).refused(f"answers.{not_asked}")
    desk.do({**submit, "answers": mine})
    assert set(answered(desk)) == set(mine)
    assert answered(desk)[asked[0]].startswith("sealed:")


@pytest.mark.covers("SWI-36")
def test_questions_that_hang_on_the_type() -> None:
    """An early help audit is asked about the threshold and what changed for the child; another one is not."""
    answers = {"consent": "given", "threshold": "met at level two", "impact_on_child": "back in school"}
    *prepared, submit = life(authority="swindon").allocated("2026-03-02").submitted("2026-03-10")
    given(*prepared, authority="swindon").when({**submit, "answers": answers}).refused("answers.threshold")
    lead = {"actor": "P-EH", "role": "strategic_lead_early_help", "audit_type": "early help"}
    early = life(authority="swindon").allocated("2026-03-02", **lead).submitted("2026-03-10", answers=answers)
    assert set(answered(given(*early, authority="swindon"))) == set(answers)


@pytest.mark.covers("SWI-42")
def test_consent_is_answered() -> None:
    """Whether consent is on record, or was dispensed with in proportion, is an answer of its own."""
    *prepared, submit = life(authority="swindon").allocated("2026-03-02").submitted("2026-03-10")
    desk = given(*prepared, authority="swindon")
    desk.when({**submit, "answers": {}}).refused("audit", "no answer to consent")
    desk.do({**submit, "answers": {"consent": "dispensed with in proportion"}})
    assert answered(desk) == {"consent": ("dispensed with in proportion",)}


@pytest.mark.covers("HAL-33")
@pytest.mark.parametrize(("hours", "warnings"), [(24, 0), (24.5, 1), (30, 1)])
def test_a_standard_that_was_missed_is_a_finding(hours: float, warnings: int) -> None:
    """A referral allocated after more than a day is recorded with a warning; a finding refuses nothing."""
    desk = given(*life(authority="halton").allocated("2026-03-07"), authority="halton")
    *prepared, submit = returned("halton", {"hours_to_allocation": hours})
    desk.do(*prepared)
    [outcome] = desk.do(submit)
    assert len([each for each in outcome.warnings if "at most 24 is asked for" in each]) == warnings


@pytest.mark.covers("SOU-40")
@pytest.mark.parametrize(("age", "warnings"), [(20, 1), (21, 0), (25, 0), (26, 1)])
def test_support_of_care_leavers(age: int, warnings: int) -> None:
    """Support until 21, up to 25: another age is taken with a warning."""
    leaver = life(authority="southwark").allocated("2026-03-02", strand="Care leavers")
    *prepared, submit = leaver.submitted("2026-03-10")
    submit["answers"] = {**submit["answers"], "support_until": age}
    desk = given(*prepared, authority="southwark")
    [outcome] = desk.do(submit)
    assert len(outcome.warnings) == warnings


@pytest.mark.covers("HAL-35", "HAL-36", "HAL-106", "HAL-107")
def test_haltons_questions() -> None:
    """Plans read, the difference at three horizons, the lawful basis and the consultation each have their answer."""
    answers: Line = {"plans_seen": ["care plan"], "lawful_basis": "public task", "family_told": "yes"}
    texts = dict.fromkeys(("difference_now", "difference_interim", "difference_long_term", "consulted"), "seen")
    desk = given(
        *life(authority="halton").allocated("2026-03-07"), *returned("halton", {**answers, **texts}), authority="halton"
    )
    assert set(answered(desk)) == {*answers, *texts}


@pytest.mark.covers("HAL-72")
def test_what_changed_since_is_asked_of_the_moderator() -> None:
    """The moderator says what the actions done since the first audit changed."""
    audit = life(authority="halton").allocated("2026-03-07").submitted("2026-03-12").to_moderator("2026-03-13")
    desk = given(*audit.moderated("2026-03-14", answers={"impact_since": "the plan moved on"}), authority="halton")
    assert "impact_since" in answered(desk)


@pytest.mark.covers("HAL-75")
def test_what_the_three_month_review_found() -> None:
    """The review is recorded as done with what it found, part by part."""
    audit = life(authority="halton").allocated("2026-01-07").submitted("2026-01-12").to_moderator("2026-01-13")
    audit.moderated("2026-01-14").closed("2026-01-20")
    parts = ("loop_closed", "good_practice", "still_to_improve", "audit_judgements")
    found = {"obligation": "three_month_review", "answers": dict.fromkeys(parts, "as the tracker shows")}
    meet = life(authority="halton").act("obligation.meet", "2026-04-20", "P-QA", "qa_team", **found)
    assert set(answered(given(*audit, *meet, authority="halton"))) == set(parts)


@pytest.mark.covers("SOU-58")
def test_the_lead_highlights_an_audit() -> None:
    """The Quality Assurance Lead marks an audit as one of high quality when it is closed."""
    audit = life(authority="southwark").allocated("2026-03-02").submitted("2026-03-10")
    [*before, close] = audit.closed("2026-03-20")
    desk = given(*before, {**close, "answers": {"high_quality": True}}, authority="southwark")
    assert answered(desk)["high_quality"] == ("yes",)


MOMENTS: dict[str, tuple[Life, Life]] = {
    "meeting": (allocated(), life().act("audit.record_meeting", "2026-03-04", "P-AUD", "auditor")),
    "feedback": (
        allocated(),
        life().act(
            "audit.record_feedback",
            "2026-03-04",
            "P-AUD",
            "auditor",
            source="family",
            outcome="obtained",
            feedback="by telephone",
        ),
    ),
    "moderation": (submitted().to_moderator("2026-03-11"), life().moderated("2026-03-12")),
    "sign_off": (moderated(), life().act("audit.sign_off", "2026-03-13", **QA)),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_must_be_answered_at_each_moment(moment: str) -> None:
    """A question that a framework makes mandatory holds up the act at which it is asked, and no other."""
    policy = SHIPPED["torbay"].newest
    asked = {"name": "tried", "title": "Tried", "source": ["TEST-1"], "required": True, "asked_at": [moment]}
    tool = policy.tool.model_copy(update={"questions": (FormQuestion.model_validate(asked),)})
    policies = Policies("torbay", (policy.model_copy(update={"tool": tool}),))
    before, act = MOMENTS[moment]
    given(*before, policies=policies).when(act).refused("answers.tried", "is needed: Tried")
    [line] = act
    desk = given(*before, {**line, "answers": {"tried": "so it is"}}, policies=policies)
    assert set(answered(desk)) == {"tried"}


@pytest.mark.covers("SWI-41", "SWI-81")
def test_family_and_practitioner_answer_the_same_question() -> None:
    """Progress is asked of the family and of the practitioner, and the family's seven groups have their answers."""
    audit = life(authority="swindon").allocated("2026-03-02")
    thought = {"reflection": "more visits", "answers": {"progress": "slow"}}
    audit.act("audit.record_reflection", "2026-03-04", "P-SW", "worker", **thought)
    groups = ("family_relationships", "reason_explained", "assessment_shared", "team_working", "helpful", "rights")
    heard: Line = {**dict.fromkeys(groups, "said so"), "willing_to_share": True, "progress": "much better"}
    fields = {"source": "parents_carers", "outcome": "obtained", "feedback": "by telephone", "answers": heard}
    audit.act("audit.record_feedback", "2026-03-05", "P-QA", "qa_team", **fields)
    desk = given(*audit, authority="swindon")
    facts = [fact for each in desk.history("A-1") if isinstance(fact := each.fact, AuditAnswered)]
    of_progress = [fact.asked_at for fact in facts for each in fact.answers if each.question == "progress"]
    assert of_progress == ["reflection", "feedback"]
    assert set(answered(desk)) == set(heard)


@pytest.mark.covers("TOR-57")
@pytest.mark.parametrize("read", ["2025-09-02", "2025-12-01"])
def test_torbay_limits_the_look_back(read: str) -> None:
    """Six months back from the day of selection, and further only with a reason."""
    assert_look_back("torbay", "2026-03-02", read, refused_on="2025-09-01")


@pytest.mark.covers("HAL-31")
@pytest.mark.parametrize("read", ["2025-09-07", "2024-01-01"])
def test_halton_asks_for_the_recent_months_at_least(read: str) -> None:
    """The whole journey may be read; less than the last six months needs a reason."""
    assert_look_back("halton", "2026-03-07", read, refused_on="2025-09-08")


@pytest.mark.covers("SOU-34", "A-SOU-20")
@pytest.mark.parametrize("other", ["2025-03-01", "2025-03-03"])
def test_southwark_fixes_the_look_back(other: str) -> None:
    """Twelve months back from the day of selection, the same for everyone on the file."""
    assert_look_back("southwark", "2026-03-02", "2025-03-02", refused_on=other)


def assert_look_back(authority: str, selected: str, read: str, *, refused_on: str) -> None:
    *prepared, submit = life(authority=authority).allocated(selected).submitted("2026-03-12")
    desk = given(*prepared, authority=authority)
    further = {**submit, "looked_back_to": refused_on}
    desk.when(further).refused("lookback_reason")
    desk.do({**submit, "looked_back_to": read})
    fact = next(each.fact for each in desk.history("A-1") if isinstance(each.fact, AuditSubmitted))
    assert str(fact.looked_back_to) == read
    again = given(*prepared, {**further, "lookback_reason": "the injury lies elsewhere"}, authority=authority)
    fact = next(each.fact for each in again.history("A-1") if isinstance(each.fact, AuditSubmitted))
    assert fact.lookback_reason is not None


def test_how_far_back_stands_in_the_allocation() -> None:
    """The auditor learns with the file how far back to read."""
    fact = given(*allocated()).history("A-1")[0].fact
    assert isinstance(fact, AuditAllocated)
    assert str(fact.look_back_to) == "2025-09-02"
