"""Many figures in one CSV file: each row becomes a command, or is told with its column and the reason.

Two headers are read. Values: `indicator,month,level,ref,part,value,numerator,denominator,source`, where level, ref,
part, source, and either value or numerator and denominator may be left out. What they are compared with:
`indicator,comparator,month,year,part,value,source`, with a month or a year.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from events.errors import Refused
from services.core.command import Command
from services.indicators.csv_rows import CsvFile, CsvRow, Fault

VALUES = ("indicator", "month", "level", "ref", "part", "value", "numerator", "denominator", "source")
COMPARATORS = ("indicator", "comparator", "month", "year", "part", "value", "source")
FIGURES = ("value", "numerator", "denominator")

MONTHS = ("%Y-%m", "%m/%Y", "%b-%y", "%b %y", "%b-%Y", "%b %Y", "%B %Y", "%B-%Y")
"""How months are written: 2026-03, 03/2026, Mar-26, Mar 2026, March 2026."""

NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
LONGEST_NUMBER = 24


Parse = Callable[[bytes], Command]


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name the figures are recorded. `file` is a name of the file's content: the same row is one command."""

    authority: str
    actor: str
    role: str
    file: str


class FiguresFile:
    """A file of figures with its header read; Refused where the header is neither of the two.

    `units` gives the unit of each indicator, by which `12.5%` and `£1,200` are read.
    """

    def __init__(self, lines: Iterable[bytes], sender: Sender, units: Mapping[str, str | None]) -> None:
        self._file = CsvFile(lines)
        self._sender = sender
        self._units = units
        header = set(self._file.header)
        self.compares = "comparator" in header
        self.columns = COMPARATORS if self.compares else VALUES
        whole = "value" in header or (not self.compares and {"numerator", "denominator"} <= header)
        timed = "month" in header or (self.compares and "year" in header)
        if "indicator" not in header or not timed or not whole:
            raise Refused("file", f"row 1 must be a header such as {','.join(VALUES)} or {','.join(COMPARATORS)}")

    @property
    def unused(self) -> Iterator[Fault]:
        """The columns that are not read."""
        for column in self._file.header:
            if column and column not in self.columns:
                yield Fault(1, column, "is not a column of figures and was not read")

    def commands(self, parse: Parse) -> Iterator[tuple[int, Command] | Fault]:
        """Each row as a command, with its number, or as a fault; `parse` reads a command written as a line."""
        for row in self._file.rows():
            if isinstance(row, Fault):
                yield row
                continue
            try:
                yield row.number, parse(orjson.dumps(self._command(row)))
            except Refused as refusal:
                yield Fault(row.number, "" if refusal.field == "line" else refusal.field, refusal.rule)

    def _command(self, row: CsvRow) -> dict[str, str]:
        cells = {column: text for column, text in row.cells.items() if column in self.columns}
        if not cells.keys() & set(FIGURES):
            raise Refused("value", "is blank: a month without a value is left out")
        if "month" in cells:
            cells["month"] = _month(cells["month"])
        for column in FIGURES:
            if column in cells:
                unit = self._units.get(cells.get("indicator", "")) if column == "value" else None
                cells[column] = _number(column, cells[column], unit)
        for column in ("level", "comparator"):
            if column in cells:
                cells[column] = " ".join(cells[column].lower().split())
        sender = self._sender
        return {
            **cells,
            "command": "indicator.compare" if self.compares else "indicator.record",
            "id": f"csv-{sender.file}-{row.number}",
            "authority": sender.authority,
            "actor": sender.actor,
            "role": sender.role,
        }


def _month(text: str) -> str:
    for form in MONTHS:
        try:
            return datetime.strptime(text, form).strftime("%Y-%m")  # noqa: DTZ007 - a month has no zone
        except ValueError:
            continue
    raise Refused("month", f"{text[:40]} is not a valid month; write 2026-03")


def _number(column: str, text: str, unit: str | None) -> str:
    if unit == "per cent":
        bare = text.removesuffix("%").strip()
    elif unit == "pounds":
        bare = text.replace("£", "", 1).strip()
    else:
        bare = text
    if not NUMBER.fullmatch(bare) or len(bare) > LONGEST_NUMBER:
        raise Refused(column, f"{text[:40]} is not a valid number")
    return bare.replace(",", "")
