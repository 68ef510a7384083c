"""The command that shows the period duties: what is owed by the end of each period, and how much of it was done."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated

import typer

from events.errors import Refused
from services.clock import local_date
from services.directory.snapshot import directory_of
from services.duties.activities import gather
from services.duties.owed import Asked, DutyRow, duties
from services.obligations.calendar import month_end
from services.obligations.periods import year_of
from workers.cli.options import Authority, Question, day
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table
from workers.rebuilding import all_events
from workers.system import System

From = Annotated[str | None, typer.Option("--from", help="Due on this date or later; else from the year's first day.")]
Until = Annotated[str | None, typer.Option("--to", help="Due on this date or earlier; else by the end of this month.")]
Role = Annotated[str | None, typer.Option(help="Only what this role owes.")]


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("duties")(show_duties)


@spread
def show_duties(
    authority: Authority,
    call: Question,
    first: From = None,
    last: Until = None,
    role: Role = None,
) -> None:
    """What each role owes each month, quarter or year: done, open or overdue. Worked out from the events on asking."""
    with asking(authority, call) as ask:
        roles = ask.system.policies[authority].newest.roles
        if role is not None and role not in roles:
            raise Refused("role", f"unknown role {role}; known: {', '.join(roles)}")
        rows = [row for row in duty_rows(ask.system, authority, first, last) if role in {None, row.role}]
        if call.as_json:
            print_json(asdict(row) for row in rows)
        else:
            print_table(ask.console, f"{authority}: period duties", duty_columns(ask.titles), rows)


def duty_rows(system: System, authority: str, first: str | None, last: str | None) -> list[DutyRow]:
    """What each role owes whose last day lies between two dates (YYYY-MM-DD)."""
    held = system.policies[authority]
    asked = _asked(first, last, system, held.newest.calendar.year_start)
    directory = directory_of(system.history(authority))
    return list(duties(held, directory, gather(all_events(system, authority)), asked))


def overdue_duties(system: System, authority: str, on: date) -> list[DutyRow]:
    """What fell due before the day, since the authority's record begins, and is not done. Every event is read."""
    activities = gather(all_events(system, authority))
    if activities.began is None:
        return []
    asked = Asked(activities.began, on - timedelta(days=1), on)
    found = duties(system.policies[authority], directory_of(system.history(authority)), activities, asked)
    return [row for row in found if row.state == "overdue"]


def _asked(first: str | None, last: str | None, system: System, year_start: int) -> Asked:
    today = local_date(system.clock())
    asked = Asked(
        day(first, system, "from") if first else year_of(today, year_start).first,
        day(last, system, "to") if last else month_end(today),
        today,
    )
    if asked.last < asked.first:
        raise Refused("to", f"{asked.last} is before {asked.first}")
    return asked


def duty_columns(titles: Mapping[str, str]) -> list[Column]:
    """The duties, in the order in which a QA manager reads them."""
    return [
        ("due", lambda row: row.due),
        ("duty", lambda row: row.duty),
        ("what", lambda row: row.title),
        ("owed by", lambda row: _owed_by(row, titles)),
        ("about", lambda row: row.about if row.about not in row.holders else None),
        ("done", lambda row: f"{row.done} of {row.needed}"),
        ("state", lambda row: f"{row.state}: {row.ground}" if row.ground else row.state),
        ("reports to", lambda row: ", ".join(titles.get(each, each) for each in row.reports_to)),
    ]


def _owed_by(row: DutyRow, titles: Mapping[str, str]) -> str:
    where = " ".join(filter(None, (row.unit, *row.holders)))
    title = titles.get(row.role, row.role)
    return f"{title} ({where})" if where else title
