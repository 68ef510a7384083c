"""What an earlier audit asks for is due on the day that the earlier audit owes it."""

import pytest

from events.audits import AuditAllocated
from tests.given import Scene, given
from tests.lives import Life, Line, people
from tests.services.programme.scenes import ESX, desk_in_east_sussex

CONCERN: Line = {"significant_concern": True, "summary": "the plan does not keep the child safe"}


def due_of(desk: Scene, audit: str) -> str:
    fact = desk.history(audit)[0].fact
    assert isinstance(fact, AuditAllocated)
    return str(fact.due)


@pytest.mark.covers("SWI-66", "HAL-73")
@pytest.mark.parametrize(
    ("authority", "on", "due"),
    [
        ("swindon", "2026-03-16", "2026-04-03"),
        ("halton", "2026-02-23", "2026-03-20"),
        ("swindon", "2026-04-07", "2026-04-30"),
        ("torbay", "2026-03-16", "2026-04-13"),
    ],
    ids=["six weeks", "one month", "when that has passed as any audit", "where none is owed as any audit"],
)
def test_a_reaudit_has_its_own_day(authority: str, on: str, due: str) -> None:
    """A re-audit given out without a day is due when it is owed, and not when an audit of that day would be."""
    grade = "Inadequate" if authority != "torbay" else "Meets Good"
    desk = given(
        *people(authority),
        *Life(authority, "A-1").allocated("2026-02-02").submitted("2026-02-20", grade),
        *Life(authority, "A-2", auditor="P-RE").allocated(on, reaudit_of="A-1"),
        authority=authority,
    )
    assert due_of(desk, "A-2") == due


@pytest.mark.covers("A-ESX-05", "ESX-N30")
def test_a_further_file_has_its_own_day() -> None:
    """A further file given out without a day is due one month after the concern that asked for it."""
    desk = desk_in_east_sussex()
    desk.do(*Life(ESX, "A-1").allocated("2026-03-10").submitted("2026-03-18", **CONCERN))
    further = Life(ESX, "A-2", child="C-2")
    desk.do(*further.allocated("2026-03-20", audit_type="supervision further file", extra_of="A-1"))
    assert due_of(desk, "A-2") == "2026-04-18"
