"""How a section is set on a page: what says nothing takes a line, and nothing is lost by it."""

import re
from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.reports.tables import count, report, share
from workers.reports import plain
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
    """Of all, each figure under its head; of one answer, theme or team, under what it stands for."""
    (one,) = laid(table("A", [3]))
    assert isinstance(one, Single)
    assert '<dt>A 0</dt> <dd id="f-A.0">3</dd>' in as_html(of_report(report(table("A", [3]))))
    assert '<dt>Times</dt> <dd id="f-A.0">3</dd>' in as_html(of_report(report(table("A", [3], stub=""))))


def answers(title: str, numbers: Sequence[int], of: int, *, cuts: int = 0) -> Table:
    """How often each answer was given, and its share; of the first `cuts` the share says something else."""
    rows = tuple(
        Row(
            title=f"{title} {at}",
            cells=(count(f"{title}.{at}", each), share(f"{title}.{at}.share", each - (at < cuts), of)),
        )
        for at, each in enumerate(numbers)
    )
    return Table(
        key=title, title=title, stub="Answer", columns=(Column(title="Times"), Column(title="Share")), rows=rows
    )


def test_a_few_answers_are_a_line() -> None:
    """Each with its share, which says how often as well; a long list, or a share of something else, is a table."""
    (one,) = laid(answers("Safer", [1, 2], 3))
    assert isinstance(one, Single)
    assert [(said, plain.figure(cell)) for said, cell in one.told] == [("Safer 0", "1 of 3"), ("Safer 1", "2 of 3")]
    (named,) = laid(answers("From", [1, 0, 0, 0], 3))
    assert isinstance(named, Single)
    assert (len(named.told), named.left_out) == (1, "Nothing for: From 1; From 2; From 3")
    noughts = (Row(title="No", cells=(count("n", 0), Figure(key="n.share", unit="per cent", value=Decimal(0)))),)
    hidden = (Row(title="Yes", cells=(Figure(key="y", mark="c"), Figure(key="y.share", unit="per cent", mark="c"))),)
    (boards,) = laid(answers("Safe", [1, 0], 1).model_copy(update={"rows": hidden + noughts}))
    assert isinstance(boards, Single)
    (long,) = laid(answers("Which", [1] * 9, 3))
    assert isinstance(long, Tables)
    assert [each.title for each in long.table.columns] == ["Share"]
    (other,) = laid(answers("Cut", [2, 2], 3, cuts=1))
    assert isinstance(other, Tables)
    assert [each.title for each in other.table.columns] == ["Times", "Share"]


@pytest.mark.parametrize("numbers", [[1, 2], [1] * 9])
def test_a_count_that_is_not_shown_is_reached(numbers: list[int]) -> None:
    """What stands behind it can be opened, and leads back."""
    made = answers("A", numbers, 9)
    behind = (Behind(about="audit/A-1", positions=(4,)),)
    rows = (
        row.model_copy(update={"cells": tuple(cell.model_copy(update={"behind": behind}) for cell in row.cells)})
        for row in made.rows
    )
    text = as_html(of_report(report(made.model_copy(update={"rows": tuple(rows)}))))
    ids = set(re.findall('id="([^"]+)"', text))
    assert {f"f-A.{at}" for at in range(len(numbers))} <= ids
    assert set(re.findall('href="#([^"]+)"', text)) <= ids


def test_a_column_that_says_nothing_is_left_out() -> None:
    """Of a list, also one that says the same in each row: that is said once, beneath."""
    heads = tuple(Column(title=each) for each in ("Of", "Level", "Target"))
    cells = [(Words(text=f"A-{at}"), Words(text="child"), Words(text="")) for at in range(3)]
    rows = tuple(Row(title=f"A-{at}-1", cells=each, names=True) for at, each in enumerate(cells))
    (one,) = laid(Table(key="t", title="T", columns=heads, rows=rows, note="3 in all"))
    assert isinstance(one, Tables)
    assert [each.title for each in one.table.columns] == ["Of"]
    assert one.table.note == "3 in all; in each row – Level: child"


def test_periods_stand_side_by_side() -> None:
    """Where there are more of them than figures, with the way at the end; the chart is of what it was."""
    moved = Row(title="Direction", cells=(Words(text="up"),))
    months = table("Months", [4, 0, 0, 5], chart=Chart(kind="line"), stub="Period")
    whole = months.model_copy(update={"rows": (*months.rows, moved)})
    (one,) = laid(whole)
    assert isinstance(one, Tables)
    assert [each.title for each in one.table.columns] == ["Months 0", "Months 1", "Months 2", "Months 3", "Direction"]
    assert [(row.title, len(row.cells)) for row in one.parts[0].rows] == [("Times", 5)]
    assert one.drawn == whole


@pytest.mark.parametrize("months", [[4, 0, 0, 5], [4]])
def test_ways_that_are_hidden_are_left_out(months: list[int]) -> None:
    """Beside hidden numbers no way is told, and no row or column of dashes stands for it."""
    moved = Row(title="Direction", cells=(Words(text="–"),))
    periods = table("Months", months, chart=Chart(kind="line"), stub="Period")
    (one,) = laid(periods.model_copy(update={"rows": (*periods.rows, moved)}))
    assert isinstance(one, Tables)
    heads = [each.title for each in one.table.columns] + [each.title for each in one.parts[0].rows]
    assert "Months 0" in heads
    assert "Direction" not in heads


def test_answers_that_nobody_gave_are_no_table() -> None:
    """A table of which no column came about, as of a question that nobody answered, is named like any empty one."""
    teams = tuple(Row(title=each, cells=()) for each in ("T-1", "T-2", "All"))
    (one,) = laid(Table(key="t", title="Theme set by the team", columns=(), rows=teams, stub="Team"))
    assert isinstance(one, Nothing)
    assert remark(one) == "Nothing to show: Theme set by the team"


def test_questions_of_an_empty_register_go_without_saying() -> None:
    """A register without entries is named, and not each of its questions."""
    (one,) = laid(
        *(table(each, [0, 0], key=key) for each, key in [("Visits", "v"), ("Who?", "v.who"), ("Plans", "vp")])
    )
    assert isinstance(one, Nothing)
    assert remark(one) == "Nothing to show: Visits; Plans"


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


def test_one_subject_in_many_rows_is_seen_as_one() -> None:
    """Where statements are about the same, the first says so and the others more quietly; records all stand alike."""
    told = tuple(Row(title=about, cells=(Words(text="is so"),)) for about in ("Team", "Team", "Unit"))
    made = Table(key="t", title="T", stub="About", columns=(Column(title="What"),), rows=told)
    weights = re.compile(r'<th scope="row"(?: class=(\w+))?>')
    assert weights.findall(as_html(of_report(report(made)))) == ["begun", "again", ""]
    listed = made.model_copy(update={"rows": tuple(each.model_copy(update={"names": True}) for each in told)})
    assert weights.findall(as_html(of_report(report(listed)))) == ["", "", ""]


@pytest.mark.parametrize(("letters", "width"), [(36, "narrow"), (37, "plain")])
def test_a_long_title_has_the_whole_line(letters: int, width: str) -> None:
    """A table of few columns is set narrow where its rows have room in that."""
    rows = (Row(title="T" * letters, cells=(count("a", 1),)), Row(title="short", cells=(count("b", 2),)))
    made = Table(key="t", title="T", columns=(Column(title="Audits"),), rows=rows)
    assert f'<div class="block {width} ' in as_html(of_report(report(made)))


@pytest.mark.parametrize(("columns", "width"), [(9, "wide"), (10, "widest")])
def test_ten_columns_of_words_lie_across(columns: int, width: str) -> None:
    """However short their words are, so many have no room in the width of a side."""
    heads = tuple(Column(title=f"head {at}") for at in range(columns))
    row = Row(title="A-1", cells=tuple(Words(text=str(at)) for at in range(columns)), names=True)
    made = Table(key="t", title="T", stub="Audit", columns=heads, rows=(row,))
    assert f'<div class="block {width} ' in as_html(of_report(report(made)))
