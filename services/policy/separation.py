"""The shape of what a framework says of who may not: whose own work, or whose own children, nobody judges."""

from typing import Literal

from pydantic import Field

from services.policy.part import Part

Place = Literal["team", "service"]


class Separation(Part):
    """Who may not audit or moderate, beside what holds everywhere (A-ALL-10); by hand and by chance alike.

    Nobody who holds a post in the child's own `auditor_not_of` on that day audits the file, and nobody in its
    `moderator_not_of` moderates the audit; nor does anybody who holds one in the auditor's own
    `moderator_not_with_auditor`. With `another_reauditor` nobody audits again what they audited before.
    """

    auditor_not_of: Place | None = Field(default=None, title="Nobody audits a child of their own")
    moderator_not_of: Place | None = Field(default=None, title="Nobody moderates the audit of a child of their own")
    moderator_not_with_auditor: Place | None = Field(
        default=None, title="Nobody moderates the audit of somebody of their own"
    )
    another_reauditor: bool = Field(default=False, title="Nobody audits again what they audited before")
