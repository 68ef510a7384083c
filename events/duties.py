"""What somebody owes each month, quarter or year, and that is no audit of a file: what was done towards it.

One stream holds what was done towards one duty in one calendar month (`duty/<duty>-2026-05`), so that none grows
without bound. No event here carries free text.
"""

from datetime import date

from events.base import Fact, Label, Ref


class DutyRecorded(Fact):
    """Something that a duty asks for was done on a day.

    `holder` is the person for whom it counts, `about` the person, team or area that it was done about. `item` says
    which of the things that the duty asks for it was, `evidence` what was recorded along with it. `concern` is the
    answer whether significant concerns were found, None where it was not asked.
    """

    stored_name = "duty.recorded.v1"
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


class DutySkipped(Fact):
    """A duty need not be done about somebody in the period of `on`, on a ground that the framework accepts."""

    stored_name = "duty.skipped.v1"
    acts = ("duty.skip",)
    duty: Label
    on: date
    about: Ref
    ground: Label
