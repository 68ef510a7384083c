"""How a section is set on a page: what says nothing takes a line, and nothing is lost by it."""

import re
from collections.abc import Sequence

import pytest

from tests.reports.tables import count, report
from workers.reports.page import Behind, Block, Chart, Column, Figure, Narrative, Row, Section, Table, Words
from workers.reports.rendering.html import as_html
from workers.reports.rendering.laying_out import Laid, Nothing, Single, Tables, Unwritten, laid_out, remark
from workers.reports.rendering.paper import of_report


def table(title: str, numbers: Sequence[int | None], note: str = "", *, head: str = "Times", **more: object) -> Table:
    rows = tuple(
        Row(title=f"{title} {at}", cells=(Figure(key=f"{title}.{at}", value=each),)) for at, each in enumerate(numbers)
    )
    return Table(key=title, title=title, stub="Answer", columns=(Column(title=head),), rows=rows, note=note).model_copy(
        update=more
    )


def laid(*blocks: Block) -> tuple[Laid, ...]:
    return laid_out(Section(key="s", title="S", blocks=blocks))


def test_tables_of_nothing_take_one_line() -> None:
    """Noughts, and rows that there are none of: each is named, with the number that the framework asks for."""
    (one,) = laid(
        table("Visits", [0, 0], "Entries: 0 of at least 12"),
        table("Plans", [0, 0]),
        table("Lists", [], "There is none."),
    )
    assert isinstance(one, Nothing)
    assert remark(one) == "Nothing to show: Visits (Entries: 0 of at least 12); Plans; Lists"


def test_figures_that_nobody_recorded() -> None:
    """What has no value is told apart from a nought."""
    (one,) = laid(table("Visits", [None, None]), table("Plans", [None]))
    assert isinstance(one, Nothing)
    assert remark(one) == "No figure is recorded: Visits; Plans"


def test_why_there_is_nothing() -> None:
    """A table without rows that says why says that."""
    (one,) = laid(table("Agreement", [], "Fewer than ten were moderated."))
    assert isinstance(one, Nothing)
    assert remark(one) == "Agreement: Fewer than ten were moderated."


@pytest.mark.parametrize(
    "says",
    [
        Figure(key="k", mark="c"),
        Words(text="England 4.5"),
        Figure(key="k", value=0, unit="count").model_copy(update={"value": 1}),
    ],
)
def test_a_table_that_says_anything_stays(says: Figure | Words) -> None:
    """A number, a hidden number, or a number in words beside an empty figure: none of them is nothing."""
    rows = (Row(title="a", cells=(Figure(key="a"), says)), Row(title="b", cells=(Figure(key="b"), says)))
    heads = (Column(title="Value"), Column(title="Compared with"))
    (one,) = laid(Table(key="t", title="T", columns=heads, rows=rows))
    assert isinstance(one, Tables)
    assert one.parts[0].rows == rows


def test_rows_of_nothing_are_named_beneath() -> None:
    """Where there are several of them; a few noughts stand in their rows, and what was never recorded does not."""
    (one,) = laid(table("Types", [4, 0, 0, 0]))
    assert isinstance(one, Tables)
    assert [each.title for each in one.parts[0].silent] == ["Types 1", "Types 2", "Types 3"]
    (one,) = laid(table("Types", [4, 0, None]))
    assert isinstance(one, Tables)
    assert [each.title for each in one.parts[0].rows] == ["Types 0", "Types 1"]
    assert one.parts[0].left_out == "No figure is recorded for: Types 2"


def test_too_many_rows_of_nothing_are_counted() -> None:
    """Names of half a side say nothing to anybody."""
    (one,) = laid(table("Types", [4, *[None] * 16]))
    assert isinstance(one, Tables)
    assert one.parts[0].left_out == "No figure is recorded for 16 others, which a workbook of this report lists."


def test_periods_without_anything_stay() -> None:
    """A line goes through every period."""
    (one,) = laid(table("Months", [4, 0, 0, 0, 5], chart=Chart(kind="line")))
    assert isinstance(one, Tables)
    assert one.parts[0].silent == ()


def test_tables_under_the_same_heads_are_one() -> None:
    """Each a group under its own title; another head, or a note of its own, keeps a table apart."""
    first, second = laid(table("A", [1, 2]), table("B", [3, 4]), table("C", [5, 6], head="Share"))
    assert isinstance(first, Tables)
    assert [each.table.title for each in first.parts] == ["A", "B"]
    assert isinstance(second, Tables)
    assert len(laid(table("A", [1, 2]), table("B", [3, 4], "of March"))) == 2
    text = as_html(of_report(report(table("A", [1, 2]), table("B", [3, 4]))))
    assert re.findall('scope="rowgroup" colspan="2">(.)<', text) == ["A", "B"]


def test_one_row_is_a_line() -> None:
    """A table of one row is set as its figures with their names."""
    (one,) = laid(table("A", [3]))
    assert isinstance(one, Single)
    assert '<dt>Times</dt> <dd id="f-A.0">3</dd>' in as_html(of_report(report(table("A", [3]))))


def test_texts_of_one_role_wait_in_one_line() -> None:
    """Those that are written stand for themselves."""
    texts = [Narrative(key=each, title=each, role="Lead") for each in ("One", "Two")]
    written = texts[0].model_copy(update={"text": "Here it is."})
    assert [type(each) for each in laid(*texts, written)] == [Unwritten, Narrative]


def test_what_is_left_out_of_a_table_can_be_opened() -> None:
    """A nought that something stands behind is reached, and leads back, though its row is only named."""
    nought = count("n", 0).model_copy(update={"behind": (Behind(about="audit/A-1", positions=(4,), among=False),)})
    silent = tuple(Row(title=each, cells=(nought.model_copy(update={"key": each}),)) for each in "bcd")
    rows = (Row(title="a", cells=(count("a", 2),)), *silent)
    blank = Table(key="u", title="U", columns=(Column(title="N"),), rows=(Row(title="e", cells=(nought,)),))
    text = as_html(of_report(report(Table(key="t", title="T", columns=(Column(title="N"),), rows=rows), blank)))
    ids = set(re.findall('id="([^"]+)"', text))
    assert {"f-b", "f-c", "f-d", "f-n", "b-b", "b-n"} <= ids
    assert set(re.findall('href="#([^"]+)"', text)) <= ids
