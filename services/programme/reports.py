"""The reports that a framework asks for, owed like its tasks: worked out from the policy's report itself on asking.

A report of a period is due so long after its last day as the policy says, and met once it was issued after that day.
Where it has a ladder, the end of the period is recorded, and the ladder hangs on that as on any other event.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from events.errors import Refused
from events.recorded import Recorded
from events.reports import OfReport, ReportOwed
from services.clock import at_local, local_date
from services.core.own_events import own_envelope
from services.directory.state import Directory, Post
from services.obligations.engine import obligations
from services.obligations.moments import MIDNIGHT
from services.obligations.periods import Period, key_of, period_called, periods
from services.obligations.report_dates import report_aggregate, report_due
from services.policy.model import Policy
from services.policy.reports import Report
from services.policy.versions import Policies
from services.programme.activities import Activities
from services.programme.owed import Asked, State, TaskRow
from services.programme.rows import end_of

LONGEST_AFTER = timedelta(days=800)
"""How long before the window a period may have ended whose report falls due in it."""


@dataclass(frozen=True, slots=True)
class OwedReport:
    """One report of one period that is owed, of one unit where there is one of each, by the policy of its last day."""

    policy: Policy
    report: Report
    period: Period
    unit: str | None
    due: date

    @property
    def key(self) -> str:
        """What the period is called."""
        return key_of(self.report.every or "year", self.period.first, self.policy.calendar.year_start)

    @property
    def record(self) -> str:
        """The record of the report."""
        return report_aggregate(self.report.name, self.key, self.unit)

    def begun(self, authority: str, version: int, recorded: datetime | None = None) -> Recorded:
        """The event that its period is over, as the one of that version on its record.

        It is the same in every process and at every attempt, but for when it was `recorded`.
        """
        ended = at_local(self.period.last + timedelta(days=1), MIDNIGHT)
        name = hashlib.sha256(f"owed|{self.record}".encode()).hexdigest()[:32]
        return Recorded(
            self.record,
            version,
            ReportOwed(
                report=self.report.name,
                period=self.key,
                unit=self.unit,
                first=self.period.first,
                last=self.period.last,
                due=self.due,
            ),
            own_envelope(
                name,
                about=self.record,
                authority=authority,
                policy=self.policy,
                now=recorded or ended,
                occurred=ended,
            ).numbered(0),
        )


def owed_reports(
    policies: Policies, directory: Directory, began: date | None, first: date, last: date
) -> Iterator[OwedReport]:
    """Every report of a period that ends between these days, of each unit where there is one of each.

    Each is judged by the policy in force on the last day of its period, by which it is also made; so a report that is
    called otherwise from the middle of a period on is owed once, by its new name. A period that was over before the
    authority's record begins owes nothing.
    """
    for policy in policies.versions:
        for report in policy.reports:
            for period in periods(report.every, first, last, policy.calendar.year_start) if report.every else ():
                if policies.in_force(period.last) is not policy or (began is not None and period.last < began):
                    continue
                due = report_due(policy, report, period) or period.last
                for unit in _units(report, period, directory):
                    yield OwedReport(policy, report, period, unit, due)


def report_rows(policies: Policies, directory: Directory, activities: Activities, asked: Asked) -> list[TaskRow]:
    """Every report that falls due in the window, by whom, and whether it was issued."""
    found = owed_reports(policies, directory, activities.began, asked.first - LONGEST_AFTER, asked.last)
    return [_row(each, directory, activities, asked.today) for each in found if asked.first <= each.due <= asked.last]


def to_begin(policies: Policies, directory: Directory, began: date, today: date) -> Iterator[OwedReport]:
    """The reports with a ladder whose period is over, and of whose ladder a step, or their last day, is still to come.

    Of one whose last step has passed nobody is told any more.
    """
    for each in owed_reports(policies, directory, began, today - LONGEST_AFTER, today - timedelta(days=1)):
        if each.report.ladder and max(each.due, _last_step(each, policies)) >= today:
            yield each


def begun_in(history: Sequence[Recorded]) -> bool:
    """Whether the record of a report tells that its period is over."""
    return any(isinstance(each.fact, ReportOwed) for each in history)


def with_its_end(history: Sequence[Recorded], policies: Policies, now: datetime) -> tuple[Recorded, ...]:
    """The history of a report with the end of its period, whether it was recorded or, without a ladder, was not.

    Any other history, and that of a report on request or of a period that is not over, stays as it is.
    """
    fact = next((each.fact for each in history if isinstance(each.fact, OfReport)), None)
    if fact is None or begun_in(history):
        return tuple(history)
    for policy in policies.versions:
        for report in (each for each in policy.reports if each.name == fact.report and each.every):
            period = _period(report, fact.period, policy)
            if period and policies.in_force(period.last) is policy and period.last < local_date(now):
                due = report_due(policy, report, period) or period.last
                owed = OwedReport(policy, report, period, fact.unit, due)
                return (*history, owed.begun(policies.authority, history[-1].originator_version + 1))
    return tuple(history)


def _period(report: Report, key: str, policy: Policy) -> Period | None:
    try:
        return period_called(key, report.every, policy.calendar.year_start)
    except Refused:  # another version's length of its periods
        return None


def _last_step(owed: OwedReport, policies: Policies) -> date:
    [found] = obligations((owed.begun(policies.authority, 1),), policies)
    return max((local_date(rung.due) for rung in found.rungs), default=owed.due)


def _row(owed: OwedReport, directory: Directory, activities: Activities, today: date) -> TaskRow:
    report = owed.report
    issue = activities.first_issues().get((report.name, owed.key, owed.unit))
    issued = issue.on if issue else None
    return TaskRow(
        task=report.name,
        title=report.title,
        source=report.source,
        every=report.every or "year",
        first=owed.period.first,
        due=owed.due,
        role=report.made_by,
        unit=owed.unit,
        holders=_holders(owed, directory),
        about=owed.unit,
        done=int(issued is not None),
        needed=1,
        state=_state(owed.due, today, issued),
        reports_to=report.audience,
        record=owed.record,
    )


def _state(due: date, today: date, issued: date | None) -> State:
    if issued is not None:
        return "met" if issued <= due else "met late"
    return "overdue" if today > due else "open"


def _units(report: Report, period: Period, directory: Directory) -> list[str | None]:
    if report.per == "authority":
        return [None]
    return [*directory.units(report.per, end_of(period.last))]


def _holders(owed: OwedReport, directory: Directory) -> tuple[str, ...]:
    """Who holds the post that makes it, of the unit or of the one above it to which the post belongs."""
    report, end = owed.report, end_of(owed.period.last)
    scope = owed.policy.roles[report.made_by].scope
    if owed.unit is None:
        posts = {each.post for each in directory.tenures if each.post.role == report.made_by}
        found = [
            each for post in sorted(posts, key=lambda post: post.unit or "") for each in directory.holders(post, end)
        ]
        return tuple(dict.fromkeys(found))
    of = None if scope == "authority" else directory.unit_of_kind(owed.unit, scope, end)
    return tuple(directory.holders(Post(report.made_by, of), end))
