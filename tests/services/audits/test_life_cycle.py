"""A case-file audit from allocation to closure: what each command gives."""

import pytest

from events.actions import ActionSet
from events.audits import AuditAllocated, AuditModerated, ModeratorAllocated
from events.errors import NotFound, Refused, SightlineError
from events.reaudits import ReauditCompleted
from tests.given import given
from tests.lives import QA, TORBAY_LOWEST
from tests.services.audits.scenes import SECTION, life, moderated, submitted


@pytest.mark.covers("TOR-15", "TOR-85", "TOR-87")
@pytest.mark.parametrize("authority", ["torbay", "halton"])
def test_a_whole_life(authority: str) -> None:
    """From allocation to closure every step is taken once, in order, and stands in the history."""
    whole = life(authority=authority).allocated("2026-03-02").submitted("2026-03-10").to_moderator("2026-03-11")
    whole.moderated("2026-03-12").act("audit.share", "2026-03-13", **QA)
    whole.act("audit.give_feedback", "2026-03-13", **QA, recipient="P-SW").act("audit.file", "2026-03-14", **QA)
    desk = given(*whole.closed("2026-03-16"), authority=authority)
    names = list(dict.fromkeys(each.fact.stored_name.split(".")[1] for each in desk.history("A-1")))
    form = ["reflection_recorded"] if authority == "halton" else []
    end = ["signed_off", "closed"] if authority == "halton" else ["closed"]
    assert names == [
        *["allocated", *form, "meeting_recorded", "feedback_recorded", "section_graded", "submitted"],
        *["moderator_allocated", "moderated", "shared", "feedback_given", "filed", *end],
    ]
    assert [each.originator_version for each in desk.history("A-1")] == list(range(1, len(desk.history("A-1")) + 1))


@pytest.mark.covers("TOR-79", "HAL-44", "A-TOR-01", "A-HAL-01")
@pytest.mark.parametrize(("authority", "due"), [("torbay", "2026-03-30"), ("halton", "2026-03-12")])
def test_the_policy_dates_the_return(authority: str, due: str) -> None:
    """An allocation without a date gets the policy's: four weeks in Torbay, ten days in Halton."""
    fact = given(*life(authority=authority).allocated("2026-03-02"), authority=authority).history("A-1")[0].fact
    assert isinstance(fact, AuditAllocated)
    assert str(fact.due) == due


def test_texts_are_sealed_before_they_are_recorded() -> None:
    """No free text stands in a history as it was typed."""
    history = given(*moderated()).history("A-1")
    texts = ["seen on file", "felt by the child", "agreed with the evidence"]
    bodies = b"".join(each.fact.model_dump_json().encode() for each in history)
    assert not any(text.encode() in bodies for text in texts)


@pytest.mark.covers("TOR-87", "TOR-89")
@pytest.mark.parametrize(
    ("grade", "sections", "outcome", "changed"),
    [
        (None, {}, "confirmed", {}),
        ("Meets Good", {}, "confirmed", {}),
        ("Exceeds Good", {}, "changed", {}),
        (None, {SECTION: "Meets good"}, "confirmed", {}),
        (None, {SECTION: "Exceeds good"}, "changed", {SECTION: "Exceeds good"}),
    ],
)
def test_a_moderation_says_what_it_changed(
    grade: str | None, sections: dict[str, str], outcome: str, changed: dict[str, str]
) -> None:
    """The moderator confirms or changes; only what differs from the auditor's grades counts as changed."""
    desk = given(*submitted().to_moderator("2026-03-11").moderated("2026-03-12", grade, sections=sections))
    fact = desk.history("A-1")[-1].fact
    assert isinstance(fact, AuditModerated)
    assert (fact.outcome, fact.grade, fact.sections) == (outcome, grade or "Meets Good", changed)


@pytest.mark.parametrize(("named", "due"), [({"due": "2026-03-12"}, "2026-03-12"), ({}, "2026-03-25")])
def test_whoever_allocates_a_moderator_may_say_by_when(named: dict[str, str], due: str) -> None:
    """Where they say nothing it is the day that the policy counts: in Halton the tenth working day."""
    whole = life(authority="halton").allocated("2026-03-02").submitted("2026-03-10", "Good")
    [line] = life(authority="halton").to_moderator("2026-03-11")
    [outcome] = given(*whole, authority="halton").do(line | named)
    assert [str(each.fact.due) for each in outcome.events if isinstance(each.fact, ModeratorAllocated)] == [due]


@pytest.mark.covers("HAL-55", "HAL-68")
def test_actions_of_a_second_moderation_are_dated_by_it() -> None:
    """An action that comes with a later moderation is due by that moderation, not by the first one."""
    whole = life(authority="halton").allocated("2026-03-07").submitted("2026-03-12", "Good").to_moderator("2026-03-13")
    whole.moderated("2026-03-16").moderated("2026-05-18", actions=[{"action": "X-9", "text": "visit", "owner": "P-SW"}])
    fact = given(*whole, authority="halton").history("A-1")[-1].fact
    assert isinstance(fact, ActionSet)
    assert (fact.stage, str(fact.due)) == ("moderation", "2026-05-26")


@pytest.mark.covers("HAL-73", "A-ALL-07")
def test_a_reaudit_is_told_to_the_earlier_audit_in_one_batch() -> None:
    """The return of a re-audit stands on both histories, under one command."""
    desk = given(*submitted(TORBAY_LOWEST))
    again = life("A-2", auditor="P-2").allocated("2026-04-01", reaudit_of="A-1").submitted("2026-04-10", "Meets Good")
    outcome = desk.do(*again)[-1]
    both = {each.originator_id for each in outcome.events}
    assert {"audit/A-1", "audit/A-2"} <= both
    assert len({each.envelope.command_id for each in outcome.events}) == 1
    assert len({each.envelope.event_id for each in outcome.events}) == len(outcome.events)
    assert desk.history("A-1")[-1].fact == ReauditCompleted(reaudit="A-2", grade="Meets Good")


@pytest.mark.parametrize(
    ("reaudit_of", "child", "field", "error"),
    [
        ("A-9", "C-1", "returned audit", NotFound),
        ("A-3", "C-1", "returned audit", NotFound),
        ("A-1", "C-2", "reaudit_of", Refused),
    ],
)
def test_a_reaudit_needs_the_returned_audit_of_the_same_child(
    reaudit_of: str, child: str, field: str, error: type[SightlineError]
) -> None:
    """A re-audit of an audit that there is none of, that is not back, or of another child is refused."""
    desk = given(*submitted(), *life("A-3").allocated("2026-03-02"))
    [line] = life("A-2", child=child).allocated("2026-04-01", reaudit_of=reaudit_of)
    desk.when(line).refused(field, error=error)
