"""What follows from a command about a register's entry: check against the policy's register, then facts."""

from collections.abc import Collection
from datetime import date
from functools import partial

from events.base import Fact
from events.errors import Refused
from events.registers import EntryItem, EntryRecorded, EntryStepped, EntryWithdrawn
from services.actions.decisions import new_actions
from services.clock import local_date
from services.core.answers import checked, require_answers
from services.core.situation import Situation
from services.policy.registers import About, Register
from services.registers import commands as c
from services.registers.state import Entry

NAMEABLE: tuple[About, ...] = ("child", "person", "team", "service", "subject")


def record(command: c.RecordEntry, entry: Entry, situation: Situation) -> list[Fact]:
    """A new entry. It names whom the register is about, and answers what must be answered."""
    if entry.recorded is not None:
        raise Refused("entry", f"{command.entry} is already recorded")
    register = _register(command.kind, situation)
    _require_role(command.role, register.by, register.title)
    _require_day(command.on, situation, planned=register.planned)
    if command.until is not None and command.until < command.on:
        raise Refused("until", f"{command.until} is before {command.on}")
    for what in NAMEABLE:
        named = getattr(command, what)
        if named is None and what in register.about:
            raise Refused(what, f"is needed: {register.title} are about it")
        if named is not None and what not in {*register.about, *register.may_name}:
            raise Refused(what, f"{register.title} name none")
    _require_known(command, situation)
    require_answers(register.questions, command.answers)
    children = [item.child for item in command.items]
    if len(set(children)) != len(children):
        raise Refused("items", "a child stands among them twice")
    if command.items and not register.items:
        raise Refused("items", f"{register.title} have none")
    for item in command.items:
        require_answers(register.items, item.answers)

    def seal(text: str) -> str:
        return situation.seal("entry.answers", text)

    recorded = EntryRecorded(
        **command.model_dump(include={"kind", "on", "until", *NAMEABLE}),
        holder=command.holder or command.actor,
        answers=checked(register.questions, command.answers, seal),
        items=_items(command, register, situation),
    )
    return [recorded, *new_actions(command.actions, entry, situation, "audit", [recorded])]


def _items(command: c.RecordEntry, register: Register, situation: Situation) -> tuple[EntryItem, ...]:
    """What is said of each child goes with that child's key, whomever the entry itself is about."""
    return tuple(
        EntryItem(
            child=item.child,
            answers=checked(register.items, item.answers, partial(situation.seal_for, item.child, "entry.answers")),
        )
        for item in command.items
    )


def step(command: c.StepEntry, entry: Entry, situation: Situation) -> list[Fact]:
    """A later step, once or as often as the register lets it repeat."""
    recorded = _standing(entry, situation)
    register = _register(recorded.kind, situation)
    rule = register.step(command.step)
    if rule is None:
        known = ", ".join(each.name for each in register.steps)
        raise Refused("step", f"unknown step {command.step}; {register.title} know: {known or 'none'}")
    _require_role(command.role, rule.by, rule.title)
    on = command.on or local_date(situation.at)
    _require_day(on, situation)
    if command.step in entry.steps and not rule.repeats:
        raise Refused("step", f"{command.step} has already happened")
    situation.roll.require_in_post("holder", [command.holder])
    for before in rule.after:
        if before not in entry.steps:
            raise Refused("step", f"{command.step} comes after {before}, which has not happened")
    require_answers(rule.questions, command.answers)
    return [
        EntryStepped(
            **recorded.model_dump(include={"kind", *NAMEABLE}),
            step=command.step,
            on=on,
            holder=command.holder or command.actor,
            answers=checked(rule.questions, command.answers, lambda text: situation.seal("entry.answers", text)),
        )
    ]


def withdraw(command: c.WithdrawEntry, entry: Entry, situation: Situation) -> list[Fact]:
    """Withdrawn, with the reason."""
    _standing(entry, situation)
    return [EntryWithdrawn(reason=situation.seal("entry.reason", command.reason))]


def _register(name: str, situation: Situation) -> Register:
    registers = situation.policy.registers
    register = next((each for each in registers if each.name == name), None)
    if register is None:
        known = ", ".join(each.name for each in registers)
        raise Refused("kind", f"unknown register {name}; known: {known or 'none'}")
    return register


def _standing(entry: Entry, situation: Situation) -> EntryRecorded:
    situation.record.require_standing()
    if entry.since is not None and situation.at < entry.since:
        raise Refused("at", f"{local_date(situation.at)} is before the entry, of {local_date(entry.since)}")
    return entry.began


def _require_known(command: c.RecordEntry, situation: Situation) -> None:
    """Refused for a team or service that there was not, a holder in no post, or a person who never was in one."""
    situation.require_unit("team", command.team, "team")
    situation.require_unit("service", command.service, "service")
    situation.roll.require_in_post("holder", [command.holder])
    situation.roll.require_known("person", command.person)


def _require_role(role: str, allowed: Collection[str], what: str) -> None:
    if allowed and role not in allowed:
        raise Refused("role", f"{what} are for {', '.join(allowed)}, not for {role}")


def _require_day(on: date, situation: Situation, *, planned: bool = False) -> None:
    if on > local_date(situation.at) and not planned:
        raise Refused("on", f"{on} lies ahead of the day on which it is recorded")
