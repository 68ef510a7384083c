"""Whom a task is owed by and about in a period: one row for the authority, or for each holder, person, team or area."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from services.clock import at_local, local_date
from services.directory.state import Directory, Post
from services.obligations.periods import Period, number_of
from services.policy.model import Policy
from services.policy.tasks import Every, Task

MIDNIGHT = time(0, 0)


@dataclass(frozen=True, slots=True)
class Owing:
    """Who owes one row, in which unit, and about whom; `about` None stands for the authority as a whole."""

    unit: str | None
    holders: tuple[str, ...]
    about: str | None


def rows_of(task: Task, every: Every, period: Period, policy: Policy, directory: Directory) -> Iterator[Owing]:
    """The rows of a period, as the directory stood at its end. A post that nobody ever held owes nothing."""
    end = end_of(period.last)
    if task.per == "holder":
        for post in _posts(task.owner, directory, end):
            for holder in _whole(task, (task.owner,), directory.holders(post, end), directory, period):
                yield Owing(post.unit, (holder,), holder)
        return
    if task.per == "authority":
        everyone = [each for post in _posts(task.owner, directory, end) for each in directory.holders(post, end)]
        yield Owing(None, tuple(dict.fromkeys(everyone)), None)
        return
    of_authority = policy.roles[task.owner].scope == "authority"
    for post in [Post(task.owner)] if of_authority else _posts(task.owner, directory, end):
        holders = tuple(directory.holders(post, end))
        for about in _abouts(task, every, period, policy, directory, post):
            yield Owing(post.unit, holders, about)


def _abouts(
    task: Task, every: Every, period: Period, policy: Policy, directory: Directory, post: Post
) -> Iterable[str]:
    end = end_of(period.last)
    match task.per:
        case "person":
            found = _people_of(task, policy, directory, post, end)
            return _whole(task, task.people, found, directory, period)
        case "team":
            return _teams_of(directory, post.unit, policy.roles[task.owner].scope, end)
        case "other team":
            number = number_of(every, period.first, policy.calendar.year_start)
            paired = paired_service(directory, post.unit, number, end)
            return _teams_of(directory, paired, "service", end) if paired else ()
        case _:
            return policy.areas


def paired_service(directory: Directory, unit: str | None, number: int, at: datetime) -> str | None:
    """The other service that a unit's own is paired with in the period of that number (A-ESX-09).

    Each service is paired with one other and is the other of one; over the periods the pairs go round. None
    where there was no other service with a team at that instant.
    """
    own = directory.unit_of_kind(unit, "service", at)
    found = (directory.unit_of_kind(team, "service", at) for team in directory.units("team", at))
    services = sorted({service for service in found if service})
    if own not in services or len(services) < 2:  # noqa: PLR2004 - a pair needs two
        return None
    step = 1 + number % (len(services) - 1)
    return services[(services.index(own) + step) % len(services)]


def _posts(role: str, directory: Directory, until: datetime) -> list[Post]:
    """The posts of a role that anybody had held by then, in the order of their units."""
    held = {each.post for each in directory.tenures if each.post.role == role and each.since < until}
    return sorted(held, key=lambda post: post.unit or "")


def _teams_of(directory: Directory, unit: str | None, scope: str, at: datetime) -> list[str]:
    teams = directory.units("team", at)
    return [team for team in teams if unit is None or directory.unit_of_kind(team, scope, at) == unit]


def _people_of(task: Task, policy: Policy, directory: Directory, post: Post, at: datetime) -> list[str]:
    scope = policy.roles[task.owner].scope
    return [
        tenure.person
        for tenure in directory.tenures
        if tenure.post.role in task.people
        and tenure.covers(at)
        and (post.unit is None or directory.unit_of_kind(tenure.post.unit, scope, at) == post.unit)
    ]


def _whole(
    task: Task, roles: tuple[str, ...], people: Iterable[str], directory: Directory, period: Period
) -> list[str]:
    """Those who count in this period: with `full_periods` only who was there from its first day (A-ESX-16)."""
    end = end_of(period.last)
    return sorted(
        {
            person
            for person in people
            if not task.full_periods or local_date(_since(person, roles, directory, end)) <= period.first
        }
    )


def _since(person: str, roles: tuple[str, ...], directory: Directory, at: datetime) -> datetime:
    """Since when the person has been in such posts without a break: a move from one to another is none."""
    own = [each for each in directory.by_person[person] if each.post.role in roles]
    since = min(each.since for each in own if each.covers(at))
    while earlier := [each.since for each in own if each.since < since and (each.until is None or each.until >= since)]:
        since = min(earlier)
    return since


def belonged(directory: Directory, person: str, unit: str | None, scope: str, period: Period) -> bool:
    """Whether the person held, at some time of the period, a post in the unit or in one under it."""
    at = end_of(period.last)
    return any(
        each.lasts_to(period.first) and each.since <= at and directory.unit_of_kind(each.post.unit, scope, at) == unit
        for each in directory.by_person.get(person, ())
    )


@lru_cache(maxsize=4_096)
def end_of(day: date) -> datetime:
    """The last instant of the day in England."""
    return at_local(day + timedelta(days=1), MIDNIGHT) - datetime.resolution
