"""Escalations and notices as others see them."""

from typing import Literal

from pydantic import AwareDatetime

from events.base import Ref
from events.published.base import OpaqueId, Part, Published, Term
from events.wording import in_words


class Told(Part):
    """Who was told: the post, the unit that it belongs to, and who held it."""

    role: Term
    unit: Ref | None = None
    person: Ref | None = None
    """Opaque; None for a group. An escalation asks somebody to act now, so a service that pages must know whom."""


class Post(Part):
    """A post that was told, without whoever held it."""

    role: Term
    unit: Ref | None = None


class OfEscalation(Published):
    """Something about one escalation. What is raised, acknowledged and resolved is the same one by `escalation`.

    `obligation` and `step` are the framework's own keys, `item` says which of several (an action, or the how manyth),
    `due` is the instant at which the step came due.
    """

    escalation: OpaqueId
    obligation: Term
    step: Term
    item: Term | None = None
    due: AwareDatetime


class EscalationRaised(OfEscalation):
    """Something was escalated to people who must act on it; it is open until it is resolved.

    `level` counts up the ladder of the framework. `late` means well after `due`: the system had been down.
    """

    name = "escalation.raised"
    level: int
    told: tuple[Told, ...]
    late: bool = False

    def sentence(self) -> str:
        """To whom, about what, and how far up the ladder."""
        whom = ", ".join(_named(each.role, each.unit, each.person) for each in self.told) or "nobody"
        return f"Escalated to {whom}, at level {self.level}: {_what(self)}{_late(self.late)}."


class EscalationAcknowledged(OfEscalation):
    """One of those told acknowledged it, in the role `by_role`."""

    name = "escalation.acknowledged"
    by_role: Term

    def sentence(self) -> str:
        """By which role."""
        return f"Acknowledged by {self.by_role}: {_what(self)}."


class EscalationResolved(OfEscalation):
    """It no longer needs anybody: what was owed was done, is no longer owed, or a person resolved it."""

    name = "escalation.resolved"
    how: Literal["discharged", "withdrawn", "resolved"]

    def sentence(self) -> str:
        """How it came to its end."""
        return f"Resolved ({self.how}): {_what(self)}."


class NoticeSent(Published):
    """A reminder, a notice or a correction went out. Nobody has to act because of it, so it names no person."""

    name = "notice.sent"
    kind: Literal["reminder", "notice", "correction"]
    obligation: Term
    step: Term
    item: Term | None = None
    due: AwareDatetime
    told: tuple[Post, ...]
    late: bool = False

    def sentence(self) -> str:
        """To whom, and about what."""
        whom = ", ".join(_named(each.role, each.unit) for each in self.told) or "nobody"
        return f"A {self.kind} went to {whom}: {_what(self)}{_late(self.late)}."


def _what(about: OfEscalation | NoticeSent) -> str:
    item = f" ({about.item})" if about.item else ""
    return f"{about.obligation}/{about.step}{item}, due {in_words(about.due)}"


def _named(role: str, unit: str | None, person: str | None = None) -> str:
    return role + (f" of {unit}" if unit else "") + (f" ({person})" if person else "")


def _late(late: bool) -> str:  # noqa: FBT001 - the answer to a yes or no question
    return ", late" if late else ""
