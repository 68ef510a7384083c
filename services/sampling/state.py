"""One month as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field
from datetime import date

from events.recorded import Recorded
from events.sampling import FileSelected, FileWithdrawn, ReturnCounted, SampleDrawn
from services.core.folded import Folded

MONTH = "month/"


def month_aggregate(month: date | str, service: str | None = None) -> str:
    """The record of the month that a day lies in: the authority's, or one service's."""
    name = month if isinstance(month, str) else f"{month:%Y-%m}"
    return f"{MONTH}{name}-{service}" if service else f"{MONTH}{name}"


@dataclass(slots=True)
class Month(Folded):
    """A month as it stands. `frames` holds for each purpose the frame of the sample drawn last.

    Every audit's file and return belongs to it. Of months before membership was always recorded it knows only what the
    policy of each day asked for: an audit that was then left out joins with its return, if that is still to come, and
    else stays out.
    """

    selected: dict[str, FileSelected] = field(default_factory=dict)
    returned: dict[str, ReturnCounted] = field(default_factory=dict)
    frames: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        match recorded.fact:
            case FileSelected() as fact:
                self.selected[fact.audit] = fact
            case ReturnCounted() as fact:
                self.returned[fact.audit] = fact
            case FileWithdrawn(audit=audit):
                self.selected.pop(audit, None)
                self.returned.pop(audit, None)
            case SampleDrawn(purpose=purpose, frame=frame):
                self.frames[purpose] = frame
