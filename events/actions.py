"""Actions that an audit or an entry of a register leads to, kept on the stream of that record."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from events.base import Fact, Label, Ref, Sealed
from events.vocabulary import ActionLevel
from events.wording import by_when, key

ActionStage = Literal["audit", "moderation"]


class OfAction(Fact):
    """Something about one action of a record: of an audit, or of an entry of a register."""

    kinds = ("audit", "entry")
    action: Ref


class ActionSet(OfAction):
    """Somebody was given something to do by a date, after the audit or its moderation.

    `owner` and those who own it `jointly` with them are people, or groups of the policy by their keys. `due_at` is the
    last instant, where the framework counts it in hours; `due` is its day then. `priority` is the framework's own word.
    """

    stored_name = "action.set.v1"
    clause = "an action is set"
    acts = ("action.set", "audit.submit", "audit.moderate", "entry.record", "entry.set_action")
    level: ActionLevel = "child"
    text: Sealed
    owner: Ref
    jointly: tuple[Ref, ...] = ()
    due: date | None
    stage: ActionStage = "audit"
    due_at: AwareDatetime | None = None
    priority: Label | None = None

    def sentence(self) -> str:
        by = by_when(self.due, self.due_at)
        level = f"{self.level}, {self.priority}" if self.priority else self.level
        return f"Action {self.action} ({level}) was given to {self.owner} at {self.stage}, {by}."


class ActionRedated(OfAction):
    """A later date was agreed. The earlier one stays in the record."""

    stored_name = "action.redated.v1"
    clause = "a later date is agreed"
    acts = ("action.redate",)
    due: date
    agreed_by: Ref
    reason: Sealed | None = None

    def sentence(self) -> str:
        return f"Action {self.action} is now {by_when(self.due)}; agreed by {self.agreed_by}."


class ActionCompleted(OfAction):
    """The owner did it and says what difference it made."""

    stored_name = "action.completed.v1"
    clause = "the action is completed"
    acts = ("action.complete", "entry.complete_action")
    impact: Sealed

    def sentence(self) -> str:
        return f"Action {self.action} was completed."


class ActionConfirmed(OfAction):
    """The role that the policy names confirmed that the action was followed up."""

    stored_name = "action.confirmed.v1"
    clause = "the action is confirmed"
    acts = ("action.confirm", "entry.confirm_actions")
    confirmed_by: Ref
    role: Label

    def sentence(self) -> str:
        return f"{key(self.role)} {self.confirmed_by} confirmed action {self.action}."
