"""What is asked of an authority's programme: what falls due in a window of time, and what is overdue on a day."""

from datetime import date, datetime, timedelta

from events.errors import Refused
from events.escalations import Recipient
from services.directory.recipients import Lookup, Named
from services.directory.state import Directory
from services.obligations.calendar import month_end
from services.obligations.periods import year_of
from services.policy.expressions import Addressee
from services.policy.versions import Policies
from services.programme.activities import Activities, Between
from services.programme.owed import Asked, TaskRow, tasks
from services.programme.reports import report_rows

LONGEST = timedelta(days=366)
"""The longest period of a task: a year that began today ends within it."""


def falling_due(  # noqa: PLR0913 - an authority's books, the day, and what may be asked of them
    policies: Policies,
    directory: Directory,
    between: Between,
    today: date,
    *,
    first: date | None = None,
    last: date | None = None,
    role: str | None = None,
) -> list[TaskRow]:
    """What each role, or the one `role`, owes whose last day lies in the window, as it stands today.

    Without `first` the window begins with the programme's year, without `last` it ends with today's month. `between`
    gives what counts. Refused, before that is asked for, for a window that ends before it begins, and for a role
    that the newest policy does not know.
    """
    newest = policies.newest
    if role is not None and role not in newest.roles:
        raise Refused("role", f"unknown role {role}; known: {', '.join(newest.roles)}")
    asked = Asked(first or year_of(today, newest.calendar.year_start).first, last or month_end(today), today)
    if asked.last < asked.first:
        raise Refused("to", f"{asked.last} is before {asked.first}")
    activities = between(asked.first - LONGEST, asked.last)
    return [row for row in _owed(policies, directory, activities, asked) if role in {None, row.role}]


def begun(policies: Policies, directory: Directory, activities: Activities, today: date) -> list[TaskRow]:
    """What of the periods that have begun is not done: what is overdue, and what falls due by the end of each of them.

    `activities` are what all of the authority's events come to.
    """
    if activities.began is None:
        return []
    found = tasks(policies, directory, activities, Asked(activities.began, today + LONGEST, today))
    return [row for row in found if row.first <= today and row.state in {"open", "overdue"}]


def owners(row: TaskRow, policies: Policies, directory: Directory, at: datetime) -> tuple[Recipient, ...]:
    """Who owes a task: whom it is counted for; else whoever is in the post at that instant."""
    if row.about is not None and row.about in row.holders:
        return (Recipient(asked=row.role, role=row.role, unit=row.unit, holder=row.about),)
    lookup = Lookup(directory, policies.in_force(row.first), at)
    return tuple(lookup.recipients(Addressee.parse(row.role), Named(team=row.unit)))


def overdue(policies: Policies, directory: Directory, activities: Activities, on: date) -> list[TaskRow]:
    """What fell due before the day, since the authority's record begins, and is not done.

    `activities` are what all of the authority's events come to.
    """
    if activities.began is None:
        return []
    asked = Asked(activities.began, on - timedelta(days=1), on)
    return [row for row in _owed(policies, directory, activities, asked) if row.state == "overdue"]


def _owed(policies: Policies, directory: Directory, activities: Activities, asked: Asked) -> list[TaskRow]:
    """The tasks and the reports that fall due in the window, in the order of dates."""
    owed = [*tasks(policies, directory, activities, asked), *report_rows(policies, directory, activities, asked)]
    return sorted(owed, key=lambda row: row.due)
