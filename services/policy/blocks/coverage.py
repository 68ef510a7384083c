"""What was given out to be audited, against what was made of it."""

from typing import ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import By, OfAudits


class Coverage(OfAudits):
    """The audits given out in the period, by what became of them: made, not due yet, overdue, exempted or voided.

    With `gaps`, each that was not made is listed with the reason.
    """

    shows: ClassVar[str] = "Coverage"
    block: Literal["coverage"]
    by: By = Field(default="service", title="by")
    gaps: bool = Field(default=False, title="with each gap and its reason")
