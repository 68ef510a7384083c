"""Whole audits drawn from a seed: late, lifted, lowered, voided, moderated again, with later dates agreed."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.lives import Life, Line, people

FIRST_DAY = date(2026, 1, 5)


class _Days:
    """Instants that only go on."""

    def __init__(self, dice: random.Random, first: date) -> None:
        self.dice = dice
        self.day = first

    def after(self, low: int, high: int) -> str:
        self.day += timedelta(days=self.dice.randint(low, high))
        return datetime.combine(self.day, time(7 + self.dice.randrange(12), self.dice.randrange(60))).isoformat()


def random_life(dice: random.Random, authority: str, audit: str) -> Life:
    """One audit. Each later part of its life may be missing; what is refused is part of the draw."""
    life = Life(authority, audit, child=f"C-{audit}")
    grades = life.policy.grades.overall or (None,)
    days = _Days(dice, FIRST_DAY + timedelta(days=dice.randrange(60)))
    life.allocated(days.after(0, 5))
    if dice.random() < 0.1:
        life.act("audit.raise_safety_concern", days.after(0, 9), "P-AUD", "auditor", concern="unseen")
    if dice.random() < 0.1:
        return life
    actions = [_action(dice, audit, number, days.day) for number in range(dice.randrange(3))]
    life.submitted(days.after(1, 55), dice.choice(grades), actions=actions)
    if dice.random() < 0.15:
        return life
    life.to_moderator(days.after(0, 8))
    for _ in range(dice.choice((1, 1, 1, 2))):
        fields: dict[str, Any] = {"safety_plan": "agreed"} if life.policy.tool.safety_plan_with else {}
        life.moderated(days.after(0, 20), dice.choice((None, *grades)), **fields)
    if dice.random() < 0.4:
        due = (days.day + timedelta(days=dice.randint(5, 60))).isoformat()
        life.action(days.after(0, 6), f"{audit}-M", due=due)
    if actions and dice.random() < 0.3:
        later = (days.day + timedelta(days=dice.randint(20, 120))).isoformat()
        life.act("action.redate", days.after(0, 6), "P-QA", "qa_team", action=f"{audit}-0", due=later)
    if dice.random() < 0.6:
        life.confirmed(days.after(0, 60))
    if dice.random() < 0.5:
        life.closed(days.after(0, 20), reason="nothing is left to do")
    if dice.random() < 0.1:
        life.act("audit.void", days.after(0, 20), "P-QA", "qa_team", reason="selected in error")
    return life


def _action(dice: random.Random, audit: str, number: int, day: date) -> Line:
    due = (day + timedelta(days=dice.randint(60, 120))).isoformat()
    return {"action": f"{audit}-{number}", "text": "see the child", "owner": "P-SW", "due": due}


def random_lines(seed: int, authority: str, audits: int) -> Iterator[Line]:
    """The directory, then the commands of so many audits in the order of their dates."""
    dice = random.Random(seed)  # noqa: S311 - a draw that can be repeated, not a secret
    lives = [random_life(dice, authority, f"R{seed}-{number}") for number in range(audits)]
    yield from people(authority)
    yield from sorted((line for life in lives for line in life), key=lambda line: str(line["at"]))
