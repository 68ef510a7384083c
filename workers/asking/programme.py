"""The programme's tasks, asked of a system: what falls due in a window of time, and what is overdue on a day."""

from datetime import date
from functools import partial

from services.clock import local_date
from services.directory.snapshot import directory_of
from services.programme.asking import falling_due, overdue
from services.programme.owed import TaskRow
from workers.asking.activities import activities_between, activities_counted
from workers.system import System


def task_rows(
    system: System, authority: str, *, first: date | None = None, last: date | None = None, role: str | None = None
) -> list[TaskRow]:
    """What falls due, asked of the system: see `falling_due`. The view of what counts is read."""
    today = local_date(system.clock())
    directory = directory_of(system.history(authority))
    between = partial(activities_between, system, authority)
    return falling_due(system.policies[authority], directory, between, today, first=first, last=last, role=role)


def overdue_tasks(system: System, authority: str, on: date) -> list[TaskRow]:
    """What is overdue, asked of the system: see `overdue`. What counts since the record began is counted by months."""
    directory = directory_of(system.history(authority))
    return overdue(system.policies[authority], directory, activities_counted(system, authority, on), on)
