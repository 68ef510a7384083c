"""Case lists as other parts know them: by their events. Samples are drawn from their cases."""

from collections.abc import Iterable

from events.cases import CaseListClosed, CasesListed, ListedCase
from events.errors import NotFound, Refused
from events.recorded import Recorded


def case_list_aggregate(reference: str) -> str:
    """The record of one case list."""
    return f"cases/{reference}"


def listed(history: Iterable[Recorded], reference: str = "") -> tuple[ListedCase, ...]:
    """Every case of a closed list, in the order of the references, which says nothing about the children.

    `history` is the list's own, `reference` its name for the error. NotFound where there is no such list, Refused
    where it was never closed: half a list is none.
    """
    cases: list[ListedCase] = []
    began = closed = False
    for recorded in history:
        began = True
        match recorded.fact:
            case CasesListed(cases=part):
                cases += part
            case CaseListClosed():
                closed = True
    if not began:
        raise NotFound("case list", reference or "as named")
    if not closed:
        raise Refused("list", f"{reference or 'the case list'} was not taken in to its end; import the same file again")
    return tuple(sorted(cases, key=lambda case: case.child))
