"""What one person owes, as a calendar that others' programs read: a day for each thing, and nothing of any child."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

SECRET_BYTES = 32
SEPARATOR = "."
REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is owed on a day in England. `identity` stays the same for as long as it is owed.

    `revision` rises with every change of its record: a program that has read it takes the higher one.
    """

    identity: str
    title: str
    about: str
    on: date
    revision: int
    link: str | None = None


def new_secret(authority: str) -> str:
    """A secret that nobody guesses, to be shown once. It names the authority, so that it is looked for there alone."""
    return f"{authority}{SEPARATOR}{token_urlsafe(SECRET_BYTES)}"


def hashed(secret: str) -> str:
    """What is kept of it."""
    return sha256(secret.encode()).hexdigest()


def authority_of(secret: str) -> str:
    """The authority that it names, which there need not be."""
    return secret.partition(SEPARATOR)[0]


def feed(dues: Iterable[Due], authority: str, now: datetime) -> bytes:
    """The calendar (RFC 5545): whole days, which no time zone moves, so that an agreed date is that date everywhere."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - a process that is asked for no calendar needs none

    calendar = Calendar()
    calendar.add("prodid", "-//Sightline//What is owed//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Sightline {authority}")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for due in sorted(dues, key=lambda each: (each.on, each.identity)):
        event = Event()
        event.add("uid", f"{sha256(f'{authority}|{due.identity}'.encode()).hexdigest()[:32]}@sightline")
        event.add("dtstamp", now)
        event.add("sequence", due.revision)
        event.add("dtstart", due.on)
        event.add("dtend", due.on + timedelta(days=1))
        event.add("summary", f"{due.title} ({due.about.replace('/', ' ')})")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        if due.link:
            event.add("url", due.link)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
