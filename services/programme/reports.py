"""The reports that a framework asks for, owed like its tasks: worked out from the policy's report itself on asking.

A report of a period is due so long after its last day as the policy says, and met once it was issued.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.directory.state import Directory, Post
from services.obligations.periods import Period, key_of, periods
from services.obligations.report_dates import report_due
from services.policy.model import Policy
from services.policy.reports import Report
from services.policy.versions import Policies
from services.programme.activities import Activities
from services.programme.owed import Asked, State, TaskRow
from services.programme.rows import end_of

LONGEST_AFTER = timedelta(days=800)
"""How long before the window a period may have ended whose report falls due in it."""


@dataclass(frozen=True, slots=True)
class _Books:
    policy: Policy
    directory: Directory
    activities: Activities
    today: date


def report_rows(policies: Policies, directory: Directory, activities: Activities, asked: Asked) -> list[TaskRow]:
    """Every report that falls due in the window, by whom, and whether it was issued.

    Each period is judged by the policy that was in force on its first day (A-ALL-11). One that was over before the
    authority's record begins owes nothing.
    """
    return [
        row
        for policy in policies.versions
        for report in policy.reports
        if report.every is not None
        for period in periods(report.every, asked.first - LONGEST_AFTER, asked.last, policy.calendar.year_start)
        if policies.in_force(period.first) is policy and (activities.began is None or period.last >= activities.began)
        for row in _rows(report, period, _Books(policy, directory, activities, asked.today))
        if asked.first <= row.due <= asked.last
    ]


def _rows(report: Report, period: Period, books: _Books) -> Iterator[TaskRow]:
    every = report.every or "year"
    due = report_due(books.policy, report, period) or period.last
    key = key_of(every, period.first, books.policy.calendar.year_start)
    for unit in _units(report, period, books):
        done = (report.name, key, unit) in books.activities.issued
        yield TaskRow(
            task=report.name,
            title=report.title,
            source=report.source,
            every=every,
            first=period.first,
            due=due,
            role=report.made_by,
            unit=unit,
            holders=_holders(report, unit, period, books),
            about=unit,
            done=int(done),
            needed=1,
            state=_state(due, books.today, done=done),
            reports_to=report.audience,
        )


def _state(due: date, today: date, *, done: bool) -> State:
    return "met" if done else "overdue" if today > due else "open"


def _units(report: Report, period: Period, books: _Books) -> list[str | None]:
    if report.per == "authority":
        return [None]
    return [*books.directory.units(report.per, end_of(period.last))]


def _holders(report: Report, unit: str | None, period: Period, books: _Books) -> tuple[str, ...]:
    """Who holds the post that makes it, of the unit or of the one above it to which the post belongs."""
    end = end_of(period.last)
    scope = books.policy.roles[report.made_by].scope
    if unit is None:
        posts = {each.post for each in books.directory.tenures if each.post.role == report.made_by}
        found = [
            each
            for post in sorted(posts, key=lambda post: post.unit or "")
            for each in books.directory.holders(post, end)
        ]
        return tuple(dict.fromkeys(found))
    of = None if scope == "authority" else books.directory.unit_of_kind(unit, scope, end)
    return tuple(books.directory.holders(Post(report.made_by, of), end))
