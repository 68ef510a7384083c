"""Whether audits are returned, moderated and closed in time."""

from typing import ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import By, OfAudits
from services.policy.expressions import SpanText

Timed = Literal["return", "moderation", "closing"]


class Timeliness(OfAudits):
    """How many audits were done in time, late, or are open, and the middle of the days that it took.

    `of` says what: the return, from allocation to the day that the audit was given; the moderation, from the return to
    the moderator's day; the closing, from the return, within the span of `closing_within` where the framework says one.
    Those done in the period count, and those that were open at its end. Days are working days where `working_days`.
    """

    shows: ClassVar[str] = "Timeliness"
    block: Literal["timeliness"]
    of: tuple[Timed, ...] = Field(default=("return", "moderation", "closing"), min_length=1, title="of")
    by: By | None = Field(default=None, title="by")
    closing_within: SpanText | None = Field(default=None, title="closed within, from the return")
    working_days: bool = Field(default=False, title="days are working days")
