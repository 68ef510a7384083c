"""What a copy for boards hides: every small number, as many more as give one away, and no more than that."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.reports.attacker import tables
from tests.reports.tables import THRESHOLD, count, report, share, table
from workers.reports.copies import for_boards
from workers.reports.page import Behind, Cell, Column, Figure, Narrative, Note, Report, Row, Table, Words
from workers.reports.suppression import LEFT_OUT, suppressed

if TYPE_CHECKING:
    from workers.system import System


def printed(table: Table) -> list[list[str]]:
    return [[_printed(cell) for cell in row.cells] for row in table.rows]


def _printed(cell: Cell) -> str:
    if isinstance(cell, Words):
        return cell.text
    return cell.mark or str(round(cell.value or 0))


def only(copy: Report) -> Table:
    (found,) = tables(copy)
    return found


@pytest.mark.parametrize(
    ("numbers", "rows", "columns", "shown"),
    [
        ([[3, 9, 20]], False, False, [["c", "9", "20"]]),
        ([[3, 9, 20]], True, False, [["c", "c", "20", "32"]]),
        ([[3, 4, 20]], True, False, [["c", "c", "20", "27"]]),
        ([[0, 9, 20]], True, False, [["0", "9", "20", "29"]]),
        ([[3, 0, 0]], True, False, [["c", "0", "0", "c"]]),
        ([[9, 3, 0]], True, False, [["c", "c", "0", "12"]]),
        ([[1, 1, 1, 1, 1, 1]], True, False, [["c"] * 7]),
        (
            [[3, 9, 20], [30, 8, 40], [50, 60, 70]],
            True,
            True,
            [["c", "c", "20", "32"], ["c", "c", "40", "78"], ["50", "60", "70", "180"], ["83", "77", "130", "290"]],
        ),
    ],
)
def test_no_more_than_needed(
    numbers: list[list[int]],
    rows: bool,  # noqa: FBT001  a table of cases
    columns: bool,  # noqa: FBT001
    shown: list[list[str]],
) -> None:
    """A small number hides no other without totals, one more beside a total, and a rectangle with totals both ways."""
    copy = suppressed(report(table("t", numbers, row_totals=rows, column_totals=columns)), THRESHOLD)
    assert printed(only(copy)) == shown


def test_the_threshold_is_the_policys() -> None:
    """A number of the threshold is hidden, and the next is shown: by the policy of the report's last day."""
    made = report(table("t", [[4, 5, 6]], row_totals=False, column_totals=False))
    assert printed(only(suppressed(made, 5))) == [["c", "c", "6"]]
    assert printed(only(suppressed(made, 4))) == [["c", "5", "6"]]
    newest = SHIPPED["torbay"].newest
    copies = newest.copies.model_copy(update={"suppress_up_to": 4})
    later = newest.model_copy(update={"version": "2", "effective_from": made.last + timedelta(days=1)})
    policies = Policies("torbay", (newest.model_copy(update={"copies": copies}), later))
    system = cast("System", SimpleNamespace(policies={"torbay": policies}))
    assert for_boards(system, made) == suppressed(made, 4)


@pytest.mark.parametrize(
    ("among", "of", "shown"), [(3, 40, "c"), (38, 40, "c"), (2, 4, "c"), (20, 40, "50"), (0, 40, "0"), (40, 40, "100")]
)
def test_a_share_with_a_small_part(among: int, of: int, shown: str) -> None:
    """A share is hidden where it is of few, where it counts few, and where few are left."""
    rows = (Row(title="r", cells=(share("s", among, of),)),)
    copy = suppressed(report(Table(key="t", title="t", columns=(Column(title="%"),), rows=rows)), THRESHOLD)
    assert printed(only(copy)) == [[shown]]


def test_a_mean_of_few() -> None:
    """Mean days of three audits are about three audits; an indicator of which nobody says of how many is not."""
    cells = (
        Figure(key="few", value=Decimal("2.5"), unit="days", of=3),
        Figure(key="many", value=Decimal("2.5"), unit="days", of=30),
        Figure(key="indicator", value=Decimal("2.5"), unit="days"),
        Figure(key="middle", value=Decimal(4), unit="days", behind=(Behind(about="audit/A", value=Decimal(4)),)),
    )
    made = Table(key="t", title="t", columns=(Column(title="d"),) * 4, rows=(Row(title="r", cells=cells),))
    assert [figure.mark for figure in suppressed(report(made), THRESHOLD).figures()] == ["c", None, None, "c"]


def test_shares_that_make_a_whole() -> None:
    """Of shares that make up a whole, two are hidden where one is small."""
    rows = tuple(Row(title=key, cells=(share(key, among, 60),)) for key, among in [("a", 4), ("b", 20), ("c", 36)])
    copy = suppressed(report(Table(key="t", title="t", columns=(Column(title="%"),), rows=rows)), THRESHOLD)
    assert printed(only(copy)) == [["c"], ["c"], ["60"]]


@pytest.mark.parametrize("by", ["key", "records"])
def test_the_same_number_in_another_table(by: str) -> None:
    """What had to be hidden in one table is hidden where it stands again, under its key or with the same records."""
    late = [f"audit/L{each}" for each in range(9)]
    first = Table(
        key="one",
        title="one",
        columns=(Column(title="in time"), Column(title="late"), Column(title="lost"), Column(title="all", total=True)),
        rows=(Row(title="r", cells=(count("a", 30), count("b", 9, late), count("c", 3), count("d", 42))),),
        adds_up=True,
    )
    again = count("b", 9) if by == "key" else count("e", 9, late)
    second = Table(key="two", title="two", columns=(Column(title="late"),), rows=(Row(title="r", cells=(again,)),))
    one, two = tables(suppressed(report(first, second), THRESHOLD))
    assert (printed(one), printed(two)) == ([["30", "c", "c", "42"]], [["c"]])


def test_totals_of_totals() -> None:
    """Subtotals and what they come to are sums as well, and none of them gives a number away."""
    columns = [Column(title="a"), Column(title="b"), Column(title="ab", total=True)]
    columns += [Column(title="c"), Column(title="d"), Column(title="cd", total=True), Column(title="all", total=True)]
    cells = tuple(count(f"k{at}", value) for at, value in enumerate([3, 9, 12, 20, 30, 50, 62]))
    made = Table(key="t", title="t", columns=tuple(columns), rows=(Row(title="r", cells=cells),), adds_up=True)
    assert printed(only(suppressed(report(made), THRESHOLD))) == [["c", "c", "12", "20", "30", "50", "62"]]


def test_sums_that_nobody_marked() -> None:
    """Totals that do add up are sums, whether the table says so or not."""
    made = table("t", [[3, 9, 20]], column_totals=False).model_copy(update={"adds_up": False})
    assert printed(only(suppressed(report(made), THRESHOLD))) == [["c", "c", "20", "32"]]


def test_what_is_hidden_is_gone() -> None:
    """Neither value nor counts nor records of a hidden figure are in the copy, and no record's name anywhere in it."""
    records = [f"audit/SECRET-{each}" for each in range(3)]
    rows = (
        Row(title="r", cells=(count("few", 3, records), Words(text="P-SECRET", names=True), Words(text="told"))),
        Row(title="AUDIT-SECRET", cells=(count("one", 30, records), Words(text="x"), Words(text="y")), names=True),
    )
    made = Table(key="t", title="Numbers", columns=(Column(title="a"),) * 3, rows=rows)
    made = made.model_copy(update={"note": "r: 3 of at least 6"})
    listing = Table(key="l", title="Audits", columns=(Column(title="a"),) * 3, rows=rows[1:])
    written = Narrative(key="n", title="n", role="qa_lead", text="Better.", written_by="P-SECRET", version=1)
    copy = suppressed(report(made, listing, written), THRESHOLD)
    assert "SECRET" not in copy.model_dump_json()
    table, note, narrative = copy.sections[0].blocks
    assert isinstance(table, Table)
    assert table.rows[0].cells == (Figure(key="few", mark="c"), Words(text=LEFT_OUT), Words(text="told"))
    assert table.note == ""
    assert isinstance(note, Note)
    assert note.text == "Audits: a list of single records, which is in the named copy alone."
    assert isinstance(narrative, Narrative)
    assert (narrative.text, narrative.role) == ("Better.", "qa_lead")


def test_it_says_which_copy_it_is() -> None:
    """A suppressed copy says so in a first note, with the threshold; suppressing it again changes nothing."""
    made = report(table("t", [[3, 9]]))
    copy = suppressed(made, THRESHOLD)
    assert (made.copy_, copy.copy_) == ("named", "suppressed")
    assert "suppressed copy: c stands for a number from 1 to 5" in copy.notes[0].text
    assert suppressed(copy, THRESHOLD) == copy


def test_a_share_of_what_several_columns_count() -> None:
    """What a share counts together is a sum as well: beside it one more of its columns is hidden, or the share."""
    cells = (count("a", 2), count("b", 9), count("c", 30), count("d", 41), share("s", 11, 41))
    columns = (*(Column(title=each) for each in "abc"), Column(title="all", total=True), Column(title="%"))
    made = Table(key="t", title="t", columns=columns, rows=(Row(title="r", cells=cells),), adds_up=True)
    assert printed(only(suppressed(report(made), THRESHOLD))) == [["c", "c", "30", "41", "27"]]


@pytest.mark.parametrize("hides", ["now", "before"])
def test_a_direction_beside_a_hidden_number(hides: str) -> None:
    """Which way a number went tells of both its ends: beside a hidden one nothing is said, beside shown ones it is."""
    few, many = ((3, 9) if hides == "now" else (9, 3)), (20, 30)
    rows = tuple(
        Row(
            title=name,
            cells=(
                count(f"{name}.now", now),
                count(f"{name}.before", before),
                Words(text="down", told_of=(f"{name}.now", f"{name}.before")),
                Words(text="England 7 (worse)", told_of=(f"{name}.now",), otherwise="England 7"),
            ),
        )
        for name, (now, before) in {"few": few, "many": many}.items()
    )
    heads = tuple(Column(title=each) for each in ("Value", "Previous", "Direction", "Compared with"))
    copy = suppressed(report(Table(key="t", title="t", columns=heads, rows=rows)), THRESHOLD)
    said = {row.title: [cell.text for cell in row.cells if isinstance(cell, Words)] for row in only(copy).rows}
    assert said == {
        "few": ["", "England 7" if hides == "now" else "England 7 (worse)"],
        "many": ["down", "England 7 (worse)"],
    }


def test_the_order_of_rows_tells_nothing_of_hidden_ones() -> None:
    """Between two sixes a hidden number would be six: of rows by size the hidden ones come last, by their names."""
    rows = [("six", 6), ("theme b", 6), ("theme a", 3), ("more", 9)]
    ordered = sorted(rows, key=lambda each: (-each[1], each[0]))
    cells = tuple(Row(title=title, cells=(count(title, value),)) for title, value in ordered)
    total = Row(title="All", cells=(count("all", 24),), total=True)
    made = Table(key="t", title="t", columns=(Column(title="n"),), rows=(*cells, total), adds_up=True, by_size=True)
    copy = only(suppressed(report(made), THRESHOLD))
    shown = [(row.title, *cells) for row, cells in zip(copy.rows, printed(copy), strict=True)]
    assert shown[-1] == ("All", "24")
    hidden = [title for title, mark in shown if mark == "c"]
    assert hidden == sorted(hidden)
    assert [title for title, _ in shown[:-1]][-len(hidden) :] == hidden
    assert [row.title for row in only(report(made)).rows][:2] == ["more", "six"]


def test_what_counts_cells_of_another_table() -> None:
    """The diagonal of a table is no row and no column of it; a number that counts it is a sum of it all the same."""
    alike, one, apart = ([f"audit/{kind}{at}" for at in range(many)] for kind, many in [("A", 20), ("B", 3), ("C", 9)])
    cells = [[count("a.a", 20, alike), count("a.b", 9, apart)], [count("b.a", 0), count("b.b", 3, one)]]
    crossed = Table(
        key="x",
        title="x",
        columns=(Column(title="a"), Column(title="b")),
        rows=tuple(Row(title=name, cells=tuple(row)) for name, row in zip("ab", cells, strict=True)),
    )
    behind = tuple(Behind(about=each, among=each not in apart) for each in (*alike, *one, *apart))
    agreed = Figure(key="s", value=Decimal(72), unit="per cent", among=23, of=32, behind=behind)
    mean = Figure(key="m", value=Decimal("0.28"), unit="coefficient", of=32, behind=behind)
    said = Table(key="y", title="y", columns=(Column(title="v"),) * 2, rows=(Row(title="r", cells=(agreed, mean)),))
    first, second = tables(suppressed(report(crossed, said), THRESHOLD))
    assert printed(first)[1] == ["0", "c"]
    hidden = [cell.mark for cell in second.rows[0].cells if isinstance(cell, Figure)]
    assert hidden[0] == "c" or "c" in printed(first)[0]
    assert hidden[1] == "c"


def test_what_was_set_and_is_open_tells_what_is_done() -> None:
    """Where two columns together count the records of a third, one more than the small one is hidden of the three."""
    done, still = [f"audit/D{each}" for each in range(2)], [f"audit/O{each}" for each in range(25)]
    cells = (count("set", 27, [*done, *still]), count("completed", 2, done), count("open", 25, still))
    columns = tuple(Column(title=each) for each in ("Set", "Completed", "Open"))
    made = Table(key="t", title="t", columns=columns, rows=(Row(title="r", cells=cells),))
    assert printed(only(suppressed(report(made), THRESHOLD))) == [["27", "c", "c"]]


def test_shares_by_team_beside_that_of_all() -> None:
    """A share that is hidden of one team is not what that of the other leaves of the share of all."""
    told = [("a", 2, 40), ("b", 30, 40), ("all", 32, 80)]
    rows = tuple(Row(title=key, cells=(share(key, among, of),), total=key == "all") for key, among, of in told)
    copy = suppressed(report(Table(key="t", title="t", columns=(Column(title="%"),), rows=rows)), THRESHOLD)
    assert printed(only(copy)) == [["c"], ["c"], ["40"]]
