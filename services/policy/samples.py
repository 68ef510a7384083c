"""The shape of a policy's samples: which audits are drawn, when, and how many of them."""

from pydantic import Field

from events.vocabulary import DrawnOf, SampledEvery
from services.policy.part import Key, Label, Part


class Sample(Part):
    """A sample of the audits that a period counts: a share of them in per cent, rounded up, and at least so many.

    `types` limits it to audits of those types (empty: any); those graded in the set `always` are in it anyway. Where it
    is `marked`, each chosen audit is told of it, so that something can be owed of that audit.
    It is drawn of audits that were returned, of those of them that are not moderated yet, or of those that were
    moderated, as `of` says, in each month or longer period (`every`), once that is over. With `any_day` it is drawn as
    they fall due: on any day. The share is of all that were returned, also where only those not moderated are drawn.
    Moderations are counted only where a sample asks for them: one that is adopted within a period counts from then on.
    """

    name: Key
    types: tuple[Label, ...] = Field(default=(), title="Of the types (none named: all)")
    of: DrawnOf = Field(default="returned", title="Drawn of audits that are")
    every: SampledEvery = Field(default="month", title="Drawn for each")
    any_day: bool = Field(default=False, title="Drawn on any day, not only when its month or longer period is over")
    share: int = Field(ge=0, le=100, title="Share of what its month or longer period counts, in per cent, rounded up")
    at_least: int = Field(default=0, ge=0, title="At least")
    always: Key | None = Field(default=None, title="Beside the draw, all that are graded")
    marked: bool = Field(default=False, title="Each chosen audit is marked, so that what follows from it is owed")

    @property
    def draws(self) -> bool:
        """Whether it ever draws anything."""
        return bool(self.share or self.at_least or self.always)

    @property
    def carries(self) -> bool:
        """Whether no audit stands in two of its frames, and the share counts what was drawn before.

        What can be drawn changes by itself from day to day: a draw that began anew would take more each time.
        """
        return self.any_day or self.of != "returned"
