"""The end of an audit: what must have happened before, what is recorded with it, and what may still follow it."""

from pathlib import Path

import pytest

from events.audits import AuditClosed
from tests.edited import policies_of
from tests.given import Scene, given
from tests.lives import QA, Life, Line, people
from tests.worked_cases.case import action

HELD = "2026-04-20"


def torbay(grade: str = "Meets Good", *actions: str) -> Life:
    life = Life("torbay", "A-1").allocated("2026-03-02")
    life.submitted("2026-03-19", grade, actions=[action(each, "2026-06-30") for each in actions])
    return life.to_moderator("2026-03-20").moderated("2026-03-25")


def closed(*actions: str) -> Scene:
    return given(*people("torbay"), *torbay("Meets Good", *actions).closed("2026-04-01"))


def act(command: str, actor: str = "P-QA", role: str = "qa_team", **fields: object) -> Line:
    return Life("torbay", "A-1").act(command, HELD, actor, role, **fields).lines[0]


LATE = {
    "moderated again": Life("torbay", "A-1").moderated(HELD, "Does Not Meet Good").lines[0],
    "a moderator": Life("torbay", "A-1").to_moderator(HELD, "P-MOD2").lines[0],
    "graded": act("audit.grade_section", "P-AUD", "auditor", section="Plans", grade="Meets good"),
    "returned": Life("torbay", "A-1").submitted(HELD).lines[-1],
    "reassigned": act("audit.reassign", auditor="P-AUD2", reason="ill"),
    "a reflection": act("audit.record_reflection", "P-SW", "worker", reflection="what I would do again"),
    "signed off": act("audit.sign_off"),
    "an action": act("action.set", **action("X-9", "2026-06-30")),
    "closed again": act("audit.close"),
}
STILL = {
    "a safety concern": (
        act("audit.raise_safety_concern", "P-AUD", "auditor", concern="left alone"),
        ["audit.safety_concern_raised"],
    ),
    "feedback": (act("audit.give_feedback", recipient="P-SW"), ["audit.feedback_given"]),
    "shared": (act("audit.share"), ["audit.shared"]),
    "an action done": (
        act("action.complete", "P-SW", "action_owner", action="X-1", impact="seen"),
        ["action.completed"],
    ),
    "a later date": (act("action.redate", action="X-1", due="2026-08-30"), ["action.redated"]),
    "confirmed": (act("action.confirm", "P-TM", "team_manager"), ["action.confirmed"]),
    "voided": (
        act("audit.void", reason="selected in error"),
        ["audit.voided", "month.file_withdrawn", "files.taken_back"],
    ),
}


@pytest.mark.covers("TOR-85")
@pytest.mark.parametrize("line", LATE.values(), ids=LATE)
def test_what_may_not_follow_a_closing(line: Line) -> None:
    """Nothing that the closing settled is done again: no grade, no moderation, no return, no new action."""
    closed("X-1").when(line).refused("audit")


@pytest.mark.parametrize(("line", "written"), STILL.values(), ids=STILL)
def test_what_may_still_follow_it(line: Line, written: list[str]) -> None:
    """What is left of the actions, the way to people, and what undoes the audit may come afterwards."""
    closed("X-1").when(line).then(*written)


@pytest.mark.covers("A-SWI-03", "SWI-55")
def test_a_moderation_that_is_drawn_later() -> None:
    """Where no moderation comes before the closing, an audit can still be moderated once, and not a second time."""
    life = Life("swindon", "A-1").allocated("2026-03-02").submitted("2026-03-19", "Good").closed("2026-03-20")
    desk = given(
        *people("swindon"),
        *life,
        *Life("swindon", "A-1").to_moderator("2026-04-01").moderated("2026-04-02"),
        authority="swindon",
    )
    [again] = Life("swindon", "A-1").moderated(HELD, "Requires improvement")
    desk.when(again).refused("audit")


@pytest.mark.covers("SWI-51")
def test_what_is_still_owed_may_follow() -> None:
    """The reflection on the learning, which is owed after the return, can be recorded after the closing, once."""
    life = Life("swindon", "A-1").allocated("2026-03-02").submitted("2026-03-19", "Good").closed("2026-03-20")
    [reflect] = Life("swindon", "A-1").act("audit.record_reflection", HELD, "P-SW", "worker", reflection="to ask early")
    desk = given(*people("swindon"), *life, authority="swindon")
    desk.when(reflect).then("audit.reflection_recorded")
    desk.when({**reflect, "at": "2026-04-21"}).refused("audit")


@pytest.mark.covers("TOR-90")
def test_a_record_is_filed_after_its_moderation() -> None:
    """An audit that was not moderated is not filed, though its findings were talked through."""
    life = Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-10")
    desk = given(*people("torbay"), *life.act("audit.give_feedback", "2026-03-11", **QA, recipient="P-SW"))
    desk.when(act("audit.file")).refused("audit")
    desk.do(*Life("torbay", "A-1").to_moderator("2026-03-12").moderated("2026-03-13"))
    desk.when(act("audit.file") | {"at": "2026-03-12"}).refused("at")
    desk.when(act("audit.file")).then("audit.filed")


@pytest.mark.parametrize(("actions", "left"), [((), ()), (("X-1", "X-2"), ("X-2",))])
def test_open_actions_are_recorded_with_the_closing(actions: tuple[str, ...], left: tuple[str, ...]) -> None:
    """An audit closes with an action open, which is warned of, recorded and told; with none open there is no word."""
    desk = given(*people("torbay"), *torbay("Meets Good", *actions))
    if actions:
        desk.do(act("action.complete", "P-SW", "action_owner", action="X-1", impact="seen") | {"at": "2026-03-26"})
    [outcome] = desk.do(act("audit.close"))
    [fact] = [each.fact for each in outcome.events if isinstance(each.fact, AuditClosed)]
    assert fact.open_actions == left
    assert [all(each in warning for each in left) for warning in outcome.warnings] == [True] * bool(left)
    assert ("X-2" in fact.sentence()) is bool(left)


@pytest.mark.covers("TOR-53", "HAL-46")
@pytest.mark.parametrize(("authority", "grade"), [("torbay", "Does Not Meet Good"), ("halton", "Inadequate")])
def test_a_low_grade_without_an_action_asks_why(authority: str, grade: str) -> None:
    """Nobody closes an audit of a low grade without an action and without a word; with one, or with the reason, yes."""

    def life(*actions: str) -> Life:
        whole = Life(authority, "A-1").allocated("2026-03-02")
        whole.submitted("2026-03-10", grade, actions=[action(each, "2026-06-30") for each in actions])
        return whole.to_moderator("2026-03-11").moderated("2026-03-12").closed("2026-03-20")

    *before, close = life()
    desk = given(*people(authority), *before, authority=authority)
    desk.when(close).refused("reason")
    desk.do(close | {"reason": "the child has moved abroad"})
    fact = desk.history("A-1")[-1].fact
    assert isinstance(fact, AuditClosed)
    assert (fact.reason or "").startswith("sealed:")
    given(*people(authority), *life("X-1"), authority=authority)


@pytest.mark.covers("HAL-60", "HAL-68")
def test_the_standard_is_not_declared_while_an_action_is_open() -> None:
    """The Divisional Manager alone says that the case is as it should be, and only once every action is done."""
    life = Life("halton", "A-1").allocated("2026-03-02").submitted("2026-03-10", "Good", actions=[action("X-1")])
    desk = given(*people("halton"), *life.to_moderator("2026-03-11").moderated("2026-03-12"), authority="halton")

    def declared(at: str, actor: str, role: str) -> Line:
        line = Life("halton", "A-1").act("obligation.meet", at, actor, role, obligation="expected_standard")
        return line.lines[0]

    desk.when(declared("2026-03-16", "P-DM", "divisional_manager")).refused(
        "obligation", "expected_standard waits for X-1"
    )
    desk.do(*Life("halton", "A-1").act("action.complete", "2026-03-16", "P-SW", "worker", action="X-1", impact="seen"))
    desk.when(declared("2026-03-17", "P-QAM", "qa_manager")).refused("role")
    desk.when(declared("2026-03-17", "P-DM", "divisional_manager")).then("obligation.met")


def test_a_moderation_of_an_earlier_day_does_not_win() -> None:
    """One recorded later but dated before the one that holds is refused: the grade stays as the later one left it."""
    desk = given(*people("torbay"), *torbay())
    [earlier] = Life("torbay", "A-1").moderated("2026-03-24", "Does Not Meet Good")
    desk.when(earlier).refused("at", "2026-03-24 is before what holds since 2026-03-25")
    [later] = Life("torbay", "A-1").moderated("2026-03-26", "Does Not Meet Good")
    desk.when(later).then("audit.moderated")


def test_nor_does_an_earlier_change_of_hands() -> None:
    """So with auditors and moderators: who took over last in time has it, whatever is recorded afterwards."""
    life = (
        Life("torbay", "A-1")
        .allocated("2026-03-02")
        .act("audit.reassign", "2026-03-06", **QA, auditor="P-2", reason="ill")
    )
    desk = given(*people("torbay"), *life)
    [earlier] = Life("torbay", "A-1").act("audit.reassign", "2026-03-04", **QA, auditor="P-3", reason="ill")
    desk.when(earlier).refused("at")
    desk = given(
        *people("torbay"),
        *Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-10"),
        *Life("torbay", "A-1").to_moderator("2026-03-16", "P-MOD2"),
    )
    [before] = Life("torbay", "A-1").to_moderator("2026-03-12")
    desk.when(before).refused("at")


def test_nobody_moderates_what_nobody_was_given(tmp_path: Path) -> None:
    """Where a framework lets others moderate than who it was given to, it is given to somebody all the same."""
    policies = policies_of(
        tmp_path, "swindon", [("  audit.moderate: [moderator]", "  audit.moderate: [moderator, qa_team]")]
    )
    life = Life("swindon", "A-1").allocated("2026-03-02").submitted("2026-03-19", "Good").closed("2026-03-20")
    desk = given(*people("swindon"), *life, authority="swindon", policies=policies)
    [moderated] = Life("swindon", "A-1").moderated("2026-04-02")
    desk.when({**moderated, **QA}).refused("audit", "no moderator has been allocated")
    desk.do(*Life("swindon", "A-1").to_moderator("2026-04-03"))
    desk.when({**moderated, **QA}).refused("at")
    desk.when({**moderated, **QA, "at": "2026-04-03"}).then("audit.moderated")
