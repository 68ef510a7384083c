"""What holds of obligations whatever people do, on random lives of audits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.escalations import EscalationRaised, NoticeSent
from events.recorded import Recorded
from services.clock import LONDON, at_local, local_date
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.escalations.settle import settle
from services.modules import CATALOGUE
from services.obligations.engine import obligations
from services.obligations.steps import Identity, identity_of
from services.policy.versions import Policies
from services.rehearsal import END_OF_TIME
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life, Line, people
from tests.walks import AUDIT, imported, imported_after, walks

pytestmark = pytest.mark.long

AUTHORITIES = st.sampled_from(["torbay", "halton"])
ANY_LIFE = AUTHORITIES.flatmap(walks)
Sent = tuple[Identity, str, object]


def desk_of(lines: list[Line]) -> TestDesk:
    return imported_after(str(lines[0]["authority"]), lines)


def told(history: Sequence[Recorded], policies: Policies, directory: Directory) -> dict[Sent, datetime]:
    """Each message that goes out, and when it is due: its identity, its title and who is told."""
    facts = (each.fact for each in settle(CATALOGUE.record_of(history), policies, directory, END_OF_TIME).facts)
    return {
        (identity_of(fact), fact.title, fact.recipients): fact.due
        for fact in facts
        if isinstance(fact, NoticeSent | EscalationRaised)
    }


def sent(messages: dict[Sent, datetime], before: datetime) -> set[Sent]:
    """Those of them that went out before an instant."""
    return {message for message, due in messages.items() if due < before}


@pytest.mark.covers("A-ALL-04")
@settings(max_examples=150)
@given(lines=ANY_LIFE)
def test_every_step_stands_at_the_hour_of_its_policy(lines: list[Line]) -> None:
    """Each step stands at the policy's hour by England's clocks, at midnight, or at the very act that caused it."""
    desk = desk_of(lines)
    for owed in obligations(desk.history(AUDIT), desk.policies):
        hours = {step.name: step.hour for step in owed.rule.ladder}
        began = owed.trigger.envelope.occurred
        for rung in owed.rungs:
            expected = {"notice": "08:00", "lapse": "00:00", "at once": f"{began.astimezone(LONDON):%H:%M}"}
            assert rung.too_late == (local_date(rung.due) < local_date(began))
            assert rung.too_late or rung.due >= began
            assert rung.due == began or f"{rung.due.astimezone(LONDON):%H:%M}" == expected[str(hours[rung.step])]
        assert owed.overdue_from is None or local_date(owed.overdue_from - timedelta.resolution) == owed.due


@pytest.mark.covers("A-ALL-05", "TOR-92", "TOR-93", "TOR-94")
@settings(max_examples=150)
@given(began=st.integers(0, 700), returned=st.timedeltas(timedelta(), timedelta(days=60)))
def test_a_step_is_sent_exactly_if_the_audit_was_not_back_by_then(began: int, returned: timedelta) -> None:
    """In history worked out afterwards a step went out if the return came after its instant, and never if before."""
    start = datetime(2025, 1, 1, 9, 0, tzinfo=LONDON) + timedelta(days=began)
    back = start + returned
    life = Life("torbay", AUDIT).allocated(start.isoformat()).submitted(back.isoformat())
    desk = imported("torbay", [*people("torbay", "2024-09-01"), *life])
    steps = {"reminder": 21, "outstanding_list": 29, "second_notice": 42}
    due = {
        step: at_local(start.date() + timedelta(days=days), start.time().replace(hour=8))
        for step, days in steps.items()
    }
    facts = [each.fact for each in desk.settled(AUDIT).facts]
    steps_told = {
        fact.step
        for fact in facts
        if isinstance(fact, NoticeSent | EscalationRaised) and fact.obligation == "audit_return"
    }
    assert steps_told == {step for step, instant in due.items() if instant < back}


@pytest.mark.covers("A-ALL-05", "ALL-C4")
@settings(max_examples=150)
@given(lines=ANY_LIFE)
def test_what_happens_later_changes_nothing_earlier(lines: list[Line]) -> None:
    """Whatever was done, and whenever it was met, what had gone out before stays as it was, to the same people."""
    desk = desk_of(lines)
    history = desk.history(AUDIT)
    directory = fold_directory(desk.store.load(DIRECTORY))
    in_the_end = told(history, desk.policies, directory)
    for number in range(1, len(history)):
        before = history[number].envelope.occurred
        then = sent(told(history[:number], desk.policies, directory), before)
        assert then == sent(in_the_end, before), history[number].fact


@pytest.mark.covers("A-ALL-06")
@settings(max_examples=100)
@given(grades=st.lists(st.sampled_from(SHIPPED["halton"].newest.grades.overall), min_size=1, max_size=6))
def test_regrading_ends_where_the_final_grade_says(grades: list[str]) -> None:
    """However often a grade goes down and up, a re-audit stands exactly if the last grade asks for one."""
    first, *later = grades
    life = Life("halton", AUDIT).allocated("2026-01-07").submitted("2026-01-08", first).to_moderator("2026-01-09")
    for day, grade in enumerate(later, start=10):
        life.moderated(f"2026-01-{day}", grade)
    desk = TestDesk("halton")
    desk.do(*life)
    found = [each for each in obligations(desk.history(AUDIT), desk.policies) if each.name == "reaudit"]
    standing = [each for each in found if each.ended() is None]
    assert len(standing) == (grades[-1] == "Inadequate")
    runs = [day for day, grade in enumerate(grades) if grade == "Inadequate" and (day == 0 or grades[day - 1] != grade)]
    assert [str(each.due) for each in found] == [f"2026-02-{8 if day == 0 else 9 + day:02}" for day in runs]


@settings(max_examples=150)
@given(lines=ANY_LIFE)
def test_obligations_do_not_hang_on_what_was_recorded_of_them(lines: list[Line]) -> None:
    """The same history gives the same obligations, before and after their own notices are recorded on it."""
    desk = desk_of(lines)
    before = obligations(desk.history(AUDIT), desk.policies)
    assert obligations(desk.history(AUDIT), desk.policies) == before
    desk.keep(AUDIT, END_OF_TIME)
    assert obligations(desk.history(AUDIT), desk.policies) == before


@settings(max_examples=100)
@given(lines=ANY_LIFE)
def test_no_two_steps_are_the_same(lines: list[Line]) -> None:
    """Every clock that stands has an identity of its own, and so has each of its steps."""
    desk = desk_of(lines)
    found = obligations(desk.history(AUDIT), desk.policies)
    clocks = [(each.name, each.key) for each in found if each.fell_away is None]
    steps = [rung.identity for each in found for rung in each.rungs]
    assert len(set(clocks)) == len(clocks)
    assert len(set(steps)) == len(steps)


@settings(max_examples=100)
@given(lines=ANY_LIFE)
def test_what_ended_no_longer_stands(lines: list[Line]) -> None:
    """An obligation ends at the earlier of being met and falling away, and never before it began."""
    desk = desk_of(lines)
    for owed in obligations(desk.history(AUDIT), desk.policies):
        ends = [each for each in (owed.met_since(), owed.fell_away) if each is not None]
        ended = owed.ended()
        assert (ended and ended[0]) == min(ends, default=None)
        assert owed.fell_away is None or owed.fell_away >= owed.trigger.envelope.occurred


@pytest.mark.covers("A-ALL-11")
@settings(max_examples=60)
@given(lines=ANY_LIFE, data=st.data())
def test_what_is_asked_for_alone_is_the_same_as_among_all(lines: list[Line], data: st.DataObject) -> None:
    """The obligations of some rules do not hang on whether the others are asked for: their dates are worked out too."""
    desk = desk_of(lines)
    every = obligations(desk.history(AUDIT), desk.policies)
    names = data.draw(st.sets(st.sampled_from(sorted({each.name for each in every}))))
    asked = obligations(desk.history(AUDIT), desk.policies, lambda rule: rule.name in names)
    assert asked == tuple(each for each in every if each.name in names)
