"""What was lost or damaged and taken as it is, on purpose, by somebody who says why: history tells of its own holes."""

from typing import Literal

from events.base import Fact, Label

MISSING = "missing"
"""What was found at a position where nothing can be read."""

DamageReason = Literal["failed-disk", "restore", "foreign-writer", "former-release", "unknown"]
"""How the damage came about, as far as anybody knows: a disk or file system that failed, a restore that was not whole,
a program that wrote past the contracts, an old release of this one, or nobody can tell."""


class LossAccepted(Fact):
    """A part of what the authority has was lost and is given up: `what` was lost, and why it was not put back.

    `streams` lost their whole content and were made anew. `history` means that the stream is there, but ends earlier or
    holds other events than were read of it before: `ended_at` is its end when that was accepted, `once_at` the position
    that had been read.
    """

    stored_name = "loss.accepted.v1"
    what: Literal["streams", "history"]
    streams: tuple[Label, ...] = ()
    ended_at: int = 0
    once_at: int = 0
    reason: Label

    def sentence(self) -> str:
        if self.what == "streams":
            return f"The loss of {', '.join(self.streams)} was accepted ({self.reason}); what was lost was made anew."
        return f"The loss of events {self.ended_at + 1} to {self.once_at} was accepted ({self.reason})."


class DamageAccepted(Fact):
    """Damage in the history is taken as it is: from `position` through `through`, nothing is read any more.

    `found` is what stood there when that was accepted: "missing", or the SHA-256 of the whole message in hex. Whatever
    else is found there later is new damage. What the event once said is not known to history any more; the record that
    it belonged to goes on without it.
    """

    stored_name = "damage.accepted.v1"
    position: int
    through: int
    found: Label
    reason: DamageReason

    def sentence(self) -> str:
        where = (
            f"event {self.position}" if self.position == self.through else f"events {self.position} to {self.through}"
        )
        found = "missing" if self.found == MISSING else "unreadable"
        return f"Damage was accepted ({self.reason.replace('-', ' ')}): {where}, {found}."
