"""Errors of the store. What the event-sourcing library asks for fails with errors that are the library's as well.

Those stand in `services.store.contract`, apart: a question that reads a view needs these, and nothing of the library.
"""

from events.errors import Conflict, Refused, Unavailable


class StoreUnavailable(Unavailable):
    """The store cannot be reached, is full, or did not answer in time.

    After a timeout the outcome may be unknown. Facts carry their own ids, so repeating the same append is
    safe: what was written is found again and nothing is written twice.
    """


class KeptInPart(StoreUnavailable):
    """A full server acknowledged a batch and keeps only a part of it. To try again now cannot help."""


class NotAllowed(StoreUnavailable):
    """The account may not ask that. Asking again, over the same connection, cannot help."""


class VersionConflict(Conflict):
    """That version of the aggregate exists already (or is not the next one). Nothing was written."""


def conflict(subject: str, version: int, last: int) -> VersionConflict:
    """That a version of a record was not written, because the record ends with another one than before it."""
    return VersionConflict(f"{subject}: version {version} was not written, the last one is {last}")


class WriteRefused(Refused):
    """The append has no valid form: too many events, a body too large, an id that cannot stand in a subject."""


class IdTaken(VersionConflict):
    """An event of another record has this id: the command was carried out before, on something else.

    Nothing was written, and trying again cannot help. `event_id` is the id, `holder` the record whose event has it,
    "" where that was not found.
    """

    def __init__(self, event_id: str, holder: str = "") -> None:
        self.event_id = event_id
        self.holder = holder
        place = f" of {holder}" if holder else " of another record"
        super().__init__(f"id {event_id}: is the id of an event{place} already; nothing was written")
