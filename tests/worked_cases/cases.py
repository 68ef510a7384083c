"""Every worked case, and how one is made ready. What a case consists of is told in `case.py`."""

from tests.worked_cases import east_sussex, halton, southwark, swindon, torbay, torbay_rounds
from tests.worked_cases.case import Case, Due, Notice, record_of, write_policies

__all__ = ["CASES", "OVERDUE_FROM", "Case", "Due", "Notice", "record_of", "write_policies"]

CASES: tuple[Case, ...] = (
    *torbay.CASES,
    *torbay_rounds.CASES,
    *halton.CASES,
    *east_sussex.CASES,
    *southwark.CASES,
    *swindon.CASES,
)

OVERDUE_FROM: tuple[tuple[str, str, str], ...] = (
    ("2026-03-28", "2026-03-29T00:00+00:00", "2026-03-29T00:00Z"),
    ("2026-03-29", "2026-03-30T00:00+01:00", "2026-03-29T23:00Z"),
    ("2026-10-24", "2026-10-25T00:00+01:00", "2026-10-24T23:00Z"),
    ("2026-10-25", "2026-10-26T00:00+00:00", "2026-10-26T00:00Z"),
)
"""ALL-C3: a deadline, the instant from which it is overdue as England's clocks show it, and the same in UTC."""
