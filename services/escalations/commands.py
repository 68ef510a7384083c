"""The commands about escalations and about obligations that no richer act discharges."""

from typing import Literal

from pydantic import AwareDatetime, Field

from events.base import Label
from services.core.answers import Answers
from services.core.command import RecordCommand, Text


class _OfEscalation(RecordCommand):
    obligation: Label
    step: Label
    key: str = ""
    due: AwareDatetime | None = None


class AcknowledgeEscalation(_OfEscalation):
    """Acknowledge an escalation: the actor sees to it. Without `due`, the latest open one of that step is meant."""

    command: Literal["escalation.acknowledge"]
    note: Text | None = None


class ResolveEscalation(_OfEscalation):
    """Say that an escalation needs nobody any more, and why."""

    command: Literal["escalation.resolve"]
    note: Text


class MeetObligation(RecordCommand):
    """Record that something owed was done: a tracker sent, a corrective action in place, a review held."""

    command: Literal["obligation.meet"]
    obligation: Label
    key: str = ""
    note: Text | None = None
    answers: Answers = Field(default_factory=dict)
