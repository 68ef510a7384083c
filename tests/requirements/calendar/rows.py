"""How a line of the tables of reports is written, and the days of half a year on which they fall due."""

from dataclasses import dataclass

FIRST, LAST = "2026-01-01", "2026-06-30"
"""The half year of which the tables tell."""

MONTHLY = "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30"
"""Of each month, before the next is over."""

QUARTERLY = "2026-01-31 2026-04-30"
TWO_MONTHLY = "2026-02-28 2026-04-30 2026-06-30"
YEARLY = "2026-06-30"
"""Of the year that ends with March, three months after it."""

ON_REQUEST = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A report: who makes it, for whom, on which days it falls due, and of which units there is one of each."""

    name: str
    covers: tuple[str, ...]
    by: str
    to: tuple[str, ...]
    due: str
    each: str = "authority"
