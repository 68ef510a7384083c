"""What the tests of reports share: a history, the timeline that is kept of it, and the reports made from that."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from events.errors import SightlineError
from events.recorded import Recorded
from projections.store import open_store
from services.obligations.report_dates import report_due
from services.rehearsal import MemoryStore
from tests.desks import SHIPPED, TestDesk
from tests.lives import Line, people
from tests.projections.views import kept
from workers.reports.making import make, question
from workers.reports.page import Figure, Narrative, Report, Table, Unmade

LATER = datetime(2027, 12, 31, 12, 0, tzinfo=UTC)


class History:
    """A council's desk, and the reports of what was done at it."""

    def __init__(self, authority: str, *lines: Line) -> None:
        self.authority = authority
        self.desk = TestDesk(authority)
        self.refused = [refusal for line in (*people(authority), *lines) if (refusal := self.give(line))]

    def give(self, line: Line) -> str:
        """Do what the line says; the reason where it is refused."""
        try:
            self.desk.do(line)
        except SightlineError as error:
            return str(error)
        return ""

    @property
    def events(self) -> Sequence[Recorded]:
        assert isinstance(self.desk.store, MemoryStore)
        held = (each for stream in self.desk.store.streams.values() for each in stream)
        return sorted(held, key=lambda each: each.position or 0)

    def engine(self) -> Engine:
        return kept(open_store("sqlite://"), "timeline", self.events)

    def report(self, name: str, period: str, *, now: datetime = LATER, **how: Any) -> "Made":
        report = made(self.engine(), self.authority, name, period, now=now, **how)
        assert not [each for section in report.sections for each in section.blocks if isinstance(each, Unmade)]
        return Made(report)


class Made:
    """A report as a test reads it: by the titles that a reader sees."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def cell(self, section: str, row: str, column: str, *, block: int = 0) -> Figure:
        """The figure of a section's table, by the titles of its row and its column."""
        table = self.table(section, block=block)
        number = [each.title for each in table.columns].index(column)
        (found,) = [each.cells[number] for each in table.rows if each.title == row]
        assert isinstance(found, Figure)
        return found

    def value(self, section: str, row: str, column: str, *, block: int = 0) -> Decimal | None:
        return self.cell(section, row, column, block=block).value

    def table(self, section: str, *, block: int = 0) -> Table:
        found = [each for each in self.section(section).blocks if isinstance(each, Table)]
        return found[block]

    def section(self, name: str) -> Any:
        (found,) = [each for each in self.report.sections if each.key == name]
        return found

    def words(self, section: str) -> list[list[str]]:
        """The cells of a section's tables that are words or figures, row by row, as text."""
        return [
            [row.title, *(str(getattr(cell, "text", None) or getattr(cell, "value", "")) for cell in row.cells)]
            for block in self.section(section).blocks
            if isinstance(block, Table)
            for row in block.rows
        ]

    def texts(self) -> dict[str, str]:
        """The narratives that the report asks for: the role that writes each, by its key."""
        blocks = (block for section in self.report.sections for block in section.blocks)
        return {each.key: each.role for each in blocks if isinstance(each, Narrative)}


def made(engine: Engine, authority: str, name: str, period: str, *, now: datetime = LATER, **how: Any) -> Report:
    policy, asked = question(SHIPPED[authority], name, period, now, **how)
    return make(engine, authority, policy, asked)


def figures(reports: Iterable[Report]) -> list[Figure]:
    return [figure for report in reports for figure in report.figures()]


def due_on(authority: str, name: str, period: str) -> date | None:
    """The day by which the report of a period is due; None for one on request."""
    policy, asked = question(SHIPPED[authority], name, period, LATER)
    return report_due(policy, asked.report, asked.period)
