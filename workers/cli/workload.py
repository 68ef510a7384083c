"""The command that shows how much somebody has in hand: `sightline show workload` (SWI-7)."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from projections.action_tracker import actions
from projections.register import register
from projections.workload import KINDS, in_hand
from services.clock import local_date
from workers.activities import VIEW as ACTIVITIES
from workers.cli.options import Authority, QuestionInTime, reference
from workers.cli.show_programme import task_rows
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table

Person = Annotated[str | None, typer.Option(help="What this person, or this group of the policy, has in hand.")]


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("workload")(show_workload)


@spread
def show_workload(
    authority: Authority,
    call: QuestionInTime,
    person: Person = None,
) -> None:
    """What each has in hand: audits to return and to moderate, actions, and this month's tasks; or one's, in full."""
    reference("person", person)
    with asking(authority, call, "register", "actions", ACTIVITIES) as ask:
        engine, today = ask.system.engine, local_date(ask.system.clock())
        audits = register(engine, authority, as_of=today)
        open_actions = actions(engine, authority, as_of=today, state="open")
        due = task_rows(ask.system, authority, first=today.replace(day=1))
        held = [each for each in in_hand(audits, open_actions, due, today=today) if person in (None, each.person)]
        held.sort(key=lambda each: (each.person, each.due or date.max, each.kind, each.about))
        if call.as_json:
            print_json(asdict(each) for each in held)
        elif person is not None:
            print_table(ask.console, f"{authority}: what {person} has in hand", COLUMNS, held)
        else:
            people = sorted({each.person for each in held})
            rows = [(each, [one for one in held if one.person == each]) for each in people]
            print_table(ask.console, f"{authority}: workload", SUMS, rows)


COLUMNS: list[Column] = [
    ("due", lambda each: each.due),
    ("kind", lambda each: each.kind),
    ("about", lambda each: each.about),
    ("what", lambda each: each.what),
    ("overdue", lambda each: "overdue" if each.overdue else None),
]


def _sum_of(kind: str) -> Column:
    return f"{kind}s", lambda row: sum(each.kind == kind for each in row[1]) or None


SUMS: list[Column] = [
    ("person", lambda row: row[0]),
    *map(_sum_of, KINDS),
    ("overdue", lambda row: sum(each.overdue for each in row[1]) or None),
    ("next due", lambda row: min((each.due for each in row[1] if each.due), default=None)),
]
