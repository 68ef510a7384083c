"""What follows from a command about actions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet, Stage
from events.base import Fact
from events.errors import NotFound, Refused
from services.actions.commands import CompleteAction, ConfirmActions, NewAction, RedateAction, SetAction
from services.audits.rules import due_by_policy, require_after, require_audit
from services.audits.state import Action, Audit
from services.clock import local_date
from services.command import Situation


def set_action(command: SetAction, audit: Audit, situation: Situation) -> list[Fact]:
    """A new action on the audit. Its stage is the moderation once that has begun."""
    require_audit(audit, command.audit)
    require_after(audit, situation.at, "audit.allocated")
    new = NewAction(**command.model_dump(include=set(NewAction.model_fields)))
    stage: Stage = "moderation" if audit.has("audit.moderated") else "audit"
    return list(new_actions([new], command.aggregate, audit, situation, stage))


class HasActions(Protocol):
    """An audit, or another record that leads to actions: the actions it has."""

    @property
    def actions(self) -> Mapping[str, Action]:
        """Its actions by their references."""
        ...


def new_actions(
    actions: Iterable[NewAction],
    aggregate: str,
    matter: HasActions,
    situation: Situation,
    stage: Stage,
    led_to_by: Sequence[Fact] = (),
) -> Iterator[ActionSet]:
    """The facts of new actions on a record, each with its own last day or the policy's.

    `led_to_by` is what the same decision makes before them.
    """
    before = list(led_to_by)
    seen = set(matter.actions)
    for new in actions:
        if new.action in seen:
            raise Refused("action", f"{new.action} is already an action here")
        seen.add(new.action)
        _require_owners((new.owner, *new.jointly), situation)
        action = ActionSet(
            action=new.action,
            level=new.level,
            text=situation.seal("action.text", new.text),
            owner=new.owner,
            jointly=new.jointly,
            due=new.due,
            stage=stage,
        )
        due = new.due or due_by_policy(situation, aggregate, action, before=before)
        if due is None:
            raise Refused("due", f"action {new.action} needs a date: the policy gives none at this stage")
        if due < local_date(situation.at):
            raise Refused("due", f"{due} is before the day on which the action is set")
        before.append(action)
        yield action.model_copy(update={"due": due})


def _require_owners(owners: tuple[str, ...], situation: Situation) -> None:
    """People by their references, groups by their keys; a post is not owned by, its holder is."""
    for number, owner in enumerate(owners):
        role = situation.policy.roles.get(owner)
        field = "with" if number else "owner"
        if role is not None and not role.group:
            raise Refused(field, f"{owner} is a post and no group: name the person who holds it")
        if owner in owners[:number]:
            raise Refused(field, f"{owner} owns it already")
        if role is None:
            situation.roll.require_in_post(field, [owner])


def redate_action(command: RedateAction, audit: Audit, situation: Situation) -> list[Fact]:
    """A later date than the one that holds; an earlier or equal one is refused."""
    action = _open_action(audit, command.audit, command.action, situation)
    if command.due <= (action.due or date.min):
        raise Refused("due", f"{command.due} is not later than {action.due}")
    reason = situation.seal_if("action.reason", command.reason)
    return [ActionRedated(action=command.action, due=command.due, agreed_by=command.actor, reason=reason)]


def complete_action(command: CompleteAction, audit: Audit, situation: Situation) -> list[Fact]:
    """Done, with its impact. A second completion is refused."""
    action = _open_action(audit, command.audit, command.action, situation)
    if action.completed:
        raise Refused("action", f"{command.action} is already completed")
    return [ActionCompleted(action=command.action, impact=situation.seal("action.impact", command.impact))]


def confirm_actions(command: ConfirmActions, audit: Audit, situation: Situation) -> list[Fact]:
    """Confirmed: the named actions, or all that wait. Refused if nothing waits for confirmation."""
    require_audit(audit, command.audit)
    waiting = [name for name, action in audit.actions.items() if not action.confirmed and action.since <= situation.at]
    chosen = list(command.actions) if command.actions is not None else waiting
    if not chosen:
        raise Refused("actions", "no action of this audit waits for confirmation")
    for name in chosen:
        _open_action(audit, command.audit, name, situation)
    return [ActionConfirmed(action=name, confirmed_by=command.actor, role=command.role) for name in chosen]


def _open_action(audit: Audit, reference: str, name: str, situation: Situation) -> Action:
    require_audit(audit, reference)
    action = audit.actions.get(name)
    if action is None:
        raise NotFound(f"action of audit {reference},", name)
    if action.confirmed:
        raise Refused("action", f"{name} is already confirmed")
    if situation.at < action.since:
        raise Refused("at", f"{local_date(situation.at)} is before {name} was set, on {local_date(action.since)}")
    return action
