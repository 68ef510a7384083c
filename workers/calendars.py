"""The calendar behind a secret address: whose it is, and what that person owes now."""

import re
from collections.abc import Iterator
from hmac import compare_digest

from events.errors import NotFound
from projections.owed import OpenRow, owed_now, versions
from services.calendar_feed import Due, authority_of, feed, hashed
from services.deliveries.letters import Line, link_to
from services.directory.recipients import Lookup
from services.directory.snapshot import directory_of
from services.directory.state import Directory
from services.open_obligations import people_from
from workers.system import System

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
    dues = _owed_by(system, authority, found[0], directory)
    return feed(dues, authority, now)


def _owed_by(system: System, authority: str, person: str, directory: Directory) -> Iterator[Due]:
    revisions = versions(system.engine, authority)
    for row in owed_now(system.engine, authority):
        if person in _owners(system, authority, row, directory):
            yield Due(
                identity=f"{row.about}|{row.obligation}|{row.item}|{row.trigger}",
                title=PLACE.sub("…", row.title),
                about=row.about,
                on=row.due,
                revision=revisions.get(row.about, 0),
                link=link_to(Line(row.about, row.due), authority, system.settings.send_link),
            )


def _owners(system: System, authority: str, row: OpenRow, directory: Directory) -> frozenset[str | None]:
    """Who owes it now; nobody where the policy that it began under is gone."""
    try:
        policy = system.policies[authority].version(row.policy_version)
    except NotFound:
        return frozenset()
    lookup, people = Lookup(directory, policy, system.clock()), people_from(dict(row.people))
    rules = (each for each in policy.obligations if each.name == row.obligation)
    return frozenset(
        found.holder
        for rule in rules
        for addressee in (rule.owner, *rule.jointly)
        for found in lookup.recipients(addressee, people)
    )
