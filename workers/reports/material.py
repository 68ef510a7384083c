"""What the blocks of a report are made of: the records of a time as they stood, and the directory, of one position."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, Table

from events.errors import Refused
from projections.counted import Counted, counted, graded
from projections.counted_records import CountedAudit, CountedEntry, Mark, sections_of
from projections.counted_shelf import Shelf, Span
from projections.happened import events_about
from services.clock import at_local, local_date
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.obligations.periods import Period, period_of
from services.policy.model import Policy
from services.policy.reports import Report
from services.policy.tasks import Every
from workers.reports.page import AsAt

NEXT_DAY = timedelta(days=1)
NOW = AsAt()
"""As it is now: all that happened in the period, by all that is known."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which report is asked for: of which period, about which unit, as it stood when. `now` is handed in."""

    report: Report
    period: Period
    now: datetime
    unit: str | None = None
    as_at: AsAt = NOW
    every: Every = "month"

    @property
    def until(self) -> datetime:
        """The instant before which what happened counts: the end of the period, or of the day that was asked for."""
        asked = at_local((self.as_at.happened_by or self.period.last) + NEXT_DAY, time(0, 0))
        return min(asked, self.now + datetime.resolution)

    @property
    def known(self) -> datetime | None:
        """The instant before which what was recorded counts; None where all of it does."""
        return None if self.as_at.known_by is None else at_local(self.as_at.known_by + NEXT_DAY, time(0, 0))

    @property
    def span(self) -> Span:
        """The days that are asked about, and what counts for them."""
        return Span(self.period.first, self.period.last, self.until, self.known)

    @property
    def day(self) -> date:
        """The day as of which it is judged what is late: the last one that counts."""
        return local_date(self.until - datetime.resolution)

    def before(self, periods: int, every: Every, year_start: int) -> "Question":
        """The same question of so many periods of that length earlier, as it stood at the end of that one.

        Of periods of another length than the report's own, the last one is that of the report's last day.
        """
        if not periods and every == self.every:
            return self
        period = self.period if every == self.every else period_of(every, self.period.last, year_start)
        for _ in range(periods):
            period = period_of(every, period.first - NEXT_DAY, year_start)
        as_at = self.as_at if not periods else AsAt(known_by=self.as_at.known_by)
        return replace(self, period=period, every=every, as_at=as_at)


@dataclass
class Material:
    """What one report is made of, read when it is asked for, and once."""

    db: Connection
    timeline: Table
    authority: str
    policy: Policy
    asked: Question
    _held: dict[tuple[Period, datetime], Counted] = field(default_factory=dict)
    _shelf: Shelf = field(default_factory=Shelf)
    _directories: dict[datetime | None, Directory] = field(default_factory=dict)

    @property
    def directory(self) -> Directory:
        """Who was where, by all that was known."""
        known = self.asked.known
        if known not in self._directories:
            held = events_about(self.db, self.authority, [DIRECTORY])
            self._directories[known] = fold_directory(
                each for each in held if known is None or each.envelope.recorded < known
            )
        return self._directories[known]

    def of(self, asked: Question) -> Counted:
        """The records of the period of a question, as they stood for it: of its unit alone, if it is about one."""
        place = (asked.period, asked.until)
        if place not in self._held:
            found = counted(self.db, self.timeline, self.authority, asked.span, self._shelf)
            self._held[place] = found if asked.unit is None else self._within(found, asked)
        return self._held[place]

    def sections(
        self, audit: CountedAudit, asked: Question, *, by_auditor: bool = False
    ) -> Mapping[str, tuple[str, Mark]]:
        """The grade of each section of an audit of that question, as it stood for it or before moderation."""
        told = graded(self.db, self.timeline, self.authority, asked.span, self._shelf, audit)
        return sections_of(told, audit, by_auditor=by_auditor)

    def before(self, periods: int, every: Every | None = None) -> Question:
        """The question of so many periods earlier: of the report's own length, or of another."""
        return self.asked.before(periods, every or self.asked.every, self.policy.calendar.year_start)

    def asked_from(self, first: date) -> None:
        """Say that records from this day on will be asked for: the first that asks reads all of them."""
        self._shelf.asked_from = min(self._shelf.asked_from, first)

    def service_of(self, team: str | None, asked: Question) -> str | None:
        """The service that the team belonged to at the end."""
        return self.directory.unit_of_kind(team, "service", asked.until)

    def require_unit(self, unit: str) -> None:
        """Refused for what is neither a team nor a service of the directory."""
        if self.directory.kind_of(unit, self.asked.until) is None:
            raise Refused("unit", f"{unit} is no team or service of {self.authority} at that time")

    def _within(self, found: Counted, asked: Question) -> Counted:
        unit = asked.unit or ""
        kind = self.directory.kind_of(unit, asked.until) or "team"

        def belongs(*units: str | None) -> bool:
            return any(self.directory.unit_of_kind(each, kind, asked.until) == unit or each == unit for each in units)

        return Counted(
            tuple(each for each in found.audits if belongs(each.fact.team)),
            tuple(each for each in found.entries if belongs(*_places(each))),
        )


def taken_back(audit: CountedAudit) -> bool:
    """Whether it was voided or exempted: it then counts nowhere but among those."""
    return audit.stage in {"voided", "exempted"}


def titles(policy: Policy) -> Mapping[str, str]:
    """The roles in the framework's own words."""
    return {name: role.title for name, role in policy.roles.items()}


def _places(entry: CountedEntry) -> tuple[str | None, str | None]:
    return entry.fact.team, entry.fact.service
