"""The command that answers the first question of a QA lead: `show overdue`, across all that an authority owes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import typer

from events.errors import NotFound
from events.escalations import Recipient
from projections.owed import OpenRow, faulty, owed_now
from services.clock import at_local, local_date
from services.directory.recipients import Lookup, Named
from services.directory.snapshot import directory_of
from services.directory.state import Directory
from services.modules import CATALOGUE
from services.open_obligations import people_from
from services.policy.rules import rules
from services.policy.versions import Policies
from services.programme.asking import owners
from services.programme.owed import TaskRow
from services.programme.state import task_of
from workers.activities import VIEW as ACTIVITIES
from workers.cli.options import AsOf, Authority, QuestionInTime, day, reference
from workers.cli.show_programme import overdue_tasks
from workers.cli.showing import Asking, asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table, words
from workers.words import people

NOON = time(12, 0)

Person = Annotated[str | None, typer.Option(help="Only what this person, or this group of the policy, owes.")]
Team = Annotated[str | None, typer.Option(help="Only what is about this team.")]


@dataclass(frozen=True, slots=True)
class Overdue:
    """One thing that is overdue: whose it is now, since which day, and the next step of its ladder, if there is one.

    `owners` are the people in the post on the day, with the vacancies that were passed on the way up.
    """

    about: str
    audit: str | None
    what: str
    item: str
    team: str | None
    owners: tuple[Recipient, ...]
    due: date
    since: date
    days: int
    next_step: str | None
    next_at: datetime | None


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("overdue")(show_overdue)


@spread
def show_overdue(
    authority: Authority,
    call: QuestionInTime,
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
    with asking(authority, call, "owed", ACTIVITIES) as ask:
        rows = [
            row
            for row in overdue(ask, day(as_of, ask.system))
            if team in {None, row.team}
            and (person is None or any(person in {each.holder, each.role} for each in row.owners))
        ]
        if call.as_json:
            print_json(asdict(row) | {"owners": [each.model_dump() for each in row.owners]} for row in rows)
            return
        print_overdue(ask, rows)


def print_overdue(ask: Asking, rows: list[Overdue], limit: int = 0) -> None:
    """The table with its counts; with `limit`, so many rows and how many more there are."""
    print_table(ask.console, f"{ask.authority}: overdue", _columns(ask.titles), rows, limit)
    _count(ask, rows)


def overdue(ask: Asking, on: date) -> Iterator[Overdue]:
    """What was due before the day, or today before this hour, and still stands open, the longest overdue first."""
    now = ask.system.clock()
    at = now if on == local_date(now) else at_local(on, NOON)
    held = ask.system.policies[ask.authority]
    directory = directory_of(ask.system.history(ask.authority))
    kept = [_overdue(row, held, directory, at) for row in owed_now(ask.system.engine, ask.authority, overdue_at=at)]
    # A report with a ladder stands in both: what its record owes knows the next step as well.
    told = {each.about for each in kept}
    tasks = [row for row in overdue_tasks(ask.system, ask.authority, on) if row.record not in told]
    counted = [_task(row, held, directory, at) for row in tasks]
    yield from sorted([*kept, *counted], key=lambda row: row.due)


def _task(row: TaskRow, held: Policies, directory: Directory, at: datetime) -> Overdue:
    """A task of a period that is over. Whom it is counted for owes it; else whoever is in the post today."""
    about = row.about
    units = (each for each in (about, row.unit) if each is not None and directory.kind_of(each, at) == "team")
    return Overdue(
        about=row.record or task_of(row.task),
        audit=None,
        what=row.title if row.needed == 1 else f"{row.title}: {row.done} of {row.needed}",
        item="" if about is None or about in row.holders else about,
        team=next(units, None),
        owners=owners(row, held, directory, at),
        due=row.due,
        since=row.due + timedelta(days=1),
        days=(local_date(at) - row.due).days,
        next_step=None,
        next_at=None,
    )


def _overdue(row: OpenRow, held: Policies, directory: Directory, at: datetime) -> Overdue:
    people = people_from(dict(row.people))
    coming = next((step for step in row.steps if datetime.fromisoformat(step["due"]) > at), None)
    return Overdue(
        about=row.about,
        audit=row.audit,
        what=row.title,
        item=row.item,
        team=people.team or people.about,
        owners=tuple(_owners(row, people, held, directory, at)),
        due=row.due,
        since=row.due + timedelta(days=1) if row.since is None else local_date(row.since),
        days=(local_date(at) - row.due).days,
        next_step=None if coming is None else f"{coming['kind']}: {coming['title']}",
        next_at=None if coming is None else datetime.fromisoformat(coming["due"]),
    )


def _owners(row: OpenRow, people: Named, held: Policies, directory: Directory, at: datetime) -> Iterator[Recipient]:
    try:
        policy = held.version(row.policy_version)
    except NotFound:  # its file is gone: what is overdue is named all the same
        return
    rule = next((each for each in rules(policy) if each.name == row.obligation), None)
    if rule is not None:
        yield from Lookup(directory, policy, at).recipients(rule.owner, people)


def _columns(titles: Mapping[str, str]) -> list[Column]:
    return [
        ("since", lambda row: row.since),
        ("days", lambda row: row.days),
        ("about", lambda row: row.audit or CATALOGUE.called(row.about)),
        ("what", lambda row: f"{row.what} ({row.item})" if row.item else row.what),
        ("team", lambda row: row.team),
        ("whose", lambda row: people(row.owners, titles) or "nobody"),
        ("next", _next),
    ]


def _next(row: Overdue) -> Any:
    return None if row.next_at is None else f"{words(row.next_at)}, {row.next_step}"


def _count(ask: Asking, rows: list[Overdue]) -> None:
    """How many there are for each team, and what is not known."""
    if rows:
        teams = Counter(row.team or "no team" for row in rows)
        said = ", ".join(f"{team} {count}" for team, count in teams.most_common())
        ask.console.print(f"  {len(rows)} overdue; by team: {said}")
    for each in faulty(ask.system.engine, ask.authority):
        ask.console.print(
            f"  {CATALOGUE.called(each.about)} could not be worked out, so what it owes is not known: {each.fault}"
        )
