"""What stands first in a report: read off its own figures, and hidden where they are."""

from decimal import Decimal

import pytest

from tests.reports.papers import MONTHLY
from tests.reports.tables import count, report, share
from workers.reports.glance import glance
from workers.reports.page import Block, Column, Figure, Narrative, Row, Table, Words
from workers.reports.rendering.html import as_html
from workers.reports.rendering.paper import of_report
from workers.reports.standards import missed, standard, together
from workers.reports.suppression import suppressed


def said(*blocks: Block) -> dict[str, list[str]]:
    groups = glance(report(*blocks).sections)
    return {each.title: [point.said for point in each.points] for each in groups}


def audits(returned: int, overdue: int, note: str = "") -> Table:
    heads = (Column(title="Returned"), Column(title="Overdue"))
    cells = (count("a.returned", returned), count("a.overdue", overdue))
    return Table(key="a", title="Audits", columns=heads, rows=(Row(title="All", cells=cells),), note=note)


def test_what_was_found_and_what_is_late() -> None:
    """The number of audits, what is overdue, and what falls short of the number that the framework asks for."""
    told = said(audits(12, 3, standard("Returned", 12, 20, None)))
    assert told == {
        "Found": ["Audits: 12 returned"],
        "Late, or short of what is asked": ["Audits: 3 overdue", "Audits: returned 12 of at least 20"],
    }


def test_nothing_that_matters() -> None:
    """Where nothing is late, short or changed, nothing is said of it."""
    assert list(said(audits(20, 0, standard("Returned", 20, 20, None)))) == ["Found"]
    assert said(audits(0, 0)) == {}


@pytest.mark.parametrize(
    ("reached", "least", "most", "short"),
    [(199, 200, 350, True), (200, 200, 350, False), (350, 200, 350, False), (351, 200, 350, True), (4, None, 3, True)],
)
def test_a_standard_is_read_as_it_was_written(
    reached: int, least: int | None, most: int | None, *, short: bool
) -> None:
    """A number is missed below the least and above the most, and told once among others in one note."""
    note = together([standard("other things", 5, 1, None), standard("children looked at", reached, least, most)])
    assert [what for what, _ in missed(note)] == (["children looked at"] if short else [])


def trend(way: str, *shares: tuple[int, int]) -> Table:
    rows = [
        Row(title=f"m{at}", cells=(count(f"t.{at}", of), share(f"t.{at}.good", among, of)))
        for at, (among, of) in enumerate(shares)
    ]
    moved = Row(title="Direction", cells=(Words(text="up"), Words(text=way)))
    heads = (Column(title="All"), Column(title="Good"))
    return Table(key="t", title="Over the months", columns=heads, rows=(*rows, moved))


def entries(title: str, *counts: int) -> Table:
    heads = tuple(Column(title=each) for each in ("Entries", "Children looked at"))
    cells = tuple(count(f"{title}.{at}", each) for at, each in enumerate(counts))
    return Table(key=title, title=title, columns=heads, rows=(Row(title="All", cells=cells),))


def test_how_much_there_was() -> None:
    """Where nothing that matters more was found, how much there was; beside it, that goes without saying."""
    seen = (entries("Reviews", 3, 4), entries("Visits", 0, 0))
    assert said(*seen) == {"Found": ["Reviews: 3 entries, 4 children looked at"]}
    assert said(entries("Cases", 1, 1)) == {"Found": ["Cases: 1 entry, 1 child looked at"]}
    assert said(*seen, audits(12, 0)) == {"Found": ["Audits: 12 returned"]}


def test_what_changed() -> None:
    """The share, now and before, with its direction in words; not the counts beside it, and not what stayed."""
    told = said(trend("worse (down)", (15, 20), (10, 20)))
    assert told == {"Changed": ["Over the months: Good 50% (10 of 20), before 75% (15 of 20): worse (down)"]}
    assert said(trend("same", (10, 20), (10, 20))) == {}


def test_the_worse_comes_first() -> None:
    """Of indicators that moved, those that became worse are told before the others."""
    heads = tuple(Column(title=each) for each in ("Value", "Previous", "Direction"))

    def row(title: str, now: int, before: int, way: str) -> Row:
        return Row(title=title, cells=(count(f"{title}.n", now), count(f"{title}.b", before), Words(text=way)))

    rows = (row("Visits", 9, 8, "better (up)"), row("Plans", 3, 3, "same"), row("Checks", 2, 6, "worse (down)"))
    told = said(Table(key="i", title="Indicators", columns=heads, rows=rows))
    assert told == {"Changed": ["Checks 2, before 6: worse (down)", "Visits 9, before 8: better (up)"]}


def test_texts_still_to_be_written() -> None:
    """What each role has still to write, in one line for each."""
    texts = [Narrative(key=each, title=each, role="Head of Service") for each in ("Plans", "Visits")]
    assert said(*texts) == {"Still to be written": ["Head of Service: Plans; Visits"]}
    assert said(texts[0].model_copy(update={"text": "All is well."})) == {}


def test_what_is_hidden_stays_hidden() -> None:
    """In a copy for boards a number that the table hides is hidden here; every number told stands in a table."""
    hidden = suppressed(report(audits(40, 3)), 5)
    (late,) = [each for each in of_report(hidden).glance if each.title.startswith("Late")]
    assert [each.said for each in late.points] == ["Audits: c overdue"]
    assert "3 overdue" not in as_html(of_report(hidden))


def test_it_stands_on_the_first_page() -> None:
    """Before every section, with a link to the one that it is of."""
    text = as_html(of_report(MONTHLY))
    first, _, rest = text.partition('id="s-grades"')
    assert "At a glance" in first
    assert 'href="#s-grades"' in first
    assert "At a glance" not in rest


def test_shares_of_few() -> None:
    """A share of fewer than ten is told by its counts: a percentage of them says more than they do."""
    one = trend("better (up)", (1, 2), (2, 2))
    assert said(one) == {"Changed": ["Over the months: Good 2 of 2, before 1 of 2: better (up)"]}
    assert isinstance(one.rows[0].cells[1], Figure)
    assert one.rows[0].cells[1].value == Decimal(50)
