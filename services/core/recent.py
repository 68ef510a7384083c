"""How far back an act may be dated that somebody gives now, of which everybody concerned is told; and how far ahead."""

from datetime import datetime, timedelta

from events.errors import Refused
from services.clock import local_date
from services.core.command import Command

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of our clock an act may be dated before it counts as in the future."""

LONGEST_LIVE = 31
"""Days beyond which nobody should be told as if it had happened now."""


def require_recent(command: Command, now: datetime) -> None:
    """Refused for an act that is too old to be given live, by hand or through a door: as history it is imported."""
    since = local_date(now) - timedelta(days=LONGEST_LIVE)
    if command.at is not None and local_date(command.at) < since:
        raise Refused("at", f"{local_date(command.at)} is before {since}: as history it is taken by `sightline import`")
