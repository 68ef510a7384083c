"""What is overdue across everything that an authority owes, asked of a system: whose it is, and what happens next."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

from events.errors import NotFound
from events.escalations import Recipient
from projections.owed import OpenRow, owed_now
from services.clock import at_local, local_date
from services.directory.recipients import Lookup, Named
from services.directory.snapshot import directory_of
from services.directory.state import Directory
from services.open_obligations import people_from
from services.policy.model import ObligationRule, Policy
from services.policy.rules import rules
from services.policy.versions import Policies
from services.programme.asking import owners
from services.programme.owed import TaskRow
from services.programme.state import task_of
from workers.asking.activities import VIEW as ACTIVITIES
from workers.asking.programme import overdue_tasks
from workers.system import System

VIEWS = ("owed", ACTIVITIES)
"""The views that are read."""

NOON = time(12, 0)

Ruled = Callable[[str], tuple[Policy, Mapping[str, ObligationRule]]]
"""A version of the policies, with its rules by their names."""


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

    @property
    def told(self) -> dict[str, Any]:
        """The row as JSON has it."""
        return asdict(self) | {"owners": [each.model_dump() for each in self.owners]}


def overdue(
    system: System, authority: str, on: date, *, person: str | None = None, team: str | None = None
) -> list[Overdue]:
    """What was due before the day, or today before this hour, and still stands open, the longest overdue first.

    Of one `person`, or of a group of the policy, and about one `team`, where they are named. NotFound for a team about
    which nothing is, and of which a directory that names units knows nothing.
    """
    now = system.clock()
    at = now if on == local_date(now) else at_local(on, NOON)
    held = system.policies[authority]
    ruled = cache(partial(_ruled, held))
    directory = directory_of(system.history(authority))
    kept = [_overdue(row, ruled, directory, at) for row in owed_now(system.engine, authority, overdue_at=at)]
    # A report with a ladder stands in both: what its record owes knows the next step as well.
    told = {each.about for each in kept}
    tasks = [row for row in overdue_tasks(system, authority, on) if row.record not in told]
    counted = [_task(row, held, directory, at) for row in tasks]
    of_team = [row for row in (*kept, *counted) if team in {None, row.team}]
    if not of_team and team is not None and directory.placements and team not in directory.placements:
        raise NotFound("team", team)
    return sorted((row for row in of_team if person is None or _is_of(row, person)), key=lambda row: row.due)


def _is_of(row: Overdue, person: str) -> bool:
    return any(person in {each.holder, each.role} for each in row.owners)


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


def _overdue(row: OpenRow, ruled: Ruled, directory: Directory, at: datetime) -> Overdue:
    people = people_from(dict(row.people))
    coming = next((step for step in row.steps if datetime.fromisoformat(step["due"]) > at), None)
    return Overdue(
        about=row.about,
        audit=row.audit,
        what=row.title,
        item=row.item,
        team=people.team or people.about,
        owners=tuple(_owners(row, people, ruled, directory, at)),
        due=row.due,
        since=row.due + timedelta(days=1) if row.since is None else local_date(row.since),
        days=(local_date(at) - row.due).days,
        next_step=None if coming is None else f"{coming['kind']}: {coming['title']}",
        next_at=None if coming is None else datetime.fromisoformat(coming["due"]),
    )


def _owners(row: OpenRow, people: Named, ruled: Ruled, directory: Directory, at: datetime) -> Iterator[Recipient]:
    try:
        policy, found = ruled(row.policy_version)
    except NotFound:  # its file is gone: what is overdue is named all the same
        return
    rule = found.get(row.obligation)
    for owner in rule.owners[:1] if rule is not None else ():
        yield from Lookup(directory, policy, at).recipients(owner, people)


def _ruled(held: Policies, version: str) -> tuple[Policy, Mapping[str, ObligationRule]]:
    """A version with its rules by their names, the first one of each."""
    policy = held.version(version)
    return policy, {each.name: each for each in reversed(rules(policy))}
