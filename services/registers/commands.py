"""The commands about an entry of a register and about the actions that it leads to."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.base import Ref
from services.actions.commands import NewAction
from services.core.answers import Answers
from services.core.command import Command, Day, ShortRef, Text
from services.policy.registers import RegisterName

ENTRY = "entry/"


class Item(BaseModel):
    """One child that the entry looks at, with the answers about that child."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    child: Ref
    answers: Answers = Field(default_factory=dict)


class EntryCommand(Command):
    """A command about one entry."""

    entry: ShortRef

    @property
    def aggregate(self) -> str:
        """The entry's own record."""
        return ENTRY + self.entry


class RecordEntry(EntryCommand):
    """Record what was done, seen or planned on a day. Without `holder` it counts for the actor.

    `kind` is the register, as the policy names it. Actions that it leads to may come along.
    """

    command: Literal["entry.record"]
    kind: RegisterName
    on: Day
    until: Day | None = None
    holder: Ref | None = None
    child: Ref | None = None
    person: Ref | None = None
    team: Ref | None = None
    service: Ref | None = None
    subject: Ref | None = None
    answers: Answers = Field(default_factory=dict)
    items: Annotated[tuple[Item, ...], Field(max_length=500)] = ()
    actions: tuple[NewAction, ...] = ()


class StepEntry(EntryCommand):
    """Record one of the later steps that the register knows. Without `on`, it happened when it is recorded."""

    command: Literal["entry.step"]
    step: RegisterName
    on: Day | None = None
    holder: Ref | None = None
    answers: Answers = Field(default_factory=dict)


class WithdrawEntry(EntryCommand):
    """Withdraw an entry that was a slip, or a plan that was given up, with the reason."""

    command: Literal["entry.withdraw"]
    reason: Text


class SetEntryAction(EntryCommand, NewAction):
    """Give somebody something to do by a date because of an entry (TOR-113)."""

    command: Literal["entry.set_action"]


class CompleteEntryAction(EntryCommand):
    """Say that an action of an entry is done and what difference it made."""

    command: Literal["entry.complete_action"]
    action: Ref
    impact: Text


class ConfirmEntryActions(EntryCommand):
    """Confirm that actions of an entry were followed up; without a list, all that still wait."""

    command: Literal["entry.confirm_actions"]
    actions: tuple[Ref, ...] | None = None
