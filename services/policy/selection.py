"""The shape of what a framework says of choosing: which files may be chosen, by whom, and who may be given them."""

from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from services.policy.expressions import SpanText
from services.policy.part import Key, Label, Part


class Selection(Part):
    """Which files may be chosen, and who audits them, by type of audit.

    `min_open` says since when they must be open, `by` who alone chooses them. An audit of a type in `auditors` is given
    to nobody but holders of one of those posts; one of another type to anybody in a post (HAL-3).
    """

    min_open: dict[Label, SpanText] = Field(
        default_factory=dict, title="A file must have been open for, by type of audit"
    )
    by: dict[Label, Key] = Field(default_factory=dict, title="Files are chosen by one role alone, by type of audit")
    auditors: dict[Label, Annotated[tuple[Key, ...], Field(min_length=1)]] = Field(
        default_factory=dict, title="Audits are given to holders of these posts alone, by type of audit"
    )

    def may_audit(self, posts: Collection[str], audit_type: str | None) -> bool:
        """Whether somebody who holds these posts may be given an audit of that type."""
        asked = self.auditors.get(audit_type or "")
        return asked is None or any(each in posts for each in asked)
