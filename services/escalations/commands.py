"""The commands about escalations and about obligations that no richer act discharges."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from events.base import Label
from services.core.answers import Answers
from services.core.command import Example, Text
from services.record_command import RecordCommand


class _OfEscalation(RecordCommand):
    obligation: Label = Field(description="The obligation, by its name in the policy.")
    step: Label = Field(description="The step of its ladder, by its name.")
    key: str = Field(default="", description="Which one, where the record has several.")
    due: AwareDatetime | None = Field(
        default=None,
        description="Which one, where the step fired again and again; without it, the latest that is open.",
    )


class AcknowledgeEscalation(_OfEscalation):
    """Acknowledge an escalation: the actor sees to it. Without `due`, the latest open one of that step is meant."""

    command: Literal["escalation.acknowledge"]
    example: ClassVar[Example] = {
        "role": "team_manager",
        "audit": "TOR-7",
        "obligation": "audit_return",
        "step": "outstanding_list",
        "note": "the auditor returns it today",
    }
    note: Text | None = Field(default=None, description="What is said about it.")


class ResolveEscalation(_OfEscalation):
    """Say that an escalation needs nobody any more, and why."""

    command: Literal["escalation.resolve"]
    example: ClassVar[Example] = {
        "role": "team_manager",
        "audit": "TOR-7",
        "obligation": "audit_return",
        "step": "outstanding_list",
        "note": "it was returned",
    }
    note: Text = Field(description="Why it needs nobody any more.")


class MeetObligation(RecordCommand):
    """Record that something owed was done: a tracker sent, a corrective action in place, a review held."""

    command: Literal["obligation.meet"]
    example: ClassVar[Example] = {
        "role": "head_of_service",
        "audit": "TOR-7",
        "obligation": "corrective_action",
        "note": "weekly visits, reviewed by the manager",
    }
    obligation: Label = Field(description="The obligation, by its name in the policy.")
    key: str = Field(default="", description="Which one, where the record has several.")
    note: Text | None = Field(default=None, description="What is said about it.")
    answers: Answers = Field(default_factory=dict, description="Answers to the policy's questions, by question.")
