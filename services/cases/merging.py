"""One case for each child, from all the rows that are about it.

The rule, where a child stands on several lists or several times on one:

- *Team and practitioner* come together from one row, and so does each of service and strand: from a case that is still
  open before one that has ended, from the more intensive list (children cared for, adoption, child protection plans,
  care leavers, children in need, section 47 enquiries, assessments, referrals, early help, contacts), from the later
  start.
  Rows that say nothing of it are passed over.
- *Open since* is the earliest start of what is still open on a list of work that goes on (children cared for,
  adoption, plans, in need). Where the child stands on none of these, it is the latest start of what is open at all.
- Two children under one number, told apart by their dates of birth or genders, are both left out: nobody here can say
  whose case it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from events.errors import Refused
from services.cases.commands import CaseToList
from services.cases.lists import LISTS
from services.cases.reading import CaseRow, Finding, Tell

MOST_CHILDREN = 500_000
"""Several times the open cases of the largest authority; more is no case list, and must not fill the memory."""

TWO_CHILDREN = "two children under one number; neither is taken"

TWINS = "stands elsewhere with another count of zeros in front; both were taken for one child's number, as met first"

_BY_WEIGHT = sorted(LISTS, key=lambda each: -each.weight)
Rank = tuple[bool, int, date]
Place = tuple[str, int]


@dataclass(slots=True)
class _Child:
    """What is known of a child so far. `contradicted` says what told two children apart, and where it was seen."""

    places: list[Place]
    lists: int = 0
    birth: date | None = None
    gender: str | None = None
    contradicted: tuple[str, Place] | None = None
    age: int | None = None
    allocation: tuple[Rank, str | None, str | None] | None = None
    service: tuple[Rank, str] | None = None
    strand: tuple[Rank, str] | None = None
    standing: date | None = None
    latest: date | None = None


class Merging:
    """Takes in rows one by one and gives the cases at the end."""

    def __init__(self, name: Callable[[str], str], tell: Tell) -> None:
        self._name = name
        self._tell = tell
        self._children: dict[str, _Child] = {}
        self._written: dict[str, str] = {}
        self._twins: set[str] = set()

    def take(self, rows: Iterable[CaseRow]) -> None:
        """Take in the rows, once. Refused for more children than any authority has."""
        for row in rows:
            row = self._one_number(row)  # noqa: PLW2901 - the same row, under the number that its child goes by
            child = self._children.get(row.number)
            if child is None:
                if len(self._children) >= MOST_CHILDREN:
                    raise Refused("file", f"more than {MOST_CHILDREN} children; that is not a case list")
                child = self._children[row.number] = _Child([])
            self._merge(child, row)
        for child in self._children.values():
            self._tell_of_two(child)

    def _one_number(self, row: CaseRow) -> CaseRow:
        """A spreadsheet that takes a number for a quantity drops its zeros in front: both are one child's, and said."""
        if not row.number.isdigit():
            return row
        bare = row.number.lstrip("0")
        first = self._written.setdefault(bare, row.number)
        if first == row.number:
            return row
        if bare not in self._twins:
            self._twins.add(bare)
            self._tell(Finding(*row.place, "child number", TWINS, "nothing"))
        return replace(row, number=first)

    def numbers(self) -> list[str]:
        """Every number with a case, in the order of their keyed names, which says nothing about the children."""
        return sorted((number for number, child in self._children.items() if not child.contradicted), key=self._name)

    def case(self, number: str, ref: str) -> CaseToList:
        """The case of the child with this number, who goes by the reference."""
        return _case(ref, number, self._children[number])

    @property
    def count(self) -> int:
        """How many cases there are."""
        return sum(not child.contradicted for child in self._children.values())

    def _merge(self, child: _Child, row: CaseRow) -> None:
        child.places.append(row.place)
        if (what := _contradiction(child, row)) and child.contradicted is None:
            child.contradicted = what, row.place
        child.birth, child.gender = child.birth or row.birth, child.gender or row.gender
        child.age = row.age if child.age is None else child.age
        weight = max((each.weight for each in row.lists), default=-1)
        rank = (not row.ended, weight, row.since or date.min)
        for each in row.lists:
            child.lists |= 1 << each.number
        if (row.team or row.worker) and _better(rank, child.allocation, bool(row.team)):
            child.allocation = (rank, row.team, row.worker)
        if row.service and (child.service is None or rank > child.service[0]):
            child.service = (rank, row.service)
        if row.strand and (child.strand is None or rank > child.strand[0]):
            child.strand = (rank, row.strand)
        if row.since and not row.ended:
            if not row.lists or any(each.standing for each in row.lists):
                child.standing = min(child.standing or row.since, row.since)
            child.latest = max(child.latest or row.since, row.since)

    def _tell_of_two(self, child: _Child) -> None:
        """Every row of a number that two children share is left out, and says where the other child stands."""
        if child.contradicted is None:
            return
        what, place = child.contradicted
        for each in child.places:
            sheet, row = place if each == child.places[0] else child.places[0]
            self._tell(Finding(*each, what, TWO_CHILDREN, "row", f"row {row} of {sheet}"))


def _contradiction(child: _Child, row: CaseRow) -> str:
    if row.birth and child.birth and row.birth != child.birth:
        return "date of birth"
    if row.gender and child.gender and row.gender != child.gender:
        return "gender"
    return ""


def _better(rank: Rank, held: tuple[Rank, str | None, str | None] | None, has_team: bool) -> bool:  # noqa: FBT001 - a plain fact about the row
    if held is None:
        return True
    return (has_team, rank) > (held[1] is not None, held[0])


def _case(ref: str, number: str, child: _Child) -> CaseToList:
    _, team, worker = child.allocation or (None, None, None)
    return CaseToList(
        child=ref,
        number=number,
        lists=tuple(each.name for each in _BY_WEIGHT if child.lists & 1 << each.number),
        service=child.service[1] if child.service else None,
        team=team,
        worker=worker,
        open_since=child.standing or child.latest,
        strand=child.strand[1] if child.strand else None,
        age=child.age,
    )
