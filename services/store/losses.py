"""What an authority once had and has no more: when a missing stream is a first start, and when it is a loss."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

REMADE = "sightline-remade"
"""Stands in the metadata of a stream that was made anew after a loss, with the instant; until a record of it stands in
the history under that instant, nobody works on the stream."""

REHEARSAL = "sightline-rehearsal"
"""Stands in the metadata of streams that were made for a rehearsal, whose clock is moved."""

ARCHIVED = "sightline-archived"
"""Stands in the metadata of an event stream from which archived events were removed, with the last position of them."""

NEWS = "was made anew after a loss that nobody has recorded"
GONE = "is gone"

State = Mapping[str, Any]
"""What the server says of a stream's state."""


def archived_through(config: State) -> int:
    """Up to which position events may have been removed from a stream with these settings; 0 where none ever was."""
    return int((config.get("metadata") or {}).get(ARCHIVED, 0))


def stamp(now: datetime) -> str:
    """An instant as it stands in the marker and in the record's name."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")


def loss_aggregate(name: str) -> str:
    """The record of one loss, under the instant of the marker or a name of its own."""
    return f"loss/{name}"


def lost(events: str, keys: str, others: tuple[str, ...], found: Mapping[str, State | None], read: int) -> set[str]:
    """Which of the authority's streams are gone, given what is there and the position that views have read.

    Where nothing was ever written to what is there, and no view has read anything, the rest belongs to a first start
    that was cut short. Snapshots and timers are worked out again: they are never lost.
    """
    used = any(state is not None and state["last_seq"] for state in (found[each] for each in (events, keys, *others)))
    if not used and not read:
        return set()
    return {each for each in (events, keys) if found[each] is None}
