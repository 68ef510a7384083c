"""Rows as a reader likes them: dates in words, people and posts together, nothing cut off without a sign."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from pydantic import BaseModel
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from services.clock import day_in_words, instant_in_words
from workers.cli.screens import Screen, escaped

Column = tuple[str, Callable[[Any], Any]]

PAGE = 160
"""The width of a table that goes to a file or to another program, where nobody has told us one."""

KEPT = (18, 13, 9, 1)
"""Up to how many characters a cell or a word stays on one line: dates and references, if the page allows it."""

GAP = 2
"""Columns of the screen between two columns of a table."""

RULE, PLAIN_RULE = "─", "-"
"""What stands beneath the headings, and where a screen has no letters but those of ASCII."""


def screen(*, stderr: bool = False) -> Console:
    """Where a person reads: as wide as the terminal, or as COLUMNS says, or a page."""
    console = Screen(stderr=stderr)
    if console.is_terminal or os.environ.get("COLUMNS"):
        return console
    return Screen(stderr=stderr, width=PAGE)


def words(value: Any) -> str:
    """A cell: dates as `26 Jan 2026`, instants in local time, nothing as a dash."""
    match value:
        case None | "" | ():
            return "–"
        case datetime():
            return instant_in_words(value)
        case date():
            return day_in_words(value)
        case bool():
            return "yes" if value else "no"
        case _:
            return escaped(str(value))


def several(number: int, what: str) -> str:
    """`1 line`, `2 lines`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def print_table(console: Console, title: str, columns: Sequence[Column], rows: Iterable[Any], limit: int = 0) -> None:
    """A table with a title; with `limit`, so many rows and a line that says how many more there are.

    What a cell holds is shown as it stands, and never obeyed: people's texts may hold anything.
    """
    held = list(rows)
    console.print(Text(title, style="bold"))
    if not held:
        console.print("  nothing to show")
        return
    shown = [[words(cell(row)) for _, cell in columns] for row in held[: limit or None]]
    texts = [(heading, *cells) for (heading, _), cells in zip(columns, zip(*shown, strict=True), strict=True)]
    widths = _widths(texts, console.width)
    rule = PLAIN_RULE if console.options.ascii_only else RULE
    # The library's own table took a fifth of the processor's time of a page; it measures again what is known here.
    heads = _laid_out(console, [heading for heading, _ in columns], widths, at_the_foot=True)
    console.print(Text(heads, style="bold"), soft_wrap=True)
    console.print(rule * (sum(widths) + GAP * (len(widths) - 1)), soft_wrap=True)
    console.print(Text("\n".join(_laid_out(console, row, widths) for row in shown)), soft_wrap=True)
    if limit and len(held) > limit:
        console.print(f"  … and {len(held) - limit} more")


def _laid_out(console: Console, row: Sequence[str], widths: Sequence[int], *, at_the_foot: bool = False) -> str:
    """The lines of a row: each cell within its width, folded onto further lines where it does not fit.

    A cell of fewer lines than another begins in the first line of the row, or ends in the last one.
    """
    cells = [_folded(console, text, width) for text, width in zip(row, widths, strict=True)]
    if at_the_foot:
        most = max(map(len, cells))
        cells = [[""] * (most - len(each)) + [*each] for each in cells]
    return "\n".join(
        (" " * GAP).join(f"{line}{' ' * (width - cell_len(line))}" for line, width in zip(lines, widths, strict=True))
        for lines in zip_longest(*cells, fillvalue="")
    )


def _folded(console: Console, text: str, width: int) -> Sequence[str]:
    if cell_len(text) <= width and "\n" not in text and "\t" not in text:
        return (text,)
    return [line.plain for line in Text(text).wrap(console, width, overflow="fold")]


def _widths(columns: Sequence[Sequence[str]], page: int) -> list[int]:
    """How wide each column is: a reference or a date that is broken in two is misread, so the long texts make room.

    As far as the page is wide enough: what does not fit is folded, never cut off.
    """
    room = page - GAP * (len(columns) - 1)
    least = [1] * len(columns)
    for kept in KEPT:
        tried = [_least_width(texts, kept) for texts in columns]
        if sum(tried) <= room:
            least = tried
            break
    wanted = [max(map(len, texts)) for texts in columns]
    widths, left = list(least), room - sum(least)
    # Who lacks least is served first; those who lack most share what is left.
    order = sorted(range(len(columns)), key=lambda each: wanted[each] - least[each])
    for served, each in enumerate(order):
        more = max(0, min(wanted[each] - least[each], left // (len(order) - served)))
        widths[each] += more
        left -= more
    return widths


def _least_width(texts: Sequence[str], kept: int) -> int:
    words_too = (*texts[1:], *(word for text in texts for word in text.split()))
    return max((len(each) for each in words_too if len(each) <= kept), default=1)


def print_json(rows: Iterable[BaseModel | Mapping[str, Any]]) -> None:
    """The rows as one JSON array on standard output."""
    print_answer([row.model_dump(mode="json") if isinstance(row, BaseModel) else dict(row) for row in rows])


def print_answer(told: Sequence[Any] | Mapping[str, Any]) -> None:
    """What a command answers, as JSON on standard output."""
    print(escaped(json.dumps(told, indent=2, ensure_ascii=False, default=str)))  # noqa: T201 - the answer of the command
