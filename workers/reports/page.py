"""What a report is once it is made: sections of figures, tables, charts and narrative, before it is put on any paper.

Whoever makes one fills this in, whoever hides small numbers gives it back with holes, and whoever writes HTML, a sheet
or a PDF reads nothing else. So all of them say the same.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Unit = Literal["count", "per cent", "rate", "days", "pounds", "coefficient"]
Copy = Literal["named", "suppressed"]
"""A named copy is for inspectors; in a suppressed one, for boards, nobody can be told from a small number."""


class Made(BaseModel):
    """A part of a report: never changed once it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Behind(Made):
    """A thing that a figure rests on: its record, with the positions in history of the events that say so.

    A count has one for each thing that it counts, so that a record with three actions stands there three times. Of a
    share, those that are not `among` the counted ones are only in what they are a share of. Of a middle or a sum, each
    has its own `value`. So every figure can be worked out again from what stands behind it.
    """

    about: str
    positions: tuple[int, ...] = ()
    among: bool = True
    value: Decimal | None = None


class Figure(Made):
    """One number, by the `key` under which it can be opened.

    `value` is None where there is nothing to count from. A share has its two counts, `among` and `of`; whatever else is
    worked out of records, such as mean days or a coefficient, has `of` alone: of how many. `mark` stands in the place
    of the value: `c` for a small number that is hidden, `z` where it does not apply, `k` where it rounds to zero.
    Whatever is hidden is not in here: neither value nor counts, nor what stands behind.
    """

    type: Literal["figure"] = "figure"
    key: str
    value: Decimal | None = None
    unit: Unit = "count"
    among: int | None = None
    of: int | None = None
    mark: Literal["c", "z", "k"] | None = None
    behind: tuple[Behind, ...] = ()


class Words(Made):
    """A cell of text. `names` somebody or a record, and is left out of a suppressed copy.

    What it says of figures, such as the way that one went from the other, is `told_of` them, by their keys: where one
    of these is hidden, `otherwise` stands in its place.
    """

    type: Literal["words"] = "words"
    text: str
    names: bool = False
    told_of: tuple[str, ...] = ()
    otherwise: str = ""


class Cited(Words):
    """A cell of text that can be opened like a figure, by its `key`: a record of a list, or what a figure is held to.

    What stands in the policy has no event: behind it is its line, such as `policy/1/indicators/visits/target`.
    """

    type: Literal["cited"] = "cited"  # type: ignore[assignment]  # words with more to them, by a type of their own
    key: str
    behind: tuple[Behind, ...] = ()


Cell = Annotated[Figure | Words | Cited, Field(discriminator="type")]


class Column(Made):
    """A column: `total` adds up the others of its unit, beside which a hidden cell could be worked out."""

    title: str
    total: bool = False


class Row(Made):
    """A row under its title: `total` adds up the others, as in a column.

    `names` says that it stands for one record or one person, so that a suppressed copy leaves it out.
    """

    title: str
    cells: tuple[Cell, ...]
    total: bool = False
    names: bool = False


class Chart(Made):
    """How a table is drawn besides: by its rows along the axis, a series for each column that is no total."""

    kind: Literal["bars", "stacked bars", "line"]
    axis: str = ""


class Table(Made):
    """Figures or words in rows. Its cells are those of one `columns` each. `adds_up` says that totals are sums.

    `by_size` says that its rows stand in the order of their first figures, the largest first.
    """

    type: Literal["table"] = "table"
    key: str
    title: str
    stub: str = ""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    adds_up: bool = False
    by_size: bool = False
    chart: Chart | None = None
    note: str = ""


class Narrative(Made):
    """What a person wrote, and in which role; without `text`, by whom it is still to be written."""

    type: Literal["narrative"] = "narrative"
    key: str
    title: str
    role: str
    text: str | None = None
    written_by: str | None = None
    written_at: datetime | None = None
    version: int = 0


class Note(Made):
    """A sentence that the report says of itself, such as that its month has not ended.

    One that bounds a number says `otherwise` in a suppressed copy, whether or not that number is hidden there.
    """

    type: Literal["note"] = "note"
    text: str
    otherwise: str = ""


class Unmade(Made):
    """Stands in the place of a block that could not be made, and says so. A report that has one is not issued."""

    type: Literal["unmade"] = "unmade"
    key: str
    text: str


Block = Annotated[Table | Narrative | Note | Unmade, Field(discriminator="type")]


class Section(Made):
    """A part under a heading, with the clauses of the framework that ask for it."""

    key: str
    title: str
    source: tuple[str, ...] = ()
    blocks: tuple[Block, ...]


class AsAt(Made):
    """How it stood: by what had happened up to the end of a day, by what was known then, by both, or as it is now."""

    happened_by: date | None = None
    known_by: date | None = None


class Report(Made):
    """A report of one council about one period, as it was made of a history up to a position.

    Of one unit, it says what the framework calls such a one.
    """

    authority: str
    name: str
    title: str
    source: tuple[str, ...]
    made_by: str
    audience: tuple[str, ...]
    first: date
    last: date
    unit: str | None = None
    unit_called: str = "unit"
    copy_: Copy = Field(default="named", alias="copy")
    as_at: AsAt = AsAt()
    policy_version: str
    position: int
    notes: tuple[Note, ...] = ()
    sections: tuple[Section, ...]
    sides: int | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    def figures(self) -> Iterator[Figure]:
        """Every figure, in the order in which it is read."""
        return (cell for cell in self._cells() if isinstance(cell, Figure))

    def opening(self) -> Iterator[Figure | Cited]:
        """Everything behind which something may stand, figures and words, in the order in which it is read."""
        return (cell for cell in self._cells() if isinstance(cell, Figure | Cited))

    def _cells(self) -> Iterator[Cell]:
        tables = (block for section in self.sections for block in section.blocks if isinstance(block, Table))
        return (cell for table in tables for row in table.rows for cell in row.cells)
