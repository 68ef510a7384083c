"""Views by HTTP as at a day in the past: the options `as_at` and `as_known`, and the database that answers them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Engine

from events.errors import Refused
from projections.moments import Moment, is_empty
from workers.asking.past import SystemAt, moment_of
from workers.system import System

AS_AT, AS_KNOWN = "as_at", "as_known"
NOTE = "Sightline-Note"
"""The header of an answer that is empty because nothing had happened or was known by then."""


def moment_from(options: Mapping[str, str], system: System) -> Moment | None:
    """The moment that is asked about; None for the present. Refused, naming the option, for what is no day so far."""
    written = {name: options.get(name) for name in (AS_AT, AS_KNOWN)}
    at, known = (None if held is None else day_from(name, held) for name, held in written.items())
    return moment_of(system, at, known, (AS_AT, AS_KNOWN))


def day_from(name: str, written: str) -> date:
    """The day that was written. Refused, naming the option, for what is none."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        found = None
    if found is None or found.isoformat() != written:
        raise Refused(name, "is not a valid date; write YYYY-MM-DD")
    return found


@contextmanager
def asked_of(
    system: System, authority: str, view: str, moment: Moment | None
) -> Iterator[tuple[Engine, dict[str, str]]]:
    """The database that holds the view as at the moment, and the headers that say what is to be said of it."""
    with system_at(system, authority, [view], moment) as (asked, headers):
        yield asked.engine, headers


@contextmanager
def system_at(
    system: System, authority: str, views: Iterable[str], moment: Moment | None
) -> Iterator[tuple[System, dict[str, str]]]:
    """The system as at the moment, of which these views are asked, and the headers that tell of it."""
    if moment is None:
        yield system, {}
        return
    note = {NOTE: f"nothing of {authority} stands on record {moment}"}
    with SystemAt(system, authority, moment, views) as past:
        yield past, note if is_empty(system.engine, authority, moment) else {}
