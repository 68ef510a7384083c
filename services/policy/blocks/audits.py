"""Audits counted: what happened to them in the period, and where they stood at its end."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import By, OfAudits, Problem

if TYPE_CHECKING:
    from services.policy.model import Policy

Counted = Literal[
    "allocated",
    "returned",
    "moderated",
    "signed off",
    "filed",
    "closed",
    "voided",
    "exempted",
    "with a safety concern",
    "with a significant concern",
    "not returned",
    "overdue",
    "awaiting moderation",
    "not closed",
]
"""The first ones happened in the period, a significant concern with the return that says so; the last four stood so at
its end. A voided or exempted audit is neither, but
among those."""


class Audits(OfAudits):
    """How many audits, a column for each of `count`, in all or `by` something.

    `at_least` and `at_most` are what a framework asks for in one period; the report says what was reached of it.
    """

    shows: ClassVar[str] = "Audits"
    block: Literal["audits"]
    count: tuple[Counted, ...] = Field(min_length=1, title="counted")
    by: By | None = Field(default=None, title="by")
    at_least: dict[Counted, int] = Field(default_factory=dict, title="asked for at least")
    at_most: dict[Counted, int] = Field(default_factory=dict, title="asked for at most")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """Also a standard for what is not counted."""
        yield from super().problems(policy)
        for knob in ("at_least", "at_most"):
            for each in getattr(self, knob):
                if each not in self.count:
                    yield (knob, each), f"{each} is not counted here: name it in `count`"
