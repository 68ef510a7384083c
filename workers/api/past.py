"""Views by HTTP as at a day in the past: the options `as_at` and `as_known`, and the database that answers them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Engine

from events.errors import Refused
from projections.moments import Moment, is_empty
from workers.past import SystemAt, moment_of
from workers.system import System

AS_AT, AS_KNOWN = "as_at", "as_known"
NOTE = "Sightline-Note"
"""The header of an answer that is empty because nothing had happened or was known by then."""


def moment_from(options: Mapping[str, str], system: System) -> Moment | None:
    """The moment that is asked about; None for the present. Refused, naming the option, for what is no day so far."""
    at, known = (_day(name, options.get(name)) for name in (AS_AT, AS_KNOWN))
    return moment_of(system, at, known, (AS_AT, AS_KNOWN))


def _day(name: str, written: str | None) -> date | None:
    if written is None:
        return None
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
    if moment is None:
        yield system.engine, {}
        return
    note = {NOTE: f"nothing of {authority} stands on record {moment}"}
    with SystemAt(system, authority, moment, [view]) as past:
        yield past.engine, note if is_empty(system.engine, authority, moment) else {}
