"""The commands about actions."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.base import Label, Ref
from events.vocabulary import ActionLevel
from services.core.command import Day, Example, Text
from services.core.identity import ADDED
from services.record_command import OtherRecord, RecordCommand


def is_none(held: object) -> bool:
    """Whether nothing was said: what came later than the first identities is left out of them then."""
    return held is None


Owners = Annotated[tuple[Ref, ...], Field(max_length=10)]
"""Further people, or groups of the policy, who own an action."""

Named = Annotated[Ref, Field(description="The action, such as ACT-1.")]
Wording = Annotated[Text, Field(description="What is to be done.")]
Owner = Annotated[Ref, Field(description="Who is to do it: a person, or a group of the policy by its key.")]
Reach = Annotated[ActionLevel, Field(description="For the child, for the service, or strategic.")]
Urgency = Annotated[Label | None, Field(description="Its priority, where the framework has any.", exclude_if=is_none)]
LastDay = Annotated[Day | None, Field(description="The last day for it; without one, the policy sets it.")]


class NewAction(BaseModel):
    """An action as an auditor, moderator or practitioner words it. Without `due` the policy sets the last day.

    The owner is a person, or a group of the policy by its key; `with` names those who own it jointly.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    action: Named
    level: Reach = "child"
    text: Wording
    owner: Owner
    jointly: Owners = Field(default=(), alias="with", description="Who owns it as well.")
    due: LastDay = None
    priority: Urgency = None


class ActionCommand(RecordCommand):
    """A command about an action of a record: of an audit, or of another record that leads to actions."""

    record: Annotated[OtherRecord, ADDED] = Field(
        default=None, description="Instead of an audit: what else leads to actions, such as entry/<ref>."
    )


class SetAction(ActionCommand):
    """Give somebody something to do by a date (TOR-58, TOR-59, HAL-46, HAL-50, HAL-55).

    Where the framework has priorities, the action has one of them, and its clock is that of the priority. The owner is
    a person, or a group of the policy by its key (TOR-12, SOU-8); `with` names those who own it jointly.
    """

    model_config = ConfigDict(populate_by_name=True)
    command: Literal["action.set"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "audit": "TOR-7",
        "action": "TOR-7-1",
        "text": "see the child alone each week",
        "owner": "P-SW",
        "due": "2026-03-02",
    }
    action: Named
    level: Reach = "child"
    text: Wording
    owner: Owner
    jointly: Owners = Field(default=(), alias="with", description="Who owns it as well.")
    due: LastDay = None
    priority: Urgency = None


class RedateAction(ActionCommand):
    """Agree a later date (HAL-67)."""

    command: Literal["action.redate"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "audit": "TOR-7",
        "action": "TOR-7-1",
        "due": "2026-03-09",
        "reason": "the school is closed until then",
    }
    action: Named
    due: Day = Field(description="The later day that was agreed.")
    reason: Text | None = Field(default=None, description="Why.")


class CompleteAction(ActionCommand):
    """Say that it is done and what difference it made (TOR-103)."""

    command: Literal["action.complete"]
    example: ClassVar[Example] = {
        "role": "action_owner",
        "audit": "TOR-7",
        "action": "TOR-7-1",
        "impact": "the child speaks of what worries them",
    }
    action: Named
    impact: Text = Field(description="What difference it made.")


class ConfirmActions(ActionCommand):
    """Confirm that actions were followed up; without a list, all that still wait (TOR-106, HAL-60)."""

    command: Literal["action.confirm"]
    example: ClassVar[Example] = {"role": "team_manager", "audit": "TOR-7", "actions": ["TOR-7-1"]}
    actions: tuple[Ref, ...] | None = Field(
        default=None, description="Which actions; without one, all that still wait."
    )
