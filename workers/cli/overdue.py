"""The command that answers the first question of a QA lead: `show overdue`, across all that an authority owes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from projections.owed import faulty
from services.modules import kinds
from workers.asking.overdue import VIEWS, Overdue, overdue
from workers.asking.words import people
from workers.cli.options import AsOf, Authority, QuestionOfList, day, reference
from workers.cli.showing import Asking, asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table, words

Person = Annotated[str | None, typer.Option(help="Only what this person, or this group of the policy, owes.")]
Team = Annotated[str | None, typer.Option(help="Only what is about this team.")]


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("overdue")(show_overdue)


@spread
def show_overdue(
    authority: Authority,
    call: QuestionOfList,
    person: Person = None,
    team: Team = None,
    as_of: AsOf = None,
) -> None:
    """What is overdue across everything: whose it is now, since when, about what, and what happens next.

    Audits, moderations, actions, entries, disputes, rounds and months, and the programme's tasks of each month, quarter
    and year, the longest overdue first, whether or not their framework reminds anybody. Of what still stands open.
    """
    reference("person", person)
    reference("team", team)
    with asking(authority, call, *VIEWS) as ask:
        rows = overdue(ask.system, authority, day(as_of, ask.system), person=person, team=team)
        part = ask.page(rows)
        if call.as_json:
            print_json(each.told for each in part)
        else:
            print_overdue(ask, part, rows)


def print_overdue(ask: Asking, part: Sequence[Overdue], rows: Sequence[Overdue]) -> None:
    """The table of a part of the rows, and the counts of all of them."""
    print_table(ask.console, f"{ask.authority}: overdue", _columns(ask.titles), part)
    _count(ask, rows)


def _columns(titles: Mapping[str, str]) -> list[Column]:
    return [
        ("since", lambda row: row.since),
        ("days", lambda row: row.days),
        ("about", lambda row: row.audit or kinds().called(row.about)),
        ("what", lambda row: f"{row.what} ({row.item})" if row.item else row.what),
        ("team", lambda row: row.team),
        ("whose", lambda row: people(row.owners, titles) or "nobody"),
        ("next", _next),
    ]


def _next(row: Overdue) -> Any:
    return None if row.next_at is None else f"{words(row.next_at)}, {row.next_step}"


def _count(ask: Asking, rows: Sequence[Overdue]) -> None:
    """How many there are for each team, and what is not known."""
    if rows:
        teams = Counter(row.team or "no team" for row in rows)
        said = ", ".join(f"{team} {count}" for team, count in teams.most_common())
        ask.console.print(f"  {len(rows)} overdue; by team: {said}")
    for each in faulty(ask.system.engine, ask.authority):
        ask.console.print(
            f"  {kinds().called(each.about)} could not be worked out, so what it owes is not known: {each.fault}"
        )
