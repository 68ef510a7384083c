"""What was lost or damaged and taken as it is, on purpose, by somebody who says why: history tells of its own holes."""

from typing import Literal

from events.base import Fact, Label

MISSING = "missing"
"""What was found at a position where nothing can be read."""


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
