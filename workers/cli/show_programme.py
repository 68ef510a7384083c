"""The command that shows the programme's tasks: what is owed by the end of each period, and how much of it was done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from services.programme.owed import TaskRow
from workers.asking.activities import VIEW
from workers.asking.programme import task_rows
from workers.cli.options import Authority, QuestionOfList, day
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table

From = Annotated[str | None, typer.Option("--from", help="Due on this date or later; else from the year's first day.")]
Until = Annotated[str | None, typer.Option("--to", help="Due on this date or earlier; else by the end of this month.")]
Role = Annotated[str | None, typer.Option(help="Only what this role owes.")]


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("programme")(show_programme)
    show.command("duties", hidden=True)(show_programme)  # as it was called at first


@spread
def show_programme(
    authority: Authority,
    call: QuestionOfList,
    first: From = None,
    last: Until = None,
    role: Role = None,
) -> None:
    """The programme's tasks of each month, quarter or year: done, open or overdue."""
    with asking(authority, call, VIEW) as ask:
        rows: Sequence[TaskRow] = task_rows(
            ask.system,
            authority,
            first=day(first, ask.system, "from") if first else None,
            last=day(last, ask.system, "to") if last else None,
            role=role,
        )
        rows = ask.page(rows)
        if call.as_json:
            print_json(asdict(row) for row in rows)
        else:
            print_table(ask.console, f"{authority}: programme tasks", task_columns(ask.titles), rows)


def task_columns(titles: Mapping[str, str]) -> list[Column]:
    """The tasks, in the order in which a QA manager reads them."""
    return [
        ("due", lambda row: row.due),
        ("task", lambda row: row.task),
        ("what", lambda row: row.title),
        ("owed by", lambda row: _owed_by(row, titles)),
        ("about", lambda row: row.about if row.about not in row.holders else None),
        ("done", lambda row: f"{row.done} of {row.needed}"),
        ("state", lambda row: f"{row.state}: {row.ground}" if row.ground else row.state),
        ("reports to", lambda row: ", ".join(titles.get(each, each) for each in row.reports_to)),
    ]


def _owed_by(row: TaskRow, titles: Mapping[str, str]) -> str:
    where = " ".join(filter(None, (row.unit, *row.holders)))
    title = titles.get(row.role, row.role)
    return f"{title} ({where})" if where else title
