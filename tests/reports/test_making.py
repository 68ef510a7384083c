"""A report is made of the views alone; each figure can be counted again from what stands behind it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from events.audits import AuditSubmitted
from events.errors import NotFound, Refused
from projections.counted import counted
from projections.counted_shelf import Shelf, Span
from projections.generations import reading
from projections.store import open_store
from projections.timeline import ENTRIES, SHAPE
from services.policy.blocks.audits import Audits
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.lives import QA, Life
from tests.projections.views import kept
from tests.random_entries import random_entries
from tests.random_lives import random_lines
from tests.reports.made import LATER, History, made
from workers.reports.blocks import makers
from workers.reports.making import question
from workers.reports.page import AsAt, Block, Cited, Figure, Report, Table, Unmade
from workers.reports.suppression import suppressed
from workers.reports.tracing import figure_called, trace

COUNCILS = sorted(SHIPPED)
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-05")


@pytest.fixture(scope="module")
def torbay() -> History:
    return History("torbay", *random_lines(11, "torbay", 12))


def to_one_place(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def recounted(figure: Figure) -> Decimal | None:
    """The value that follows from what stands behind a figure, and from nothing else."""
    values = [each.value for each in figure.behind]
    if figure.unit == "per cent" and figure.of is not None:
        among = sum(each.among for each in figure.behind)
        assert (figure.among, figure.of) == (among, len(figure.behind))
        return to_one_place(Decimal(among * 100) / len(values)) if values else None
    if figure.unit == "count" and all(each is None for each in values):
        return Decimal(len(values))
    held = [each for each in values if each is not None]
    if figure.unit == "days":
        return to_one_place(Decimal(median(held))) if held else None
    return sum(held, Decimal()) if held else None


@pytest.mark.parametrize("authority", COUNCILS)
def test_every_figure_can_be_counted_again(authority: str) -> None:
    """Of every report of every framework, over a random history: what stands behind a figure gives its value."""
    history = History(authority, *random_lines(7, authority, 10), *random_entries(7, authority))
    engine, events = history.engine(), {each.position: each for each in history.events}
    policy = SHIPPED[authority].newest
    for report in policy.reports:
        for period in periods_of(report.every):
            page = made(engine, authority, report.name, period)
            keys = [each.key for each in page.opening()]
            assert len(set(keys)) == len(keys), f"{report.name} {period}: a key stands twice"
            for figure in page.figures():
                assert figure.value is None or recounted(figure) == figure.value, f"{report.name} {figure.key}"
            assert not [each for section in page.sections for each in section.blocks if isinstance(each, Unmade)]
            for cell in page.opening():
                for behind in cell.behind:
                    assert behind.positions, cell.key
                    assert all(events[each].originator_id == behind.about for each in behind.positions), cell.key
            assert all(cell.behind for cell in page.opening() if isinstance(cell, Cited)), report.name


def answers_in(page: Report) -> Iterator[tuple[Figure, Figure]]:
    """How often each answer was given, with its share: of entries, or of the children that an entry looks at."""
    for table in (block for section in page.sections for block in section.blocks if isinstance(block, Table)):
        if [each.title for each in table.columns] == ["Times", "Share"]:
            for times, of_them in (row.cells for row in table.rows):
                assert isinstance(times, Figure)
                assert isinstance(of_them, Figure)
                yield times, of_them


def test_a_share_of_answers_is_of_whom_they_are_about() -> None:
    """An entry that looks at three children has three answers, and each is one of three."""
    history = History("halton", *random_entries(7, "halton", 3))
    answers = list(answers_in(history.report("quality_assurance", "2026-02").report))
    assert max(times.value or 0 for times, _ in answers) > 1
    assert all(times.value == of_them.among for times, of_them in answers)


def periods_of(every: str | None) -> tuple[str, ...]:
    lengths: dict[str | None, tuple[str, ...]] = {
        "month": MONTHS,
        "quarter": ("2025-Q4", "2026-Q1"),
        "half year": ("2025-H2",),
        "year": ("2025",),
    }
    lengths |= {"two months": ("2026-02",), "calendar year": ("2026",), None: ("2026-Q1",)}
    return lengths[every]


def test_an_audit_is_counted_in_the_month_of_its_return(torbay: History) -> None:
    """What was returned in a month is what history says of that month, and the same afterwards."""
    returned = {
        each.originator_id
        for each in torbay.events
        if isinstance(each.fact, AuditSubmitted) and each.envelope.occurred.strftime("%Y-%m") == "2026-02"
    }
    voided = {each.originator_id for each in torbay.events if each.fact.stored_name.startswith("audit.voided")}
    in_march = torbay.report("audit_highlight", "2026-02", now=datetime(2026, 3, 4, tzinfo=UTC))
    later = torbay.report("audit_highlight", "2026-02")
    figure = in_march.cell("audits", "All", "Returned")
    assert {each.about for each in figure.behind} >= returned - voided
    assert later.report.sections == in_march.report.sections


def test_grades_in_all_are_those_of_everybody(torbay: History) -> None:
    """The one row of a distribution that is not set out by anything holds every grade that was given."""
    page = torbay.report("key_indicators", "2025")
    assert page.value("audits", "All", "All", block=1) == page.value("audits", "All", "Returned") != 0


def test_without_audits() -> None:
    """An authority that has done nothing yet has noughts, and no share of nothing."""
    empty = History("torbay").report("audit_highlight", "2026-02")
    assert empty.value("audits", "All", "Returned") == 0
    assert empty.value("grades", "By the auditor", "Good") is None


def test_a_month_that_has_not_ended(torbay: History) -> None:
    """Says so, with the day as of which it speaks; a month that has not begun is refused."""
    page = torbay.report("audit_highlight", "2026-02", now=datetime(2026, 2, 10, 12, tzinfo=UTC)).report
    assert [each.text for each in page.notes] == [
        "This period has not ended: it lasts until 28 Feb 2026, and the figures are of 10 Feb 2026."
    ]
    assert torbay.report("audit_highlight", "2026-02").report.notes == ()
    with pytest.raises(Refused, match="has not begun"):
        torbay.report("audit_highlight", "2026-03", now=datetime(2026, 2, 10, 12, tzinfo=UTC))


def test_up_to_which_event(torbay: History) -> None:
    """A report says up to which position it speaks."""
    assert torbay.report("audit_highlight", "2026-02").report.position == len(torbay.events)


def test_slips_of_the_question(torbay: History) -> None:
    """A report, a period, a unit or a figure that there is not is named with what there is."""
    with pytest.raises(NotFound, match="known: audit_highlight"):
        torbay.report("audit_hihglight", "2026-02")
    with pytest.raises(Refused, match="2026-Q1 is not the name of a month"):
        torbay.report("audit_highlight", "2026-Q1")
    with pytest.raises(Refused, match="T-99 is no team or service"):
        torbay.report("audit_highlight", "2026-02", unit="T-99")
    with pytest.raises(NotFound, match=r"did you mean audits.1.all.returned"):
        figure_called(torbay.report("audit_highlight", "2026-02").report, "audits.1.all.retuned")


def test_what_stands_behind_a_figure(torbay: History) -> None:
    """Each audit behind a number, with the events that say so as sentences."""
    page = torbay.report("audit_highlight", "2026-02").report
    figure = figure_called(page, "audits.1.all.returned")
    found = trace(torbay.engine(), "torbay", figure)
    assert isinstance(figure, Figure)
    assert len(found) == figure.value
    assert all("returned the audit" in each.events[0].sentence for each in found)


def test_as_it_was_known(torbay: History) -> None:
    """By what had happened, or was recorded, up to a day: an earlier day counts no more than a later one."""
    first, last = (
        torbay.report("audit_highlight", "2026-02", as_at=AsAt(happened_by=day)).value("audits", "All", "Returned") or 0
        for day in (date(2026, 2, 9), date(2026, 2, 28))
    )
    assert 0 < first < last
    unknown = torbay.report("audit_highlight", "2026-02", as_at=AsAt(known_by=date(2026, 2, 28)))
    assert unknown.value("audits", "All", "Returned") == 0  # history that was imported long after


def test_a_report_that_was_renamed_is_found_under_the_name_that_it_had() -> None:
    """By the version in force on the last day of its period; under the other name it is none of that time."""
    old = SHIPPED["torbay"].newest
    (report, *others) = old.reports
    new = old.model_copy(
        update={
            "version": "renamed",
            "effective_from": date(2026, 4, 1),
            "reports": (report.model_copy(update={"name": "renamed"}), *others),
        }
    )
    held = Policies("torbay", (old, new))
    assert question(held, report.name, "2026-03", LATER)[0] is old
    assert question(held, "renamed", "2026-04", LATER)[0] is new
    for name, period in ((report.name, "2026-04"), ("renamed", "2026-03")):
        with pytest.raises(NotFound, match="in force on"):
            question(held, name, period, LATER)


def test_what_was_closed_later_in_the_recording_is_open_as_it_was_known() -> None:
    """An audit that was closed in February, which was written down in May, was open for all that March knew."""
    life = Life("torbay", "A-1").allocated("2026-01-12T10:00").submitted("2026-01-30T10:00")
    life.to_moderator("2026-02-02T10:00").moderated("2026-02-04T10:00")
    history = History("torbay", *life.closed("2026-02-10T10:00", reason="nothing is left to do"))
    assert history.refused == []
    events = [
        replace(each, envelope=replace(each.envelope, recorded=recorded))
        for each in history.events
        for closed in [each.fact.stored_name.startswith("audit.closed")]
        for recorded in [datetime(2026, 5, 4, tzinfo=UTC) if closed else each.envelope.occurred]
    ]
    engine = kept(open_store("sqlite://"), "timeline", events)
    with reading(SHAPE, engine) as (db, tables):
        for known, alive in ((datetime(2026, 4, 1, tzinfo=UTC), {"A-1"}), (None, set())):
            span = Span(date(2026, 3, 1), date(2026, 3, 31), datetime(2026, 4, 1, tzinfo=UTC), known)
            found = counted(db, tables[ENTRIES], "torbay", span, Shelf()).audits
            assert {each.about.partition("/")[2] for each in found} == alive


def test_a_team_that_is_called_like_a_total_has_figures_of_its_own() -> None:
    """Teams may be called `all`, or as another but for capitals: each figure is still opened by its own key."""
    place = {"command": "unit.place", "authority": "torbay", **QA, "at": "2025-09-10", "kind": "team", "parent": "S-1"}
    lives = (
        Life("torbay", f"A-{unit}", child=f"C-{unit}")
        .allocated("2026-02-02T10:00", team=unit)
        .submitted("2026-02-12T10:00")
        for unit in ("all", "t-1")
    )
    history = History(
        "torbay", place | {"unit": "all"}, place | {"unit": "t-1"}, *(each for life in lives for each in life)
    )
    assert history.refused == []
    page = history.report("self_assessment", "2025-H2").report
    keys = [each.key for each in page.figures()]
    assert len(set(keys)) == len(keys) > len({each.partition("~")[0] for each in keys})
    assert all(figure_called(page, each.key) is each for each in page.figures())


def test_a_report_with_trends_reads_once(torbay: History) -> None:
    """What a report and the earlier periods of its trends count is found by one question to the database."""
    engine, asked = torbay.engine(), list[str]()
    event.listen(engine, "before_cursor_execute", lambda _, __, statement, *___: asked.append(statement))
    report = made(engine, "torbay", "audit_highlight", "2026-03")
    assert any(isinstance(each, Table) and each.chart for section in report.sections for each in section.blocks)
    assert len([each for each in asked if "UNION" in each]) == 1


def test_one_block_that_fails_leaves_the_rest(torbay: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so in its place, without what the error said, which may name somebody; every other part is as it was."""

    def fails(*_: object) -> tuple[Block, ...]:
        raise KeyError("C-4711")

    whole = torbay.report("audit_highlight", "2026-02").report
    monkeypatch.setitem(makers(), Audits, fails)  # type: ignore[misc]  # a maker by its kind of block
    engine = torbay.engine()
    with capture_logs() as logs:
        lacking = made(engine, "torbay", "audit_highlight", "2026-02")
    lost = [each for section in lacking.sections for each in section.blocks if isinstance(each, Unmade)]
    assert lost
    assert all("could not be made: KeyError" in each.text and "C-4711" not in each.text for each in lost)
    assert {each["error"] for each in logs if each["event"] == "block not made"} == {"KeyError"}
    assert "cannot be issued" in lacking.notes[-1].text
    pairs = [
        (one, other)
        for section, again in zip(whole.sections, lacking.sections, strict=True)
        if not any(isinstance(each, Unmade) for each in again.blocks)
        for one, other in zip(section.blocks, again.blocks, strict=True)
    ]
    assert pairs
    assert all(one == other for one, other in pairs)
    board = suppressed(lacking, 5)
    assert [each for section in board.sections for each in section.blocks if isinstance(each, Unmade)] == lost
