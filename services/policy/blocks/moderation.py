"""Whether auditors and moderators agree, and which way they differ."""

from typing import ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import OfAudits

Agreeing = Literal["cross-table", "agreement", "drift by auditor", "drift by moderator"]


class Moderation(OfAudits):
    """The audits moderated in the period, by the overall grade of the auditor and of the moderator.

    A cross-table of both; the shares that are alike and within one grade, Gwet's AC2 and Cohen's kappa with quadratic
    weights, and by how many grades auditors were too kind on average, each only of `at_least` audits; the same mean for
    each person and month, each only of `at_least_of_one`.
    """

    shows: ClassVar[str] = "Agreement of auditors and moderators"
    block: Literal["moderation"]
    show: tuple[Agreeing, ...] = Field(default=("cross-table", "agreement"), min_length=1, title="showing")
    at_least: int = Field(default=10, ge=1, le=1000, title="values only of at least so many audits")
    at_least_of_one: int = Field(default=5, ge=1, le=1000, title="of one person, of at least so many")
