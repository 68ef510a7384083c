"""Northmoor's samples: the panel's tenth as the audits come back, and a fifth of what it moderated, each quarter."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.errors import NotFound
from events.reaudits import AuditSampled
from events.recorded import Recorded
from events.sampling import FileModerated, SampleDrawn
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.describe.frame import samples
from services.policy.versions import Policies
from services.sampling.proving import proofs
from services.sampling.state import Month
from tests.given import Scene, given
from tests.northmoor.council import POLICY, QA, Line, act, allocated, desk, edited, owed, people, returned

MARCH, QUARTER = "2026-03", "2025-Q4"
"""Northmoor's year begins in April: its fourth quarter of 2025 ends with March 2026."""


def drawing(at: str, purpose: str = "panel_moderation", month: str = MARCH, **more: Any) -> Line:
    return act("sample.draw", at, **QA, purpose=purpose, month=month, **more)


def came_back(number: int, at: str, grade: str = "Good") -> list[Line]:
    return [allocated(f"A-{number:02}", "2026-03-02"), *returned(f"A-{number:02}", at, grade)]


def moderated(number: int, at: str, by: str = "P-PANEL") -> list[Line]:
    audit = f"A-{number:02}"
    give = act("audit.allocate_moderator", at, **QA, audit=audit, moderator=by)
    return [give, act("audit.moderate", at, by, "moderator", audit=audit, grade="Good", rationale="I agree")]


def draws(of: Scene, record: str = f"month/{MARCH}") -> list[SampleDrawn]:
    return [each.fact for each in of.store.load(record) if isinstance(each.fact, SampleDrawn)]


def clocks(of: Scene, name: str, record: str = f"month/{MARCH}") -> list[Obligation]:
    return [each for each in obligations(of.store.load(record), of.policies) if each.name == name]


def test_what_comes_back_is_drawn_within_the_month() -> None:
    """NM-8: on any day, what is graded at an end of the scale beside the tenth; each draw is owed within three days."""
    held = desk(*came_back(1, "2026-03-04"), *came_back(2, "2026-03-05", "Inadequate"))
    assert [str(each.due) for each in clocks(held, "panel_draw") if each.is_open] == ["2026-03-09", "2026-03-10"]
    held.do(drawing("2026-03-06"))
    [first] = draws(held)
    assert (first.frame, first.size, first.always) == (("A-01", "A-02"), 1, ("A-02",))
    assert [each.is_open for each in clocks(held, "panel_draw")] == [False, False]
    assert owed(held, "panel_moderation", "A-02")[0].due == date(2026, 3, 19), "ten working days from the return"
    held.do(*came_back(3, "2026-03-09"))
    assert [each.is_open for each in clocks(held, "panel_draw")] == [False, False, True]
    held.do(drawing("2026-03-10"))
    second = draws(held)[1]
    assert (second.frame, second.size, second.chosen) == (("A-03",), 0, ()), "the tenth of three is drawn already"
    assert [each.is_open for each in clocks(held, "panel_draw")] == [False, False, False]


def test_drawing_again_takes_no_more() -> None:
    """Nothing new, nothing drawn: neither another seed nor a moderation meanwhile opens a second draw."""
    held = desk(*came_back(1, "2026-03-04"), *came_back(2, "2026-03-05"), drawing("2026-03-06"))
    held.when(drawing("2026-03-06", seed="another")).refused("purpose", "stood in a draw")
    held.do(*moderated(1, "2026-03-09"))
    held.when(drawing("2026-03-10")).refused("purpose", "stood in a draw")
    assert len(draws(held)) == 1


def test_what_is_moderated_is_never_drawn() -> None:
    """It stands in no frame, and its draw is owed no more; that of the other one stays."""
    held = desk(*came_back(1, "2026-03-04"), *moderated(1, "2026-03-05"), *came_back(2, "2026-03-06", "Outstanding"))
    first, second = clocks(held, "panel_draw")
    assert ((first.ended() or ("", ""))[1], second.ended()) == ("cancelled", None)
    held.do(drawing("2026-03-09"))
    [drawn] = draws(held)
    assert drawn.frame == ("A-02",)
    assert drawn.terms is not None
    assert drawn.terms.counted == 2, "the share is of all that came back"


def test_a_moderation_in_the_month_after_ends_the_draw_that_was_owed() -> None:
    """Returned in March, moderated in April without a draw: nothing is left to be drawn of March."""
    held = desk(*came_back(1, "2026-03-30"), *moderated(1, "2026-04-07"))
    [clock] = clocks(held, "panel_draw")
    assert (clock.ended() or ("", ""))[1] == "cancelled"
    held.when(drawing("2026-04-08")).refused("purpose", "or is moderated")


def test_a_void_audit_counts_no_more() -> None:
    """The place of an audit that was drawn and voided is drawn anew, from what comes back after that."""
    held = desk(*came_back(1, "2026-03-04"), drawing("2026-03-05"), *came_back(2, "2026-03-06"))
    assert draws(held)[0].chosen == ("A-01",)
    held.do(act("audit.void", "2026-03-09", **QA, audit="A-01", reason="the wrong file"), drawing("2026-03-10"))
    assert draws(held)[1].chosen == ("A-02",)


@settings(max_examples=15, deadline=None)
@for_all(st.lists(st.booleans(), min_size=1, max_size=24))
def test_however_often_it_is_drawn_it_is_the_share(after: list[bool]) -> None:
    """NM-8: drawn after each return, or once at the end, a tenth is drawn, rounded up once and not at each draw."""
    held, on = desk(), date(2026, 3, 3)
    for number, draw in enumerate([*after[:-1], True]):
        day = str(on + timedelta(days=number))
        held.do(*came_back(number, day), *([drawing(day)] if draw else []))
    found = draws(held)
    assert sum(each.size for each in found) == -(-len(after) // 10)
    framed = [audit for each in found for audit in each.frame]
    assert sorted(framed) == [f"A-{number:02}" for number in range(len(after))], "each once"
    assert all(each.sound for each in proofs(MARCH, None, held.store.load))


def quarter() -> Scene:
    """Six audits that the panel moderated in the quarter, one of them returned long before."""
    lines = [line for number in range(6) for line in came_back(number, "2026-03-10")]
    return desk(*lines, *(line for number in range(6) for line in moderated(number, "2026-03-16")))


def test_the_head_of_qa_moderates_a_fifth_of_the_quarter() -> None:
    """NM-9: of what the panel moderated in January to March two of six are drawn once it is over, and owed again."""
    held = quarter()
    record = f"month/{QUARTER}"
    [clock] = clocks(held, "second_draw", record)
    assert (str(clock.due), str(clock.rule.owner), clock.is_open) == ("2026-04-09", "qa_team", True)
    held.when(drawing("2026-03-31", "second_moderation", QUARTER)).refused("month", "when it is over")
    held.do(drawing("2026-04-01", "second_moderation", QUARTER))
    [drawn] = draws(held, record)
    assert (len(drawn.frame), drawn.size, len(drawn.chosen)) == (6, 2, 2)
    assert [each.is_open for each in clocks(held, "second_draw", record)] == [False]
    chosen = drawn.chosen[0]
    told = [each.fact for each in held.history(chosen) if isinstance(each.fact, AuditSampled)]
    assert [(each.purpose, each.month) for each in told] == [("second_moderation", QUARTER)]
    [again] = owed(held, "second_moderation", chosen)
    assert (str(again.rule.owner), again.is_open) == ("head_of_qa", True)
    held.do(*moderated(int(chosen[2:]), "2026-04-14", "P-HEAD-OF-QA"))
    assert not owed(held, "second_moderation", chosen)[0].is_open
    counted = [each.fact for each in held.store.load("month/2026-Q1") if isinstance(each.fact, FileModerated)]
    assert counted == [], "what is moderated again is counted once, in the quarter of the panel"


def test_a_quarter_counts_by_the_day_of_the_moderation() -> None:
    """What came back in March and was moderated in April is of the next quarter; what is voided is of none."""
    held = desk(*came_back(1, "2026-03-30"), *moderated(1, "2026-04-07"), *came_back(2, "2026-03-30"))
    held.do(*moderated(2, "2026-04-08"), act("audit.void", "2026-04-09", **QA, audit="A-02", reason="the wrong file"))
    held.when(drawing("2026-07-01", "second_moderation", QUARTER)).refused(
        "audit moderated in", "moderated in 2025-Q4", error=NotFound
    )
    held.do(drawing("2026-07-01", "second_moderation", "2026-Q1"))
    assert [each.frame for each in draws(held, "month/2026-Q1")] == [("A-01",)]


@pytest.mark.parametrize("every", ["month", "year"])
def test_a_void_takes_it_out_of_each_period_whatever_is_sampled_by_then(every: str, tmp_path: Path) -> None:
    """Counted in a quarter by the version of that day, it is withdrawn there under one that draws no quarter's."""
    later = edited(tmp_path, ("every: quarter", f"every: {every}"))
    later = later.model_copy(update={"version": "9", "effective_from": date(2026, 3, 18)})
    held = quarter()
    held.policies.take_up((POLICY, later))
    held.do(act("audit.void", "2026-03-19", **QA, audit="A-00", reason="the wrong file"))
    record = f"month/{QUARTER}"
    assert sorted(Month.of(held.store.load(record)).moderated) == [f"A-{number:02}" for number in range(1, 6)]


def test_each_sample_is_of_its_own_period() -> None:
    """The quarter's is not drawn of a month, nor the month's of a quarter; none before its period."""
    held = quarter()
    assert (
        held.when(drawing("2026-04-01", "second_moderation", MARCH))
        .refused("month")
        .startswith("month: second_moderation is")
    )
    assert (
        held.when(drawing("2026-04-01", month=QUARTER)).refused("month").startswith("month: panel_moderation is drawn")
    )
    held.when(drawing("2026-03-31", month="2026-04")).refused("month", "when it begins")


def proven(of: Scene, period: str, number: int, **changes: object) -> tuple[str, ...]:
    """What the proof finds of a draw that somebody might have recorded by hand."""

    def histories(aggregate: str) -> list[Recorded]:
        held, seen = list(of.store.load(aggregate)), 0
        for place, each in enumerate(held):
            if isinstance(each.fact, SampleDrawn):
                if seen == number:
                    held[place] = replace(each, fact=each.fact.model_copy(update=changes))
                seen += 1
        return held

    return list(proofs(period, None, histories))[number].findings


def test_anybody_can_draw_it_again() -> None:
    """Frame, share and choice follow from the record: what was left out, put in or enlarged by hand is named."""
    held = quarter()
    held.do(drawing("2026-04-01", "second_moderation", QUARTER))
    [drawn] = draws(held, f"month/{QUARTER}")
    assert proven(held, QUARTER, 0) == ()
    shorter = proven(held, QUARTER, 0, frame=drawn.frame[1:])
    assert shorter[0] == f"{drawn.frame[0]} could be drawn then, and are not in the frame"
    stranger = proven(held, QUARTER, 0, frame=(*drawn.frame, "Z-9"))
    assert stranger[0] == "Z-9 stand in the frame, and could not be drawn then"
    assert proven(held, QUARTER, 0, size=3)[0] == "the share gives 2, and not 3"
    assert drawn.terms is not None
    less = drawn.terms.model_copy(update={"counted": 9})
    assert proven(held, QUARTER, 0, terms=less)[0] == "0 of 6 had been drawn, and not 0 of 9"


def test_a_second_draw_is_proven_by_what_stood_then() -> None:
    """What was moderated after a draw could still be drawn at that draw, and what was framed before could not."""
    held = desk(*came_back(1, "2026-03-04"), *moderated(1, "2026-03-05"), *came_back(2, "2026-03-06"))
    held.do(drawing("2026-03-09"), *came_back(3, "2026-03-10"), drawing("2026-03-11"), *moderated(3, "2026-03-12"))
    assert [proven(held, MARCH, number) for number in (0, 1)] == [(), ()]
    by_hand = ("A-01", "A-02", "A-03")
    assert proven(held, MARCH, 1, frame=by_hand)[0] == "A-01, A-02 stand in the frame, and could not be drawn then"


def test_it_is_told_as_it_is_drawn() -> None:
    """The sentence of the history says how much of the share there was before."""
    held = desk(*came_back(1, "2026-03-04"), drawing("2026-03-05"), *came_back(2, "2026-03-06"), drawing("2026-03-09"))
    assert (
        draws(held)[1]
        .sentence()
        .endswith("0 of 1 audits of 2026-03 that had not been in a draw (0 by chance, 1 before, of 2 so far): none.")
    )
    assert {each.name: each.carries for each in POLICY.samples} == {"panel_moderation": True, "second_moderation": True}


def test_a_month_of_moderations_is_that_of_the_moderation(tmp_path: Path) -> None:
    """Where a month's moderated audits are drawn, the month of the return does not count what April moderated."""
    policy = edited(tmp_path, ("of: moderated, every: quarter", "of: moderated"), ("every: quarter}", "every: month}"))
    held = desk(*came_back(1, "2026-03-30"), *moderated(1, "2026-04-07"), policy=policy)
    held.when(drawing("2026-05-04", "second_moderation")).refused(
        "audit moderated in", "moderated in 2026-03", error=NotFound
    )
    held.do(drawing("2026-05-04", "second_moderation", "2026-04"))
    assert [each.frame for each in draws(held, "month/2026-04")] == [("A-01",)]
    assert [each.is_open for each in clocks(held, "second_draw", "month/2026-04")] == [False]
    assert clocks(held, "second_draw") == [], "nothing of March is left to be drawn: nobody could ever meet it"


def test_no_audit_is_in_a_service_s_draw_and_in_the_authority_s() -> None:
    """Each draw is of one record: what the authority keeps is drawn there, where it is owed, and by no service."""
    held = desk(*came_back(1, "2026-03-04"))
    held.when(drawing("2026-03-05", service="S-SAFE")).refused("service", "of all services together")
    apart = POLICY.model_copy(update={"months": POLICY.months.model_copy(update={"per": "service"})})
    later = POLICY.model_copy(update={"version": "9", "effective_from": date(2026, 3, 6)})
    held = given(
        *people(),
        *came_back(1, "2026-03-04"),
        *came_back(2, "2026-03-09"),
        drawing("2026-03-10"),
        drawing("2026-03-10", service="S-SAFE"),
        authority="northmoor",
        policies=Policies("northmoor", (apart, later)),
    )
    for record, audit in ((f"month/{MARCH}", "A-02"), (f"month/{MARCH}-S-SAFE", "A-01")):
        assert [each.frame for each in draws(held, record)] == [(audit,)]
        assert [each.is_open for each in clocks(held, "panel_draw", record)] == [False]
    assert [each.sound for service in (None, "S-SAFE") for each in proofs(MARCH, service, held.store.load)] == [
        True
    ] * 2


def test_it_reads_as_it_is_drawn() -> None:
    """The share is of all that came back, as the draw counts it, and what is drawn is not moderated."""
    told = {each.key[1]: each.words for each in samples(POLICY)}
    assert told["panel_moderation"].startswith(
        "Panel moderation: of the audits of type practice conversation returned in a month 10 per cent (rounded up)"
        " and at least 1 are drawn from those not moderated by then, and beside them all of those that are graded “"
    )
    assert "of type practice conversation moderated in a quarter 20 per cent" in told["second_moderation"]


@pytest.mark.parametrize(("number", "share"), [(0, "returned in a month"), (1, "moderated in a quarter")])
def test_a_sample_that_draws_none_names_what_it_would_be_of(number: int, share: str) -> None:
    """A share of none is of the same audits as a share of some."""
    idle = POLICY.samples[number].model_copy(update={"share": 0, "at_least": 0, "always": None})
    [told, *_] = samples(POLICY.model_copy(update={"samples": (idle,)}))
    assert f"no share of the audits of type practice conversation {share} is set" in told.words


def test_a_draw_meets_what_stood_in_it_alone(tmp_path: Path) -> None:
    """A return of a type that the sample is not drawn of owes its draw still, where a rule asks for one."""
    of_any = "trigger: {events: [month.return_counted], when: {audit_type: practice conversation}, repeat: each}"
    policy = edited(tmp_path, (of_any, of_any.replace(", when: {audit_type: practice conversation}", "")))
    held = desk(*came_back(1, "2026-03-04"), policy=policy)
    held.do(allocated("T-1", "2026-03-02", audit_type="themed audit"), *returned("T-1", "2026-03-05"))
    held.do(drawing("2026-03-06"))
    assert [each.is_open for each in clocks(held, "panel_draw")] == [False, True]
