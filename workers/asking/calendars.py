"""The calendar behind a secret address: whose it is, and what that person owes now.

What is owed about a record is asked of its view. The programme's tasks are counted from the view of all that counts
towards them, and what that comes to is kept for a while: calendars are asked for by many programs, again and again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hmac import compare_digest
from threading import Lock
from time import monotonic
from weakref import WeakKeyDictionary

from events.errors import NotFound
from projections.owed import OpenRow, owed_now, versions
from services.calendar_feed import Due, authority_of, feed, hashed
from services.clock import local_date
from services.deliveries.letters import Line, link_to
from services.directory.recipients import Lookup
from services.directory.snapshot import directory_of
from services.directory.state import Directory
from services.open_obligations import people_from
from services.policy.rules import rules
from services.programme.activities import Activities
from services.programme.asking import begun, owners
from services.programme.state import task_of
from workers.asking.activities import activities_counted
from workers.system import System

KEPT = 600.0
"""Seconds for which what was counted towards the tasks is not counted anew."""

PLACE = re.compile(r"\{[a-z_]+\}")
"""A place in a title that an event would fill: it stays empty, for an event may speak of a child."""


def calendar(system: System, secret: str) -> bytes | None:
    """What the person owes to whom this secret was given; None where it leads nowhere: unknown, revoked, or they left.

    Each is looked for alike, so the answer tells none from another. Unavailable, StoreUnavailable or Outdated where
    the directory or the view of what is owed cannot be asked.
    """
    wanted = hashed(secret)
    authority = authority_of(secret)
    known = authority if authority in system.policies else system.authorities[0]
    directory, now = directory_of(system.history(known)), system.clock()
    found = [person for person, kept in directory.addresses.calendars.items() if compare_digest(kept, wanted)]
    if known != authority or not found or not directory.held_by(found[0], now):
        return None
    dues = [*_owed_by(system, authority, found[0], directory), *_tasks_of(system, authority, found[0], directory)]
    return feed(dues, authority, now)


def _owed_by(system: System, authority: str, person: str, directory: Directory) -> Iterator[Due]:
    revisions = versions(system.engine, authority)
    for row in owed_now(system.engine, authority):
        if row.stands_since is None and person in _owners(system, authority, row, directory):
            yield Due(
                identity=f"{row.about}|{row.obligation}|{row.item}|{row.trigger}",
                title=PLACE.sub("…", row.title),
                about=row.about,
                on=row.due,
                revision=revisions.get(row.about, 0),
                link=link_to(Line(row.about, row.due), authority, system.settings.send_link),
            )


def _tasks_of(system: System, authority: str, person: str, directory: Directory) -> Iterator[Due]:
    """The programme's tasks of the periods that have begun, on the last day of each."""
    now, policies = system.clock(), system.policies[authority]
    for row in begun(policies, directory, _counted(system, authority), local_date(now)):
        if person in {each.holder for each in owners(row, policies, directory, now)}:
            about = task_of(row.task)
            yield Due(
                identity="|".join(map(str, (about, row.every, row.first, row.role, row.unit, row.about))),
                title=row.title if row.needed == 1 else f"{row.title}: {row.done} of {row.needed}",
                about=f"task/{row.task}",
                on=row.due,
                revision=row.done,
                link=link_to(Line(about, row.due), authority, system.settings.send_link),
            )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the events of an authority come to, and when they were read."""

    activities: Activities
    at: float


_KEPT: WeakKeyDictionary[System, dict[str, _Counted]] = WeakKeyDictionary()
_COUNTING = Lock()


def _counted(system: System, authority: str) -> Activities:
    """What counts towards the tasks; who asks while it is being counted waits for that."""
    with _COUNTING:
        kept = _KEPT.setdefault(system, {})
        found = kept.get(authority)
        if found is None or monotonic() - found.at > KEPT:
            found = kept[authority] = _Counted(activities_counted(system, authority, None), monotonic())
        return found.activities


def _owners(system: System, authority: str, row: OpenRow, directory: Directory) -> frozenset[str | None]:
    """Who owes it now; nobody where the policy that it began under is gone."""
    try:
        policy = system.policies[authority].version(row.policy_version)
    except NotFound:
        return frozenset()
    lookup, people = Lookup(directory, policy, system.clock()), people_from(dict(row.people))
    found_by = (each for each in rules(policy) if each.name == row.obligation)
    return frozenset(
        found.holder for rule in found_by for addressee in rule.owners for found in lookup.recipients(addressee, people)
    )
