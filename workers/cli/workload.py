"""The command that shows how much somebody has in hand: `sightline show workload` (SWI-7)."""

from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import Annotated

import typer

from projections.workload import KINDS
from workers.asking.workload import VIEWS, workload
from workers.cli.options import Authority, QuestionOfList, reference
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
    call: QuestionOfList,
    person: Person = None,
) -> None:
    """What each has in hand: audits to return and to moderate, actions, and this month's tasks; or one's, in full."""
    reference("person", person)
    with asking(authority, call, *VIEWS) as ask:
        held = workload(ask.system, authority, person)
        if call.as_json:
            print_json(asdict(each) for each in ask.page(held))
        elif person is not None:
            print_table(ask.console, f"{authority}: what {person} has in hand", COLUMNS, ask.page(held))
        else:
            people = groupby(held, key=attrgetter("person"))
            rows = [{"person": each, "held": list(of_one)} for each, of_one in people]
            print_table(ask.console, f"{authority}: workload", SUMS, ask.page(rows))


COLUMNS: list[Column] = [
    ("due", lambda each: each.due),
    ("kind", lambda each: each.kind),
    ("about", lambda each: each.about),
    ("what", lambda each: each.what),
    ("overdue", lambda each: "overdue" if each.overdue else None),
]


def _sum_of(kind: str) -> Column:
    return f"{kind}s", lambda row: sum(each.kind == kind for each in row["held"]) or None


SUMS: list[Column] = [
    ("person", lambda row: row["person"]),
    *map(_sum_of, KINDS),
    ("overdue", lambda row: sum(each.overdue for each in row["held"]) or None),
    ("next due", lambda row: min((each.due for each in row["held"] if each.due), default=None)),
]
