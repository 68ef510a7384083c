"""One month as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field, replace
from datetime import date

from events.recorded import Recorded
from events.sampling import FileModerated, FileSelected, FileWithdrawn, ReturnCounted, SampleDrawn
from events.vocabulary import SampledEvery
from services.core.folded import Folded
from services.obligations.periods import key_of

MONTH = "month/"


def month_aggregate(month: str, service: str | None = None) -> str:
    """The record of a month, or of a longer period, by its name: the authority's, or one service's."""
    return f"{MONTH}{month}-{service}" if service else f"{MONTH}{month}"


def period_aggregate(every: SampledEvery, day: date, service: str | None, year_start: int) -> str:
    """The record of the month, or of the longer period, that a day lies in."""
    return month_aggregate(key_of(every, day, year_start), service)


@dataclass(slots=True)
class Month(Folded):
    """A month, or a longer period of which samples are drawn, as it stands. `drawn` holds the draws by purpose.

    Every audit's file and return belongs to it. Of months before membership was always recorded it knows only what the
    policy of each day asked for: an audit that was then left out joins with its return, if that is still to come, and
    else stays out.
    """

    selected: dict[str, FileSelected] = field(default_factory=dict)
    returned: dict[str, ReturnCounted] = field(default_factory=dict)
    moderated: dict[str, FileModerated] = field(default_factory=dict)
    drawn: dict[str, tuple[SampleDrawn, ...]] = field(default_factory=dict)

    def of_service(self, service: str) -> "Month":
        """The same with what it holds of one service alone, and with every draw."""
        returned = {name: each for name, each in self.returned.items() if each.service == service}
        moderated = {name: each for name, each in self.moderated.items() if each.service == service}
        return replace(self, returned=returned, moderated=moderated)

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
                self.moderated.pop(audit, None)
            case FileModerated() as fact:
                self.moderated[fact.audit] = fact
            case SampleDrawn(purpose=purpose) as fact:
                self.drawn[purpose] = (*self.drawn.get(purpose, ()), fact)
