"""The actions of one record as its events leave them: alike for an audit and for an entry of a register."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet
from events.recorded import Recorded


@dataclass(slots=True)
class Action:
    """An action as it stands. `owners` are the owner and those who own it jointly."""

    owners: tuple[str, ...]
    due: date | None
    stage: str
    since: datetime
    completed: bool = False
    confirmed: bool = False
    priority: str | None = None

    @classmethod
    def of(cls, fact: ActionSet, since: datetime) -> Self:
        """The action as it was set."""
        return cls((fact.owner, *fact.jointly), fact.due, fact.stage, since, priority=fact.priority)


def take_action(actions: dict[str, Action], recorded: Recorded) -> None:
    """Take in an event about an action; any other changes nothing."""
    match recorded.fact:
        case ActionSet() as fact:
            actions[fact.action] = Action.of(fact, recorded.envelope.occurred)
        case ActionRedated(action=action, due=due):
            actions[action].due = due
        case ActionCompleted(action=action):
            actions[action].completed = True
        case ActionConfirmed(action=action):
            actions[action].confirmed = True
        case _:
            pass
