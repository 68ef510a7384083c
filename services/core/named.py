"""The ids that commands bring along: each is taken once in an authority, for ever, whatever record it was used on.

A read model could not promise that. The store does: an id has a record of its own, whose first event is written in one
batch with what the command led to. A second command under that id would write a first event again, and is refused.
"""

from collections.abc import Sequence
from hashlib import sha256

from events.commands import CommandNamed
from events.recorded import Recorded

KIND = "command"


def named_aggregate(command_id: str) -> str:
    """The record of an id. A hash, since an id is somebody's own words and a record's name travels in subjects.

    It hangs on nothing but the id: no key that may be replaced.
    """
    return f"{KIND}/{sha256(command_id.encode()).hexdigest()[:32]}"


def record_named(history: Sequence[Recorded]) -> str | None:
    """The record on which the id was used; None while it is free."""
    return next((each.fact.record for each in history if isinstance(each.fact, CommandNamed)), None)
