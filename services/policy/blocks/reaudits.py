"""Re-audits beside the findings that they followed."""

from typing import ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import By, ReportBlock


class Reaudits(ReportBlock):
    """How the re-audits returned in the period came out beside the grade of the audit that asked for them.

    With `pairs`, each pair is listed, before and after.
    """

    shows: ClassVar[str] = "Re-audits"
    block: Literal["reaudits"]
    by: By | None = Field(default=None, title="by")
    pairs: bool = Field(default=False, title="with each pair")
