"""One case list as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field

from events.cases import CaseListClosed, CaseListOpened, CasesListed
from events.recorded import Recorded
from services.core.folded import Folded


@dataclass(slots=True)
class CaseList(Folded):
    """What the next part must know: how the list began, who stands on it already, and whether it is complete."""

    opened: CaseListOpened | None = None
    children: set[str] = field(default_factory=set)
    closed: CaseListClosed | None = None

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        match recorded.fact:
            case CaseListOpened() as fact:
                self.opened = fact
            case CasesListed(cases=cases):
                self.children.update(case.child for case in cases)
            case CaseListClosed() as fact:
                self.closed = fact
