"""Instants as calendar days: stored in UTC, and judged by the day that it was in England."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local_date(instant: datetime) -> date:
    """The date in England at that instant."""
    return instant.astimezone(LONDON).date()
