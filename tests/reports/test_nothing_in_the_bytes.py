"""Two reports that differ in nothing but what their copies for boards hide are the same file, in every format."""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.reports.tables import count, report, share, table
from workers.reports.page import Behind, Chart, Column, Figure, Report, Row, Table, Words
from workers.reports.rendering.formats import FORMATS
from workers.reports.rendering.paper import of_report
from workers.reports.standards import standard
from workers.reports.suppression import suppressed

QUICK = sorted(FORMATS.keys() - {"pdf"})
KINDS: tuple[Literal["bars", "stacked bars", "line"], ...] = ("bars", "stacked bars", "line")
SMALL = st.integers(1, 5)


def marks(made: Report) -> list[str | None]:
    return [figure.mark for figure in made.figures()]


def paper_of(made: Report, form: str) -> bytes:
    return FORMATS[form].make(of_report(made))


def drawn(key: str, rows: Sequence[Sequence[int]], kind: Literal["bars", "stacked bars", "line"]) -> Table:
    return table(key, rows, shares=True).model_copy(update={"chart": Chart(kind=kind, axis="row")})


def moved(few: int, before: int) -> Table:
    """Ranked, with the way that each went, what is asked for and the records behind: all that tells of a number."""
    rows = [("m", 30, 20), ("n", few, before), ("o", 9, 9)]
    made = [
        Row(
            title=name,
            cells=(
                _behind(count(name, now), name),
                count(f"{name}.before", then),
                share(f"{name}.share", now, 60),
                Words(text="up" if now > then else "same", told_of=(name, f"{name}.before")),
            ),
        )
        for name, now, then in sorted(rows, key=lambda each: -each[1])
    ]
    heads = tuple(Column(title=each) for each in ("Overdue", "Period before", "Share", "Direction"))
    note = standard("overdue", few, 6, None).capitalize()
    return Table(key="moved", title="Moved", columns=heads, rows=tuple(made), by_size=True, note=note)


def _behind(figure: Figure, name: str) -> Figure:
    held = tuple(Behind(about=f"audit/{name}-{each}", positions=(each,)) for each in range(int(figure.value or 0)))
    return figure.model_copy(update={"behind": held})


def two(kind: Literal["bars", "stacked bars", "line"], one: Sequence[int], other: Sequence[int]) -> list[Report]:
    """Two reports: the small number of a row is another one, and those beside and beneath it make up for that."""
    return [
        report(drawn("totals", [[few, 9 - few, 20], [40 - few, 30 + few, 50]], kind), moved(few, before))
        for few, before in (one, other)
    ]


@settings(max_examples=25, deadline=None)
@given(kind=st.sampled_from(KINDS), one=st.tuples(SMALL, SMALL), other=st.tuples(SMALL, SMALL))
def test_what_is_hidden_changes_no_byte(
    kind: Literal["bars", "line"], one: Sequence[int], other: Sequence[int]
) -> None:
    """Neither a cell nor a chart, a title, a name of a sheet, an order, a width or a property of a file tells of it.

    A PDF is made of the paper alone, all of which stands in the JSON.
    """
    first, second = (suppressed(each, 5) for each in two(kind, one, other))
    assume(marks(first) == marks(second))
    for form in QUICK:
        assert paper_of(first, form) == paper_of(second, form), form


@pytest.mark.parametrize("form", QUICK)
def test_the_named_copies_differ(form: str) -> None:
    """The comparison itself tells: of the named copies no format gives the same file."""
    first, second = two("bars", (2, 3), (4, 1))
    assert paper_of(first, form) != paper_of(second, form)


def test_a_workbook_holds_nothing_out_of_sight() -> None:
    """No formula, comment, name, hidden sheet, link, macro or picture: what is in it is what a reader sees."""
    copy = suppressed(two("bars", (2, 3), (4, 1))[0], 5)
    with zipfile.ZipFile(BytesIO(paper_of(copy, "xlsx"))) as book:
        inside = {name: book.read(name).decode() for name in book.namelist()}
    kinds = {re.sub(r"\d+", "", name.partition("/")[2] if "/" in name else name) for name in inside}
    assert not {each for each in kinds if re.search("comment|drawing|media|external|vba|calcChain|pivot", each)}
    assert not re.search(
        r"<f>|<f |<definedName|state=\"(veryH|h)idden\"|<hyperlink|hidden=\"1\"", "".join(inside.values())
    )
