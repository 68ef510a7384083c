"""The command that shows how much somebody has in hand: `sightline show workload` (SWI-7)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

import typer

from projections.action_tracker import actions
from projections.register import register
from services.clock import local_date
from workers.cli.duties import duty_rows
from workers.cli.options import Authority, QuestionOfViews, reference
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table
from workers.system import System

ENDED = {"voided", "exempted", "closed"}
KINDS = ("audit", "moderation", "action", "duty")
"""What somebody can have in hand: audits to return, audits to moderate, actions to complete, duties of the month."""

Person = Annotated[str | None, typer.Option(help="What this person, or this group of the policy, has in hand.")]


@dataclass(frozen=True, slots=True)
class InHand:
    """One thing that somebody has in hand. `due` None: no date is stated."""

    person: str
    kind: str
    about: str
    what: str
    due: date | None
    overdue: bool


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("workload")(show_workload)


@spread
def show_workload(
    authority: Authority,
    call: QuestionOfViews,
    person: Person = None,
) -> None:
    """What each has in hand: audits to return and to moderate, actions, and this month's duties; or one's, in full."""
    reference("person", person)
    with asking(authority, call, "register", "actions") as ask:
        held = [each for each in in_hand(ask.system, authority) if person in (None, each.person)]
        held.sort(key=lambda each: (each.person, each.due or date.max, each.kind, each.about))
        if call.as_json:
            print_json(asdict(each) for each in held)
        elif person is not None:
            print_table(ask.console, f"{authority}: what {person} has in hand", COLUMNS, held)
        else:
            people = sorted({each.person for each in held})
            rows = [(each, [one for one in held if one.person == each]) for each in people]
            print_table(ask.console, f"{authority}: workload", SUMS, rows)


def in_hand(system: System, authority: str) -> Iterator[InHand]:
    """Everything that anybody has in hand today: an audit is returned by its auditor, moderated by its moderator."""
    today = local_date(system.clock())
    for row in register(system.engine, authority, as_of=today):
        if row.stage in ENDED:
            continue
        if row.submitted_on is None:
            yield InHand(row.auditor, "audit", row.audit, row.audit_type, row.due, bool(row.late))
        elif row.moderator is not None and row.moderated_on is None:
            due = row.moderation_due
            yield InHand(row.moderator, "moderation", row.audit, row.audit_type, due, due is not None and due < today)
    for action in actions(system.engine, authority, as_of=today, state="open"):
        for owner in (action.owner, *action.jointly):
            overdue = action.overdue_since is not None
            yield InHand(owner, "action", action.audit, action.action, action.due, overdue)
    first = today.replace(day=1).isoformat()
    for duty in duty_rows(system, authority, first, None):
        if duty.state in {"open", "overdue"}:
            for holder in duty.holders:
                yield InHand(holder, "duty", duty.about or duty.duty, duty.title, duty.due, duty.state == "overdue")


COLUMNS: list[Column] = [
    ("due", lambda each: each.due),
    ("kind", lambda each: each.kind),
    ("about", lambda each: each.about),
    ("what", lambda each: each.what),
    ("overdue", lambda each: "overdue" if each.overdue else None),
]


def _sum_of(kind: str) -> Column:
    return f"{kind}s" if kind != "duty" else "duties", lambda row: sum(each.kind == kind for each in row[1]) or None


SUMS: list[Column] = [
    ("person", lambda row: row[0]),
    *map(_sum_of, KINDS),
    ("overdue", lambda row: sum(each.overdue for each in row[1]) or None),
    ("next due", lambda row: min((each.due for each in row[1] if each.due), default=None)),
]
