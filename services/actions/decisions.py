"""What follows from a command about actions: of an audit, or of any other record that leads to them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet, ActionStage
from events.base import Fact
from events.errors import NotFound, Refused
from services.actions.commands import NewAction
from services.actions.priorities import may_confirm, priority_of, require_confirmable, require_unclosed
from services.actions.state import Action
from services.clock import local_date
from services.core.dates import last_by_policy
from services.core.situation import Situation
from services.obligations.moments import When


class HasActions(Protocol):
    """The state of a record that leads to actions."""

    @property
    def actions(self) -> Mapping[str, Action]:
        """Its actions by their references."""
        ...

    @property
    def action_stage(self) -> ActionStage:
        """At which stage an action is set now."""
        ...


class OfOne(Protocol):
    """A command about one action."""

    action: str


class Done(OfOne, Protocol):
    """A command that says that an action is done, and what difference it made."""

    impact: str


class Redated(OfOne, Protocol):
    """A command that agrees a later date for an action."""

    actor: str
    due: date
    reason: str | None


class Confirmed(Protocol):
    """A command that confirms some actions, or all that wait."""

    actor: str
    role: str
    actions: tuple[str, ...] | None


class NewOne(Protocol):
    """A command that sets an action (see `NewAction`)."""

    def model_dump(self, *, include: set[str]) -> dict[str, object]:
        """Its fields."""
        ...


def set_action(command: NewOne, state: HasActions, situation: Situation) -> list[Fact]:
    """A new action. Its stage is that of the record."""
    situation.record.require_standing()
    _require_begun(situation)
    new = NewAction.model_validate(command.model_dump(include=set(NewAction.model_fields)))
    return list(new_actions([new], state, situation, state.action_stage))


def redate_action(command: Redated, state: HasActions, situation: Situation) -> list[Fact]:
    """A later date than the one that holds; an earlier or equal one is refused."""
    action = _open_action(command.action, state, situation)
    require_unclosed(command.action, action, situation.policy)
    if command.due <= (action.due or date.min):
        raise Refused("due", f"{command.due} is not later than {action.due}")
    reason = situation.seal_if("action.reason", command.reason)
    return [ActionRedated(action=command.action, due=command.due, agreed_by=command.actor, reason=reason)]


def complete_action(command: Done, state: HasActions, situation: Situation) -> list[Fact]:
    """Done, with its impact. A second completion is refused."""
    if _open_action(command.action, state, situation).completed:
        raise Refused("action", f"{command.action} is already completed")
    return [ActionCompleted(action=command.action, impact=situation.seal("action.impact", command.impact))]


def confirm_actions(command: Confirmed, state: HasActions, situation: Situation) -> list[Fact]:
    """Confirmed: the named actions, or all that wait. Refused if nothing waits for confirmation."""
    situation.record.require_standing()
    waiting = [
        name
        for name, action in state.actions.items()
        if not action.confirmed and action.since <= situation.at and may_confirm(command.role, action, situation.policy)
    ]
    chosen = list(command.actions) if command.actions is not None else waiting
    if not chosen:
        raise Refused("actions", f"no action of this {situation.record.kind.word} waits for confirmation")
    for name in chosen:
        require_confirmable(name, _open_action(name, state, situation), command.role, situation.policy)
    return [ActionConfirmed(action=name, confirmed_by=command.actor, role=command.role) for name in chosen]


def new_actions(
    actions: Iterable[NewAction],
    state: HasActions,
    situation: Situation,
    stage: ActionStage,
    led_to_by: Sequence[Fact] = (),
) -> Iterator[ActionSet]:
    """The facts of new actions, each with its own last day or the policy's.

    `led_to_by` is what the same decision makes before them.
    """
    before = list(led_to_by)
    seen = set(state.actions)
    for new in actions:
        if new.action in seen:
            raise Refused("action", f"{new.action} is already an action here")
        seen.add(new.action)
        _require_owners((new.owner, *new.jointly), situation)
        undated = ActionSet(
            action=new.action,
            level=new.level,
            text=situation.seal("action.text", new.text),
            owner=new.owner,
            jointly=new.jointly,
            due=None,
            stage=stage,
            priority=priority_of(new.priority, situation.policy),
        )
        last = When(new.due) if new.due else last_by_policy(situation, undated, before=before)
        if last is None:
            raise Refused("due", f"action {new.action} needs a date: the policy gives none at this stage")
        if last.day < local_date(situation.at):
            raise Refused("due", f"{last.day} is before the day on which the action is set")
        action = undated.model_copy(update={"due": last.day, "due_at": last.at})
        before.append(action)
        yield action


def open_actions(situation: Situation) -> tuple[str, ...]:
    """The actions of the record that are not done, each as the framework counts it."""
    owed = situation.owed(lambda rule: rule.per == "action")
    return tuple(dict.fromkeys(each.key for each in owed if each.ended() is None))


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


def _require_begun(situation: Situation) -> None:
    began = situation.record.history[0].envelope.occurred
    if situation.at < began:
        kind = situation.record.kind.name
        raise Refused("at", f"{local_date(situation.at)} is before its cause, the {kind} of {local_date(began)}")


def _open_action(name: str, state: HasActions, situation: Situation) -> Action:
    situation.record.require_standing()
    action = state.actions.get(name)
    if action is None:
        raise NotFound(f"action of {situation.record.kind.word} {situation.record.reference},", name)
    if action.confirmed:
        raise Refused("action", f"{name} is already confirmed")
    if situation.at < action.since:
        raise Refused("at", f"{local_date(situation.at)} is before {name} was set, on {local_date(action.since)}")
    return action
