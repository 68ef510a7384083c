"""From sheets to rows about children: what each row says, and what of it cannot be used, with the reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from events.errors import Refused
from services.cases.cells import Unusable, age_on, child_number, day, text, years
from services.cases.commands import OLDEST
from services.cases.headings import Columns, What, letters, read_headings
from services.cases.lists import ADOPTERS, BY_NUMBER, CaseSheet, of_title, of_words, plain_words
from services.cases.orders import orders_of
from services.cases.own import Own
from services.cases.refs import Refs
from services.cases.sheets import NumberedRow, Sheet

HEADINGS_WITHIN = 30
"""Rows that hold something, among which the headings must stand: some sheets begin with a title and notes."""

MOST_ROWS = 1_000_000
"""Rows that hold something, in all sheets together: what is kept of each must not fill the memory."""

UNBORN = timedelta(weeks=42)
"""How far ahead of the list a date of birth may lie: lists hold children who are expected."""

GENDERS = {"male": "m", "m": "m", "boy": "m", "1": "m", "female": "f", "f": "f", "girl": "f", "2": "f"}
"""What is compared between rows. Whatever else is written there contradicts nothing."""

LONGEST_WORDS = 60


class Finding(NamedTuple):
    """Something of the file that cannot be used, where it stands and why. `lost` says what is not taken for it.

    It never quotes a cell: what stands there may be a name or a number. `see` is another place, where there are two.
    What is lost may be nothing: then it is said because it should be looked at.
    """

    sheet: str
    row: int | None
    column: str
    reason: str
    lost: Literal["sheet", "sheet of children", "row", "cell", "column", "nothing"]
    see: str = ""


Tell = Callable[[Finding], None]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What one row says about a child. `place` is its sheet and row; `lists` are those that it puts the child on."""

    place: tuple[str, int]
    number: str
    lists: tuple[CaseSheet, ...]
    birth: date | None = None
    age: int | None = None
    gender: str | None = None
    team: str | None = None
    worker: str | None = None
    service: str | None = None
    strand: str | None = None
    since: date | None = None
    ended: bool = False


@dataclass(slots=True)
class CaseReader:
    """Reads the sheets of one file. `found` collects the lists that were met; `read` counts rows about children."""

    as_of: date
    refs: Refs
    tell: Tell
    strands: Sequence[str] = ()
    services: Sequence[str] = ()
    own: Own = field(default_factory=Own)
    progress: Callable[[int], None] = lambda _: None
    found: set[int] = None  # type: ignore[assignment]  # made below
    read: int = 0

    def __post_init__(self) -> None:
        self.found = set()

    def rows(self, sheets: Iterable[Sheet]) -> Iterator[CaseRow]:
        """Every row that is about a child, sheet by sheet; what cannot be used is told as it is met."""
        for sheet in sheets:
            annex = None if sheet.plain else self.own.tabs.get(plain_words(sheet.title)) or of_title(sheet.title)
            if reason := _not_read(sheet, annex):
                children = annex != ADOPTERS and self._headings(iter(sheet.rows), None)[0] is not None
                self.tell(Finding(sheet.title, None, "", reason, "sheet of children" if children else "sheet"))
                continue
            yield from self._of_sheet(sheet, annex if isinstance(annex, CaseSheet) else None)
            if sheet.hidden_rows:
                several = f"{len(sheet.hidden_rows)} rows are hidden or filtered out; they were read like the others"
                self.tell(Finding(sheet.title, sheet.hidden_rows[0], "", several, "nothing"))

    def missing(self) -> list[CaseSheet]:
        """The lists by child of which no sheet was met."""
        return [BY_NUMBER[number] for number in sorted(BY_NUMBER) if number not in self.found]

    def _of_sheet(self, sheet: Sheet, annex: CaseSheet | None) -> Iterator[CaseRow]:
        rows = iter(sheet.rows)
        columns, width = self._headings(rows, annex)
        if columns is None:
            reason = f"no heading for the child's number among its first {HEADINGS_WITHIN} rows"
            self.tell(Finding(sheet.title, None, "", reason, "sheet of children" if width else "sheet"))
            return
        if annex is not None:
            self.found.add(annex.number)
        self._tell_of_columns(sheet, annex, columns)
        # Gone through twice: which way round a column's dates stand is known only at its end.
        orders = orders_of(self._moving(rows), columns, lambda values: not sheet.plain or len(values) == width)
        orders.require_one_way(sheet.title, columns)
        for what, remark in orders.remarks():
            self.tell(Finding(sheet.title, None, columns.name(what), remark, "nothing"))
        month_first = orders.month_first()
        for number, values in self._under_headings(sheet, annex):
            self.read += 1
            if self.read > MOST_ROWS:
                raise Refused("file", f"more than {MOST_ROWS} rows that say something; that is not a case list")
            if sheet.plain and len(values) != width:
                self.tell(Finding(sheet.title, number, "", _moved(len(values), width), "row"))
            elif row := self._row(_Cells(sheet, number, values, columns, month_first, self.tell), annex):
                yield row

    def _under_headings(self, sheet: Sheet, annex: CaseSheet | None) -> Iterator[NumberedRow]:
        rows = iter(sheet.rows)
        self._headings(rows, annex)
        return self._moving(rows)

    def _moving(self, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        for row in rows:
            self.progress(1)
            yield row

    def _headings(self, rows: Iterator[NumberedRow], annex: CaseSheet | None) -> tuple[Columns | None, int]:
        """Read up to the headings: the columns, if there are any, and how many cells the last row has; 0 for no row."""
        width = 0
        for _, (_, values) in zip(range(HEADINGS_WITHIN), rows, strict=False):
            self.progress(1)
            width = len(values)
            if columns := read_headings(values, annex, self.own.headings):
                return columns, width
        return None, width

    def _tell_of_columns(self, sheet: Sheet, annex: CaseSheet | None, columns: Columns) -> None:
        for place in columns.doubled:
            reason = "another column before it says the same; that one is read"
            self.tell(Finding(sheet.title, None, columns.names[place], reason, "column"))
        wanted: list[tuple[What, str]] = []
        if annex is not None and annex.allocated:
            wanted = [("team", "Allocated Team"), ("worker", "Allocated Worker")]
        if annex is not None and annex.start is not None:
            wanted.append(("start", "the date from which the case is open"))
        for what, name in wanted:
            if what not in columns.places:
                self.tell(Finding(sheet.title, None, name, "no heading says it", "column"))

    def _row(self, cells: "_Cells", annex: CaseSheet | None) -> CaseRow | None:
        if not cells.anything():
            return None
        number = cells.number()
        if number is None:
            return None
        birth = cells.take("birth", lambda value: self._birth(cells.day("birth", value)))
        age = age_on(birth, self.as_of) if birth else cells.take("age", _checked_age)
        end = cells.take("end", lambda value: cells.day("end", value))
        return CaseRow(
            place=(cells.sheet.title, cells.row),
            number=number,
            lists=(annex,) if annex else cells.take("lists", _lists) or (),
            birth=birth,
            age=age,
            gender=GENDERS.get((cells.take("gender", text) or "").lower()),
            team=self.refs.of("team", cells.take("team", text) or ""),
            worker=self.refs.of("worker", cells.take("worker", text) or ""),
            service=cells.take("service", self._service),
            strand=cells.take("strand", self._strand),
            since=cells.take("start", lambda value: self._not_after(cells.day("start", value))),
            ended=end is not None and end <= self.as_of,
        )

    def _birth(self, birth: date | None) -> date | None:
        if birth is None:
            return None
        if birth > self.as_of + UNBORN:
            raise Unusable("lies too long after the list's date to be that of an expected child")
        if (age_on(birth, self.as_of) or 0) > OLDEST:
            raise Unusable(f"would make the child older than {OLDEST}")
        return birth

    def _not_after(self, since: date | None) -> date | None:
        if since is not None and since > self.as_of:
            raise Unusable("lies after the list's date")
        return since

    def _service(self, value: Any) -> str | None:
        """A service of the framework by its name; any other goes by a reference, like a team."""
        written = _words(value) or ""
        named = (each for each in self.services if each.casefold() == written.casefold())
        return next(named, None) or self.refs.of("service", written)

    def _strand(self, value: Any) -> str | None:
        written = _words(value)
        if written is None or not self.strands:
            return self.refs.of("strand", written or "")
        for strand in self.strands:
            if strand.casefold() == written.casefold():
                return strand
        raise Unusable(f"is not a strand of the framework; the strands are {', '.join(self.strands)}")


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one row by what they hold."""

    sheet: Sheet
    row: int
    values: Sequence[Any]
    columns: Columns
    month_first: frozenset[What]
    tell: Tell

    def anything(self) -> bool:
        return any(value is not None and str(value).strip() for value in self.values)

    def value(self, what: What) -> Any:
        place = self.columns.places.get(what)
        return self.values[place] if place is not None and place < len(self.values) else None

    def number(self) -> str | None:
        """The child's number; without one the row cannot be used."""
        try:
            if found := child_number(self.value("number")):
                return found
            reason = "no child number: the cell is empty, or its formula was never worked out"
        except Unusable as unusable:
            reason = str(unusable)
        self.tell(Finding(self.sheet.title, self.row, self.columns.name("number"), reason, "row"))
        return None

    def day(self, what: What, value: Any) -> date | None:
        """The day that a cell says, in the order of its column."""
        return day(value, self.sheet.epoch, month_first=what in self.month_first)

    def take(self, what: What, read: Callable[[Any], Any]) -> Any:
        """What a cell says, None where it says nothing that can be used, which is told."""
        value = self.value(what)
        if value is None:
            return None
        try:
            return read(value)
        except Unusable as unusable:
            self.tell(Finding(self.sheet.title, self.row, self.columns.name(what), str(unusable), "cell"))
            return None


def _moved(cells: int, headings: int) -> str:
    """Why a row of a CSV cannot be read whose cells are not as many as its headings."""
    which = (
        f"the first too many is {letters(headings)}"
        if cells > headings
        else f"the first that is missing is {letters(cells)}"
    )
    return f"{cells} cells under {headings} headings, {which}: the columns may have moved; quote cells that hold a mark"


def _not_read(sheet: Sheet, annex: CaseSheet | int | None) -> str:
    if sheet.plain:
        return ""
    if sheet.hidden:
        return "the sheet is hidden"
    if annex == ADOPTERS:
        return "a list of adopters is not a list of children"
    return "" if annex else "its title is that of no list of Annex A"


def _checked_age(value: Any) -> int | None:
    age = years(value)
    if age is not None and age > OLDEST:
        raise Unusable(f"is older than {OLDEST}")
    return age


def _words(value: Any) -> str | None:
    written = text(value)
    if len(written) > LONGEST_WORDS:
        raise Unusable(f"has more than {LONGEST_WORDS} characters")
    return written or None


def _lists(value: Any) -> tuple[CaseSheet, ...]:
    written = [each for each in (part.strip() for part in text(value).split(";")) if each]
    found = [of_words(each) for each in written]
    if None in found:
        raise Unusable("names no list of Annex A; write its name, or several between semicolons")
    return tuple(dict.fromkeys(each for each in found if each))
