"""The commands about an entry of a register and about the actions that it leads to."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.base import Ref
from services.actions.commands import NewAction
from services.core.answers import Answers
from services.core.command import Command, Day, Example, ShortRef, Text
from services.policy.registers import RegisterName

ENTRY = "entry/"


class Item(BaseModel):
    """One child that the entry looks at, with the answers about that child."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    child: Ref = Field(description="The child, by an opaque reference.")
    answers: Answers = Field(default_factory=dict, description="Answers to the register's questions, by question.")


class EntryCommand(Command):
    """A command about one entry."""

    entry: ShortRef = Field(description="The entry, such as E-1.")

    @property
    def aggregate(self) -> str:
        """The entry's own record."""
        return ENTRY + self.entry


class RecordEntry(EntryCommand):
    """Record what was done, seen or planned on a day. Without `holder` it counts for the actor.

    `kind` is the register, as the policy names it. Actions that it leads to may come along.
    """

    command: Literal["entry.record"]
    example: ClassVar[Example] = {
        "role": "head_of_service",
        "entry": "OBS-1",
        "kind": "observation",
        "on": "2026-02-10",
        "person": "P-SW",
        "answers": {"event": "direct work"},
    }
    kind: RegisterName = Field(description="The register, as the policy names it.")
    on: Day = Field(description="The day.")
    until: Day | None = Field(default=None, description="The last day, where it took several.")
    holder: Ref | None = Field(default=None, description="For whom it counts; without one, for the actor.")
    child: Ref | None = Field(default=None, description="The child, by an opaque reference.")
    person: Ref | None = Field(default=None, description="The person that it is about.")
    team: Ref | None = Field(default=None, description="The team that it is about.")
    service: Ref | None = Field(default=None, description="The service that it is about.")
    subject: Ref | None = Field(default=None, description="What else it is about.")
    answers: Answers = Field(default_factory=dict, description="Answers to the register's questions, by question.")
    items: Annotated[tuple[Item, ...], Field(max_length=500)] = Field(
        default=(), description="The children that it looks at."
    )
    actions: tuple[NewAction, ...] = Field(default=(), description="Actions that it leads to.")

    @property
    def children(self) -> tuple[str, ...]:
        """The child that it is about, and those that it looks at: what is said of each goes with its key."""
        return tuple(dict.fromkeys((*super().children, *(each.child for each in self.items))))


class StepEntry(EntryCommand):
    """Record one of the later steps that the register knows. Without `on`, it happened when it is recorded."""

    command: Literal["entry.step"]
    example: ClassVar[Example] = {
        "role": "head_of_service",
        "entry": "OBS-1",
        "step": "reviewed",
        "on": "2026-02-12",
        "answers": {"good_practice": "the child was seen alone", "improvements": "write down what the child said"},
    }
    step: RegisterName = Field(description="The step, as the register names it.")
    on: Day | None = Field(default=None, description="The day; without one, that on which it is recorded.")
    holder: Ref | None = Field(default=None, description="For whom it counts; without one, for the actor.")
    answers: Answers = Field(default_factory=dict, description="Answers to the register's questions, by question.")


class WithdrawEntry(EntryCommand):
    """Withdraw an entry that was a slip, or a plan that was given up, with the reason."""

    command: Literal["entry.withdraw"]
    example: ClassVar[Example] = {"role": "qa_team", "entry": "OBS-1", "reason": "recorded under the wrong person"}
    reason: Text = Field(description="Why.")


class SetEntryAction(EntryCommand, NewAction):
    """Give somebody something to do by a date because of an entry (TOR-113)."""

    command: Literal["entry.set_action"]
    example: ClassVar[Example] = {
        "role": "head_of_service",
        "entry": "OBS-1",
        "action": "OBS-1-1",
        "level": "service",
        "text": "talk through how notes are kept",
        "owner": "P-TM",
        "due": "2026-03-10",
    }


class CompleteEntryAction(EntryCommand):
    """Say that an action of an entry is done and what difference it made."""

    command: Literal["entry.complete_action"]
    example: ClassVar[Example] = {
        "role": "head_of_service",
        "entry": "OBS-1",
        "action": "OBS-1-1",
        "impact": "notes say what the child wants",
    }
    action: Ref = Field(description="The action, such as ACT-1.")
    impact: Text = Field(description="What difference it made.")


class ConfirmEntryActions(EntryCommand):
    """Confirm that actions of an entry were followed up; without a list, all that still wait."""

    command: Literal["entry.confirm_actions"]
    example: ClassVar[Example] = {"role": "head_of_service", "entry": "OBS-1", "actions": ["OBS-1-1"]}
    actions: tuple[Ref, ...] | None = Field(
        default=None, description="Which actions; without one, all that still wait."
    )
