"""Errors that are ours and the library's at once: callers of either contract catch what they know."""

from eventsourcing.persistence import DataError, IntegrityError, OperationalError

from events.errors import Conflict, Refused, Unavailable


class StoreUnavailable(OperationalError, Unavailable):
    """The store cannot be reached, is full, or did not answer in time.

    After a timeout the outcome may be unknown. Facts carry their own ids, so repeating the same append is
    safe: what was written is found again and nothing is written twice.
    """


class VersionConflict(IntegrityError, Conflict):
    """That version of the aggregate exists already (or is not the next one). Nothing was written."""


class WriteRefused(DataError, Refused):
    """The append has no valid form: too many events, a body too large, an id that cannot stand in a subject."""
