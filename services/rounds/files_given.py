"""Which child's file was given to whom in a month: for quotas and loads, and for whom no draw shall take again."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from events.recorded import Recorded
from events.rounds import FileGiven, FilePassedOn, FileTakenBack
from services.clock import local_date
from services.core.folded import Folded
from services.obligations.calendar import month_end

FILES = "files/"


def files_aggregate(day: date) -> str:
    """The record of the files given out in the month of a day."""
    return f"{FILES}{day.isoformat()[:7]}"


@dataclass(slots=True)
class Files(Folded):
    """The files of a month: for each audit its child, the day, and who has it now.

    Of months before this was always recorded it knows only the days whose policy asked for it.
    """

    children: dict[str, tuple[str, date]] = field(default_factory=dict)
    auditors: dict[str, str] = field(default_factory=dict)

    @property
    def loads(self) -> Counter[str]:
        """How many files each auditor has of this month."""
        return Counter(self.auditors.values())

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        match recorded.fact:
            case FileGiven(audit=audit, child=child, auditor=auditor):
                self.children[audit] = (child, local_date(recorded.envelope.occurred))
                self.auditors[audit] = auditor
            case FilePassedOn(audit=audit, auditor=auditor):
                self.auditors[audit] = auditor
            case FileTakenBack(audit=audit):
                self.children.pop(audit, None)
                self.auditors.pop(audit, None)


def given_since(since: date, until: date, history: Callable[[str], Sequence[Recorded]]) -> set[str]:
    """The children whose files were given out from a day to another, both included."""
    found: set[str] = set()
    month = since.replace(day=1)
    while month <= until:
        files = Files.of(history(files_aggregate(month)))
        found.update(child for child, on in files.children.values() if since <= on <= until)
        month = month_end(month).replace(day=1)
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return found
