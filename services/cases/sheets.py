"""What a file is to its reader: sheets of numbered rows of plain values, whatever the form of the file."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What is not seen, or changes how the rest is seen."""

NumberedRow = tuple[int, Sequence[Any]]
"""A row's number as the user sees it, and its values from the first column on."""

SPREADSHEET_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a count of calendar days has no zone


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are read anew, from the first, each time that somebody goes through them."""

    read: Callable[[], Iterator[NumberedRow]]

    def __iter__(self) -> Iterator[NumberedRow]:
        return self.read()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` gives only rows that hold something, anew each time; `size` is their number if it is known.

    A `plain` sheet is a list by itself, whatever its title. `hidden_rows` fills up anew as rows are read: those of them
    that nobody sees who opens the file, whether a filter or a person hid them.
    """

    title: str
    rows: Iterable[NumberedRow]
    epoch: datetime = SPREADSHEET_EPOCH
    hidden: bool = False
    plain: bool = False
    size: int | None = None
    hidden_rows: list[int] = field(default_factory=list)


LONGEST_SHOWN = 60


def bare(title: str) -> str:
    """A title or a heading as it may be shown: one line, not too long, and nothing in it that a screen obeys."""
    return UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", " ".join(title.split()))[:LONGEST_SHOWN]
