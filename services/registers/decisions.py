"""What follows from a command about a register's entry: check against the policy's register, then facts."""

from collections.abc import Collection
from datetime import date

from events.actions import ActionCompleted, ActionConfirmed
from events.base import Fact
from events.errors import NotFound, Refused
from events.registers import EntryItem, EntryRecorded, EntryStepped, EntryWithdrawn
from services.actions.decisions import new_actions
from services.answers import checked, require_answers
from services.audits.state import Action
from services.clock import local_date
from services.command import Situation
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
        items=tuple(
            EntryItem(child=item.child, answers=checked(register.items, item.answers, seal)) for item in command.items
        ),
    )
    return [recorded, *new_actions(command.actions, command.aggregate, entry, situation, "audit", [recorded])]


def step(command: c.StepEntry, entry: Entry, situation: Situation) -> list[Fact]:
    """A later step, once or as often as the register lets it repeat."""
    recorded = _standing(command.entry, entry, situation)
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
    _standing(command.entry, entry, situation)
    return [EntryWithdrawn(reason=situation.seal("entry.reason", command.reason))]


def set_action(command: c.SetEntryAction, entry: Entry, situation: Situation) -> list[Fact]:
    """An action that the entry leads to."""
    _standing(command.entry, entry, situation)
    return list(new_actions([command], command.aggregate, entry, situation, "audit"))


def complete_action(command: c.CompleteEntryAction, entry: Entry, situation: Situation) -> list[Fact]:
    """Done, with its impact. A second completion is refused."""
    _standing(command.entry, entry, situation)
    if _open(entry, command.action, situation).completed:
        raise Refused("action", f"{command.action} is already completed")
    return [ActionCompleted(action=command.action, impact=situation.seal("action.impact", command.impact))]


def confirm_actions(command: c.ConfirmEntryActions, entry: Entry, situation: Situation) -> list[Fact]:
    """Confirmed: the named actions, or all that wait. Refused if none does."""
    _standing(command.entry, entry, situation)
    waiting = [name for name, each in entry.actions.items() if not each.confirmed and each.since <= situation.at]
    chosen = waiting if command.actions is None else list(command.actions)
    if not chosen:
        raise Refused("actions", "no action of this entry waits for confirmation")
    for name in chosen:
        _open(entry, name, situation)
    return [ActionConfirmed(action=name, confirmed_by=command.actor, role=command.role) for name in chosen]


def _open(entry: Entry, name: str, situation: Situation) -> Action:
    action = entry.actions.get(name)
    if action is None:
        raise NotFound("action of this entry,", name)
    if action.confirmed:
        raise Refused("action", f"{name} is already confirmed")
    if situation.at < action.since:
        raise Refused("at", f"{local_date(situation.at)} is before {name} was set, on {local_date(action.since)}")
    return action


def _register(name: str, situation: Situation) -> Register:
    registers = situation.policy.registers
    register = next((each for each in registers if each.name == name), None)
    if register is None:
        known = ", ".join(each.name for each in registers)
        raise Refused("kind", f"unknown register {name}; known: {known or 'none'}")
    return register


def _standing(reference: str, entry: Entry, situation: Situation) -> EntryRecorded:
    if entry.recorded is None:
        raise NotFound("entry", reference)
    if entry.withdrawn:
        raise Refused("entry", f"{reference} was withdrawn; its record stays as it is")
    if entry.since is not None and situation.at < entry.since:
        raise Refused("at", f"{local_date(situation.at)} is before the entry, of {local_date(entry.since)}")
    return entry.recorded


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
