"""Inspection outcomes of all authorities, from a file that the user has: where one stands beside those like it.

The file is a CSV with one row for each authority: `la_code`, `region_code`, `local_authority`, `stat_neighbours` (codes
with spaces between), columns that end in `_grade` with the judgements, and columns that end in `_date`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from events.errors import Refused
from services.indicators.csv_rows import CsvFile, CsvRow, Fault

GRADES = ("outstanding", "good", "requires improvement", "inadequate")
"""Best first."""

READ_AS = {"requires improvement to be good": "requires improvement"}
NOT_JUDGED = {"", "nan", "none", "n/a", "inspection pre dates judgement"}
NEEDED = ("la_code", "region_code", "local_authority", "stat_neighbours")
CODE = re.compile(r"[0-9]{3}")
DATES = ("%d/%m/%Y", "%d/%m/%y")

Group = Literal["own", "statistical neighbours", "region", "england"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One authority's row. A judgement or date that is not there, or could not be read, is None."""

    row: int
    la_code: str
    region: str
    name: str
    neighbours: tuple[str, ...]
    judgements: Mapping[str, str | None]
    dates: Mapping[str, date | None]

    def good_or_outstanding(self, judgement: str) -> bool | None:
        """Whether that judgement is one of the two best; None where there is none."""
        grade = self.judgements.get(judgement)
        return None if grade is None else grade in GRADES[:2]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The file: authorities by code, the judgements that it holds in the order of its columns, and its faults."""

    authorities: Mapping[str, Outcome]
    judgements: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """How the authorities of a group were judged: so many of each grade, among those judged at all."""

    judgement: str
    group: Group
    counts: Mapping[str, int]

    @property
    def judged(self) -> int:
        """How many have the judgement."""
        return sum(self.counts.values())

    def share(self, grade: str) -> Decimal | None:
        """In per cent, to one place; None where nobody was judged."""
        if not self.judged:
            return None
        return (Decimal(self.counts[grade] * 100) / self.judged).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An authority with its statistical neighbours, in the file's order of likeness, and the shares of each group.

    Region and England hold the authority itself as well; its neighbours do not.
    """

    own: Outcome
    neighbours: tuple[Outcome, ...]
    shares: tuple[Shares, ...]


def read_outcomes(lines: Iterable[bytes]) -> Outcomes:
    """Every row that can be used; Refused for a file without the columns. What is wrong in a row is a fault."""
    file = CsvFile(lines)
    judgements = tuple(each for each in file.header if each.endswith("_grade"))
    if lacking := [each for each in NEEDED if each not in file.header]:
        raise Refused("file", f"row 1 lacks the column {lacking[0]}; needed: {', '.join(NEEDED)} and columns *_grade")
    if not judgements:
        raise Refused("file", "row 1 has no column that ends in _grade")
    dates = tuple(each for each in file.header if each.endswith("_date"))
    found: dict[str, Outcome] = {}
    faults: list[Fault] = []
    for row in file.rows():
        if isinstance(row, Fault):
            faults.append(row)
        elif broken := _unusable(row, found):
            faults.append(broken)
        else:
            outcome, lesser = _outcome(row, judgements, dates)
            found[outcome.la_code] = outcome
            faults += lesser
    faults += [
        Fault(each.row, "stat_neighbours", f"{code} is not the la_code of a row that could be used")
        for each in found.values()
        for code in each.neighbours
        if code not in found
    ]
    return Outcomes(found, judgements, tuple(sorted(faults, key=lambda fault: (fault.row, fault.column))))


def neighbourhood(outcomes: Outcomes, authority: str, la_code: str | None = None) -> Neighbourhood:
    """One authority among those like it, found by its code or by its name. Refused if the file has no row of it."""
    if la_code is not None:
        own = outcomes.authorities.get(la_code)
    else:
        named = [each for each in outcomes.authorities.values() if _plain(each.name) == _plain(authority)]
        own = named[0] if len(named) == 1 else None
    if own is None:
        rule = f"has no row with the code {la_code}" if la_code else f"has no one row named {authority}; give its code"
        raise Refused("file", rule)
    neighbours = tuple(outcomes.authorities[code] for code in own.neighbours if code in outcomes.authorities)
    groups: Mapping[Group, Iterable[Outcome]] = {
        "own": (own,),
        "statistical neighbours": neighbours,
        "region": [each for each in outcomes.authorities.values() if each.region == own.region],
        "england": outcomes.authorities.values(),
    }
    shares = tuple(
        Shares(judgement, group, _counted(judgement, members))
        for judgement in outcomes.judgements
        for group, members in groups.items()
    )
    return Neighbourhood(own, neighbours, shares)


def _counted(judgement: str, members: Iterable[Outcome]) -> Mapping[str, int]:
    counts = Counter(grade for each in members if (grade := each.judgements[judgement]) is not None)
    return {grade: counts[grade] for grade in GRADES}


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z]+", " ", name.lower().replace("&", " and ")).split())


def _unusable(row: CsvRow, found: Mapping[str, Outcome]) -> Fault | None:
    for column in ("la_code", "region_code", "local_authority"):
        if column not in row.cells:
            return Fault(row.number, column, "is blank; the row was not used")
    code = row.cells["la_code"]
    if not CODE.fullmatch(code):
        return Fault(row.number, "la_code", f"{code[:40]} is not a code of three digits; the row was not used")
    if code in found:
        return Fault(row.number, "la_code", f"{code} is row {found[code].row}'s already; the row was not used")
    return None


def _outcome(row: CsvRow, judgements: Iterable[str], dates: Iterable[str]) -> tuple[Outcome, list[Fault]]:
    faults: list[Fault] = []
    cells = row.cells

    def report(column: str, reason: str) -> None:
        faults.append(Fault(row.number, column, reason))

    neighbours = []
    for code in cells.get("stat_neighbours", "").split():
        if not CODE.fullmatch(code) or code == cells["la_code"] or code in neighbours:
            report("stat_neighbours", f"{code[:40]} is not the code of another authority, or stands twice")
        else:
            neighbours.append(code)
    graded: dict[str, str | None] = {}
    for column in judgements:
        said = " ".join(cells.get(column, "").lower().replace("_", " ").split())
        grade = READ_AS.get(said, said)
        graded[column] = grade if grade in GRADES else None
        if graded[column] is None and said not in NOT_JUDGED:
            report(column, f"{said[:40]} is not a valid judgement; known: {', '.join(GRADES)}")
    read = {column: _day(cells.get(column, "")) for column in dates}
    for column, day in read.items():
        if day is None and cells.get(column, "").lower() not in NOT_JUDGED:
            report(column, f"{cells[column][:40]} is not a valid date; write dd/mm/yyyy")
    faults += _order(row.number, read)
    outcome = Outcome(
        row.number, cells["la_code"], cells["region_code"], cells["local_authority"], tuple(neighbours), graded, read
    )
    return outcome, faults


def _order(number: int, read: Mapping[str, date | None]) -> Iterator[Fault]:
    start, end = read.get("inspection_start_date"), read.get("inspection_end_date")
    if start and end and end < start:
        yield Fault(number, "inspection_end_date", f"{end} is before the start on {start}")


def _day(text: str) -> date | None:
    for form in DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar date has no zone
        except ValueError:
            continue
    return None
