"""Indicators that are counted from the audits themselves: the share of graded fields that reach certain grades."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Connection, Table, select

from projections.dates import month_on

PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted: the grades of these sections (none named: the overall grades), of audits of these types.

    A grade that is not on the `scale` counts for neither side. Each month looks back over so many `months`.
    """

    scale: frozenset[str]
    grades: frozenset[str]
    sections: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    months: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """So many graded fields `among` so many; never of none."""

    among: int
    of: int

    @property
    def value(self) -> Decimal:
        """In per cent, to four places; a half goes up."""
        return (Decimal(self.among * 100) / self.of).quantize(PLACES, ROUND_HALF_UP)


Teams = Callable[[str, str], bool]
"""Whether a team belonged to a place in a month such as `2026-03`: teams move from one service to another."""


def shares(
    db: Connection,
    audits: Table,
    authority: str,
    countings: Iterable[Counting],
    teams: Teams | None,
    span: tuple[str, str],
) -> Mapping[Counting, Mapping[str, Share]]:
    """The shares of the months of the span by month of return, for these teams or for all.

    A month in which nothing was graded has none. What was returned in these months is read, and in those before that
    the first of them looks back over; the rest of history is not.

    An audit counts for the place to which its team belonged in that month.
    Voided and exempted audits, re-audits and further files are left out; after moderation the moderated grades count.
    """
    tallies: dict[Counting, tuple[Counter[str], Counter[str]]] = {each: (Counter(), Counter()) for each in countings}
    if not tallies:
        return {}
    first, last = span
    asked = select(audits).where(
        audits.c.authority == authority,
        audits.c.counts.is_(True),
        audits.c.month >= month_on(first, 1 - max(each.months for each in tallies)),
        audits.c.month <= last,
    )
    for row in db.execute(asked):
        if teams is not None and not teams(row.team, row.month):
            continue
        for counting, (among, of) in tallies.items():
            grades = [grade for grade in _grades(row, counting) if grade in counting.scale]
            of[row.month] += len(grades)
            among[row.month] += sum(grade in counting.grades for grade in grades)
    found = {counting: _windows(counting, among, of) for counting, (among, of) in tallies.items()}
    return {
        counting: {month: share for month, share in by_month.items() if first <= month <= last}
        for counting, by_month in found.items()
    }


def _grades(row: Any, counting: Counting) -> list[str | None]:
    if counting.types and row.audit_type not in counting.types:
        return []
    if not counting.sections:
        return [row.overall]
    return [row.sections.get(section) for section in counting.sections]


def _windows(counting: Counting, among: Counter[str], of: Counter[str]) -> dict[str, Share]:
    """Each month with what lies in its window: its own, and those of the months before that it looks back over."""
    found: dict[str, Share] = {}
    for month in {month_on(month, ahead) for month in of for ahead in range(counting.months)}:
        span = [month_on(month, -back) for back in range(counting.months)]
        if total := sum(of[each] for each in span):
            found[month] = Share(sum(among[each] for each in span), total)
    return found
