"""What somebody owes each month, quarter or year, and that is no audit of a file: what was done towards it.

One stream holds what was done towards one task in one calendar month (`duty/<duty>-2026-05`), so that none grows
without bound. No event here carries free text.
"""

from datetime import date

from events.base import Fact, Label, Ref
from events.wording import in_words, key, with_concern

RECORDS = ("audit/", "duty/", "entry/", "dispute/", "round/")
"""Records of the programme's own work; people and units are put down before it begins."""


class TaskRecorded(Fact):
    """Something that a task asks for was done on a day.

    `holder` is the person for whom it counts, `about` the person, team or area that it was done about. `item` says
    which of the things that the task asks for it was, `evidence` what was recorded along with it. `concern` is the
    answer whether significant concerns were found, None where it was not asked.
    """

    stored_name = "duty.recorded.v1"
    clause = "somebody records that a programme task was done"
    acts = ("duty.record",)
    duty: Label
    on: date
    holder: Ref
    about: Ref | None = None
    item: Label | None = None
    count: int = 1
    evidence: tuple[Label, ...] = ()
    concern: bool | None = None
    reported_to: tuple[Label, ...] = ()

    def sentence(self) -> str:
        what = f"“{self.duty}”" + (f", {self.item}," if self.item else "")
        what += f" {self.count} times" if self.count > 1 else ""
        about = f" about {self.about}" if self.about else ""
        told = f"; reported to {', '.join(map(key, self.reported_to))}" if self.reported_to else ""
        along = f"; with {', '.join(self.evidence)}" if self.evidence else ""
        return (
            f"{what} was done by {self.holder}{about} on {in_words(self.on)}{with_concern(self.concern)}{along}{told}."
        )


class TaskSkipped(Fact):
    """A task need not be done about somebody in the period of `on`, on a ground that the framework accepts."""

    stored_name = "duty.skipped.v1"
    clause = "a programme task is skipped with its reason"
    acts = ("duty.skip",)
    duty: Label
    on: date
    about: Ref
    ground: Label

    def sentence(self) -> str:
        return f"“{self.duty}” need not be done about {self.about} in the period of {in_words(self.on)}: {self.ground}."
