"""Entries of every register drawn from a seed: with answers, children looked at, steps and actions, some withdrawn."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.policy.form import Question
from services.policy.model import Policy
from services.policy.registers import Register
from tests.lives import POLICIES, QA, QA_ROLES, Line

FIRST_DAY = date(2026, 1, 5)
NAMES = {"child": "C-1", "person": "P-SW", "team": "T-1", "service": "S-1", "subject": "HOME-1"}


def random_entries(seed: int, authority: str, each: int = 2) -> Iterator[Line]:
    """So many entries of each register, in the order of their days. What is refused is part of the draw."""
    dice = random.Random(seed)  # noqa: S311 - a draw that can be repeated, not a secret
    policy = POLICIES[authority].newest
    lines = [
        line
        for register in policy.registers
        for number in range(each)
        for line in _entry(dice, policy, register, f"{register.name.replace('_', '-')}-{seed}-{number}")
    ]
    yield from sorted(lines, key=lambda line: str(line["at"]))


def _entry(dice: random.Random, policy: Policy, register: Register, entry: str) -> Iterator[Line]:
    day = FIRST_DAY + timedelta(days=dice.randrange(85))
    places: Line = {name: NAMES[name] for name in (*register.about, *register.may_name)}
    items = [
        {"child": f"C-{number}", "answers": _answers(dice, register.items)}
        for number in range(max(register.items_at_least, dice.randrange(1, 4)))
    ]
    yield {
        **_head(policy, "entry.record", register.by, day),
        "entry": entry,
        "kind": register.name,
        "on": day.isoformat(),
        "answers": _answers(dice, register.questions),
        **places,
        **({"items": items} if register.items else {}),
    }
    for step in register.steps:
        if dice.random() < 0.7:
            day += timedelta(days=dice.randrange(20))
            head = _head(policy, "entry.step", step.by, day)
            yield {**head, "entry": entry, "step": step.name, "answers": _answers(dice, step.questions)}
    if dice.random() < 0.5:
        due = (day + timedelta(days=dice.randrange(5, 40))).isoformat()
        action = {"action": "act", "text": "see to it", "owner": "P-SW", "due": due}
        yield {**_head(policy, "entry.set_action", (), day), "entry": entry, **action}
        if dice.random() < 0.5:
            day += timedelta(days=dice.randrange(60))
            done = {"action": "act", "impact": "it is better"}
            yield {**_head(policy, "entry.complete_action", (), day), "entry": entry, **done}
    if dice.random() < 0.1:
        yield {**_head(policy, "entry.withdraw", (), day), "entry": entry, "reason": "a slip"}


def _head(policy: Policy, command: str, roles: Sequence[str], day: date) -> Line:
    role = (*roles, *policy.acts.get(command, ()), QA_ROLES.get(policy.authority, QA["role"]))[0]
    at = datetime.combine(day, time(10, 0)).isoformat()
    return {"command": command, "authority": policy.authority, "actor": "P-QA", "role": role, "at": at}


def _answers(dice: random.Random, questions: Sequence[Question]) -> dict[str, Any]:
    return {each.name: _answer(dice, each) for each in questions if each.required or dice.random() < 0.6}


def _answer(dice: random.Random, question: Question) -> Any:
    drawn: dict[str, Any] = {
        "yes or no": dice.random() < 0.6,
        "date": (FIRST_DAY + timedelta(days=dice.randrange(60))).isoformat(),
        "number": dice.randrange(1, 9),
        "tags": dice.sample(("visits", "plans", "supervision", "recording"), dice.randint(1, 3)),
        "reference": "A-1",
        "text": "what was seen",
    }
    if question.options:
        picked = dice.sample(question.options, dice.randint(1, len(question.options)))
        drawn |= {"choice": picked[0], "choices": picked}
    return drawn[question.kind]
