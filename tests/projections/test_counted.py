"""What several periods ask of one shelf is what each alone asks of the database, over random histories."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from events.audits import AuditModerated
from events.dates import local_date
from events.findings import SectionGraded
from projections.counted import Counted, alive_in, counted, graded
from projections.counted_records import Mark, sections_of
from projections.counted_shelf import Shelf, Span
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
        held, told_before = set(shelf.records), Shelf(asked_from=min(FIRSTS))
        counted(db, entries, authority, spans[0], told_before)
        assert set(told_before.records) == held
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


def test_what_stands_as_it_stood_is_folded_once() -> None:
    """Of a record to which nothing happened since, a later period is given what an earlier one was."""
    history = History("torbay", *random_lines(5, "torbay", 12))
    with reading(SHAPE, history.engine()) as (db, tables):
        shelf, spans = Shelf(), [_month(first, None) for first in FIRSTS]
        found = [counted(db, tables[ENTRIES], "torbay", span, shelf).audits for span in spans]
    ever = {(each.about, len(each.facts)): each for audits in found for each in audits}
    assert all(each is ever[each.about, len(each.facts)] for audits in found for each in audits)
    assert len(ever) < sum(map(len, found))


@pytest.mark.parametrize("by_auditor", [True, False])
def test_the_grades_of_sections_are_those_that_a_period_alone_reads(*, by_auditor: bool) -> None:
    """Whichever period asks first: what was graded or moderated later is in no earlier one, and the rest is in each."""
    history = History("torbay", *random_lines(5, "torbay", 12))
    spans = [_month(first, None) for first in FIRSTS]
    with reading(SHAPE, history.engine()) as (db, tables):
        entries = tables[ENTRIES]

        def sections(span: Span, shelf: Shelf) -> dict[str, object]:
            audits = counted(db, entries, "torbay", span, shelf).audits
            told = {each.about: graded(db, entries, "torbay", span, shelf, each) for each in audits}
            return {each.about: sections_of(told[each.about], each, by_auditor=by_auditor) for each in audits}

        alone, shelf = [sections(span, Shelf()) for span in spans], Shelf()
        together = [sections(span, shelf) for span in spans]
        moderated = [
            sections_of_then(history, about, span, by_auditor=by_auditor) == held
            for span, audits in zip(spans, alone, strict=True)
            for about, held in audits.items()
        ]
    assert together == alone
    assert moderated
    assert all(moderated)


def sections_of_then(history: History, about: str, span: Span, *, by_auditor: bool) -> dict[str, tuple[str, Mark]]:
    """The same, said of the whole history: the last event that graded a section before the end of the span."""
    found: dict[str, tuple[str, Mark]] = {}
    for each in history.events:
        fact, mark = each.fact, Mark(local_date(each.envelope.occurred), each.position or 0)
        if each.originator_id != about or each.envelope.occurred >= span.until:
            continue
        if isinstance(fact, SectionGraded) and fact.grader == "auditor":
            found[fact.section] = (fact.grade, mark)
        elif isinstance(fact, AuditModerated) and not by_auditor:
            found |= {section: (grade, mark) for section, grade in fact.sections.items()}
    return found
