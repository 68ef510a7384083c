"""What holds of settlements whatever people do, on random lives of audits."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.escalations import EscalationRaised, EscalationResolved, NoticeLapsed, NoticeSent, Step
from services.escalations.recording import as_recorded
from services.modules import CATALOGUE
from services.obligations.steps import identity_of
from services.open_obligations import is_told_alone, open_by_history
from services.rehearsal import END_OF_TIME
from tests.desks import LONG_AFTER, TestDesk
from tests.lives import Line
from tests.walks import AUDIT, AUDITS, FIRST_DAY, REAUDIT, imported, imported_after, lived, walks

pytestmark = pytest.mark.long

ANY_LIFE = st.sampled_from(["torbay", "halton"]).flatmap(walks)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=720)).map(lambda since: FIRST_DAY + since)


def step_and_day(step: Step) -> tuple[str, str, str, datetime]:
    """What a step is about and when it was due: alike for two records of one life, whose events have other ids."""
    return (step.obligation, step.step, step.key, step.due)


def messages(desk: TestDesk) -> set[tuple[object, ...]]:
    """Every message of both audits: step and instant, level or kind, and who was told."""
    return {
        (each.originator_id, step_and_day(each.fact), type(each.fact).__name__, each.fact.recipients)
        for audit in (AUDIT, REAUDIT)
        for each in desk.history(audit)
        if isinstance(each.fact, NoticeSent | EscalationRaised)
    }


@settings(max_examples=150)
@given(lines=ANY_LIFE, instants=st.lists(INSTANTS, min_size=1, max_size=3).map(sorted))
def test_settling_again_finds_nothing(lines: list[Line], instants: list[datetime]) -> None:
    """On the history that a settlement leads to, the same instant asks for nothing more."""
    desk = imported_after(str(lines[0]["authority"]), lines)
    for now in instants:
        desk.keep(AUDIT, now)
        assert desk.settled(AUDIT, now).facts == ()


@settings(max_examples=100)
@given(lines=ANY_LIFE)
def test_every_step_is_recorded_once(lines: list[Line]) -> None:
    """However often an audit is worked out, each step has one outcome, one id, and at most one resolution."""
    desk = lived(str(lines[0]["authority"]), lines, settling=True)
    desk.let_time_pass(LONG_AFTER, AUDITS)
    steps = [
        each for each in desk.history(AUDIT) if isinstance(each.fact, NoticeSent | NoticeLapsed | EscalationRaised)
    ]
    resolved = [each for each in desk.history(AUDIT) if isinstance(each.fact, EscalationResolved)]
    for found in (steps, resolved):
        identities = [
            identity_of(each.fact)
            for each in found
            if isinstance(each.fact, NoticeSent | NoticeLapsed | EscalationRaised | EscalationResolved)
        ]
        assert len(set(identities)) == len(identities)
    ids = [each.envelope.event_id for each in desk.history(AUDIT)]
    assert len(set(ids)) == len(ids)


@pytest.mark.covers("A-ALL-05")
@settings(max_examples=100)
@given(lines=ANY_LIFE)
def test_lived_and_imported_history_tell_the_same_people_the_same(lines: list[Line]) -> None:
    """A life worked out on time and the same life imported afterwards have sent the same messages."""
    authority = str(lines[0]["authority"])
    now = lived(authority, lines, settling=True)
    now.let_time_pass(LONG_AFTER, AUDITS)
    later = imported(authority, lines, unverified=False)  # what a life refuses, its import refuses
    for audit in (AUDIT, REAUDIT):
        if later.history(audit):
            later.keep(audit, END_OF_TIME)
    assert messages(now) == messages(later)


@settings(max_examples=100)
@given(lines=ANY_LIFE, now=INSTANTS)
def test_attempts_at_different_instants_agree_on_ids(lines: list[Line], now: datetime) -> None:
    """A later attempt records every step of an earlier one under the same id."""
    desk = imported_after(str(lines[0]["authority"]), lines)
    history = desk.history(AUDIT)
    first = {each.envelope.event_id for each in as_recorded(history, desk.settled(AUDIT, now).facts, now)}
    later = now + timedelta(days=30)
    second = {each.envelope.event_id for each in as_recorded(history, desk.settled(AUDIT, later).facts, later)}
    assert first <= second


@settings(max_examples=100)
@given(lines=ANY_LIFE)
def test_what_is_left_open_is_still_owed(lines: list[Line]) -> None:
    """After everything is worked out, an open escalation always has something behind it that still stands."""
    desk = imported_after(str(lines[0]["authority"]), lines)
    owed = desk.keep(AUDIT, END_OF_TIME).owed
    standing = {(each.name, each.key) for each in owed if each.ended() is None}
    for escalation in CATALOGUE.record_of(desk.history(AUDIT)).escalations.values():
        if not escalation.resolved:
            assert (escalation.raised.obligation, escalation.raised.key) in standing


@settings(max_examples=50)
@given(lines=ANY_LIFE, instants=st.lists(INSTANTS, min_size=1, max_size=3).map(sorted))
def test_that_somebody_was_told_leaves_what_is_owed_as_it_was(lines: list[Line], instants: list[datetime]) -> None:
    """Neither what is open nor a step of it changes, whatever people did before and do afterwards."""
    authority = str(lines[0]["authority"])
    desk = lived(authority, lines, settling=True)
    for now in instants:
        desk.keep(AUDIT, now)
    history, policies = desk.history(AUDIT), desk.policies
    kind = CATALOGUE.kind_of(f"audit/{AUDIT}")
    for version, each in enumerate(history, start=1):
        if is_told_alone(each):
            before, after = (open_by_history(kind, history[:end], policies) for end in (version - 1, version))
            assert after == before
