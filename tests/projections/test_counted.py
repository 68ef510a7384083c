"""What several periods ask of one shelf is what each alone asks of the database, over random histories."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from projections.counted import Counted, Shelf, Span, alive_in, counted
from projections.generations import reading
from projections.store import open_store
from projections.timeline import ENTRIES, SHAPE
from tests.desks import SHIPPED
from tests.projections.views import kept
from tests.random_entries import random_entries
from tests.random_lives import random_lines
from tests.reports.made import History

FIRSTS = [date(2026, month, 1) for month in (6, 1, 2, 3, 5, 4)]
"""The first asks for less than the others do, and they ask in no order."""


@pytest.mark.parametrize("authority", sorted(SHIPPED))
@pytest.mark.parametrize("known", [None, datetime(2026, 4, 10, tzinfo=UTC)])
def test_a_period_reads_the_same_with_others_as_alone(authority: str, known: datetime | None) -> None:
    """The shelf neither leaves out what is alive in a period nor adds what is not, nor asks the database again.

    The end of every other record was written down two months late.
    """
    told = History(authority, *random_lines(5, authority, 12), *random_entries(5, authority)).events
    last = {each.originator_id: each.position for each in told}
    late = {each: timedelta(days=60 * (number % 2)) for number, each in enumerate(last)}
    events = [
        replace(each, envelope=replace(each.envelope, recorded=each.envelope.occurred + by))
        for each in told
        for by in [late[each.originator_id] if each.position == last[each.originator_id] else timedelta()]
    ]
    engine = kept(open_store("sqlite://"), "timeline", events)
    spans = [_month(first, known) for first in FIRSTS]
    with reading(SHAPE, engine) as (db, tables):
        entries, shelf = tables[ENTRIES], Shelf()
        alone = [counted(db, entries, authority, span, Shelf()) for span in spans]
        counted(db, entries, authority, Span(min(FIRSTS), spans[0].last, spans[0].until, known), shelf)
        held = set(shelf.records)
        for span in spans:
            asked = set(db.execute(alive_in(entries, authority, span)).scalars())
            assert {about for about, each in shelf.records.items() if each.alive(span)} == asked
        together = [counted(db, entries, authority, span, shelf) for span in spans]
    assert together == alone
    assert held == set(shelf.records)
    assert any(len(each.audits) != len(together[0].audits) for each in together) or known is not None


def _month(first: date, known: datetime | None) -> Span:
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Span(first, last, datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1), known)


def _abouts(found: Counted) -> set[str]:
    return {each.about for each in found.audits} | {each.about for each in found.entries}


def test_what_ended_before_a_period_counts_for_an_earlier_one_alone() -> None:
    """A record that is on the shelf for a longer time is left out of a period that begins after its end."""
    history = History("torbay", *random_lines(5, "torbay", 12))
    with reading(SHAPE, history.engine()) as (db, tables):
        shelf = Shelf()
        counted(
            db, tables[ENTRIES], "torbay", Span(FIRSTS[1], date(2027, 6, 30), datetime(2027, 7, 1, tzinfo=UTC)), shelf
        )
        late = Span(date(2027, 6, 1), date(2027, 6, 30), datetime(2027, 7, 1, tzinfo=UTC))
        together, alone = (_abouts(counted(db, tables[ENTRIES], "torbay", late, each)) for each in (shelf, Shelf()))
    assert together == alone
    assert together < set(shelf.records)
