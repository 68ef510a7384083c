"""One report of one period, as its events leave it. Applying an event only assigns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from events.envelope import Envelope
from events.recorded import Recorded
from events.reports import PageKept, ReportCommented, ReportIssued
from services.core.folded import Folded


@dataclass(frozen=True, slots=True)
class Written:
    """One version of what somebody wrote in a place of the report: sealed, with who, in which role and when."""

    fact: ReportCommented
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the report: what was recorded of it, by whom and when."""

    fact: ReportIssued
    envelope: Envelope


@dataclass(slots=True)
class Report(Folded):
    """What was written in each place, the oldest version first, and what was issued, in its order.

    `pieces` holds what is kept of the pages, by issue and copy.
    """

    written: dict[str, list[Written]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    pieces: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        match recorded.fact:
            case ReportCommented() as fact:
                self.written.setdefault(fact.place, []).append(Written(fact, recorded.envelope))
            case PageKept() as fact:
                self.pieces.setdefault((fact.issue, fact.which), []).append(fact.content)
            case ReportIssued() as fact:
                self.issues.append(Issue(fact, recorded.envelope))

    @property
    def versions(self) -> Mapping[str, int]:
        """How many versions there are of what was written in each place."""
        return {place: len(texts) for place, texts in self.written.items()}
