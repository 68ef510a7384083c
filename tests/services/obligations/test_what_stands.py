"""A decision asks what the engine asks: what stands on the day of the act, and not what ever happened."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.actions import ActionSet
from services.clock import local_date
from services.obligations.log import Log
from services.obligations.starts import dated_by
from tests.given import Scene
from tests.lives import QA, TORBAY_LOWEST, Life
from tests.services.obligations.test_dated_by import TASK, first_of

FIRST, SECOND = {"due": "trigger + 1 week"}, {"name": "rest", "due": "trigger + 2 weeks"}
DAY = datetime(2026, 2, 2, 9, 0)  # noqa: DTZ001 - local, as a command says it
CONDITIONS = ("audit.reaudit_allocated", "audit.reaudit_completed", "audit.moderated", "action.set", "audit.answered")


def desk_with(**condition: Any) -> Scene:
    """Torbay, where an action has a week if a condition holds, and else two; an audit was returned with its answers."""
    one = {**TASK, **FIRST, "trigger": {"events": ["action.set"], **condition}}
    rest = {**TASK, **SECOND, "trigger": {"events": ["action.set"]}}
    return first_of("torbay", one, rest)


def returned(*actions: str) -> Life:
    life = Life("torbay", "A-1").allocated("2026-01-05")
    new = [{"action": each, "text": "visit", "owner": "P-SW"} for each in actions]
    return life.submitted("2026-01-12", TORBAY_LOWEST, actions=new)


def reaudit(audit: str, at: datetime) -> Life:
    life = Life("torbay", audit, auditor="P-RE")
    return life.allocated(at.isoformat(), reaudit_of="A-1")


def voided(audit: str, at: datetime) -> Life:
    return Life("torbay", audit).act("audit.void", at.isoformat(), **QA, reason="the wrong child's file")


def days_given(desk: Scene) -> dict[str, int]:
    """For each action how many days it was given."""
    return {
        each.fact.action: (each.fact.due - local_date(each.envelope.occurred)).days
        for each in desk.history("A-1")
        if isinstance(each.fact, ActionSet) and each.fact.due is not None
    }


@pytest.mark.parametrize(
    ("condition", "withdrawn", "standing"),
    [
        ({"unless": ["audit.reaudit_completed"]}, 7, 14),
        ({"given": ["audit.reaudit_completed"]}, 14, 7),
        ({"unless": ["audit.reaudit_allocated"]}, 7, 14),
        ({"given": ["audit.reaudit_allocated"]}, 14, 7),
    ],
    ids=str,
)
@pytest.mark.covers("A-ALL-14")
def test_what_was_taken_back_has_not_happened(condition: dict[str, Any], withdrawn: int, standing: int) -> None:
    """An action that is set after a re-audit was voided has the day of an audit without one; before, of one with it."""
    desk = desk_with(**condition)
    desk.do(*returned(), *reaudit("A-2", DAY).submitted((DAY + timedelta(1)).isoformat()))
    desk.do(*Life("torbay", "A-1").action((DAY + timedelta(2)).isoformat(), "X-1"))
    desk.do(*voided("A-2", DAY + timedelta(3)))
    desk.do(*Life("torbay", "A-1").action((DAY + timedelta(4)).isoformat(), "X-2"))
    assert days_given(desk) == {"X-1": standing, "X-2": withdrawn}


@pytest.mark.parametrize(
    ("condition", "days"),
    [
        ({"unless": ["action.set"]}, [7, 14]),
        ({"given": ["audit.section_graded"]}, [7, 7]),
        ({"unless": ["audit.section_graded"]}, [14, 14]),
    ],
    ids=str,
)
def test_what_the_same_decision_made_before(condition: dict[str, Any], days: list[int]) -> None:
    """The second action of a return comes after the first, and both after its grades."""
    desk = desk_with(**condition)
    desk.do(*returned("X-1", "X-2"))
    assert list(days_given(desk).values()) == days


MOVES = st.lists(st.sampled_from(["reaudit", "submit", "void", "action", "moderate"]), min_size=3, max_size=12)
NAMED = st.lists(st.sampled_from(CONDITIONS), max_size=2, unique=True)


def moved(desk: Scene, moves: list[str]) -> None:
    """Carry the moves out, a day each, as far as there is something to move."""
    out: list[str] = []
    back: list[str] = []
    for number, move in enumerate(moves):
        at = DAY + timedelta(days=number)
        life = Life("torbay", "A-1")
        match move:
            case "reaudit":
                out.append(f"R-{number}")
                life = reaudit(out[-1], at)
            case "submit" if out:
                back.append(out.pop())
                life = Life("torbay", back[-1], auditor="P-RE").submitted(at.isoformat())
            case "void" if out or back:
                life = voided((back or out).pop(), at)
            case "action":
                life.action(at.isoformat(), f"X-{number}")
            case "moderate":
                if "moderate" not in moves[:number]:
                    life.to_moderator(at.isoformat())
                life.moderated(at.isoformat())
        desk.do(*life)


@settings(max_examples=60, deadline=None)
@given(moves=MOVES, asked=NAMED, unasked=NAMED)
def test_every_day_is_that_of_the_engine(moves: list[str], asked: list[str], unasked: list[str]) -> None:
    """Whatever came and was taken back: the day of each action is that of the rule which the engine starts with it."""
    desk = desk_with(given=asked, unless=unasked)
    desk.do(*returned("X-A", "X-B"))
    moved(desk, moves)
    log = Log(desk.history("A-1"))
    policy = desk.policies.newest
    expected: dict[str, date] = {}
    for place, act in enumerate(log.acts):
        if isinstance(act.fact, ActionSet):
            rule = dated_by(policy, log.occasion(place))
            assert rule is not None
            days = 7 if rule.name == TASK["name"] else 14
            expected[act.fact.action] = local_date(act.envelope.occurred) + timedelta(days)
    assert {
        each.fact.action: each.fact.due for each in desk.history("A-1") if isinstance(each.fact, ActionSet)
    } == expected
