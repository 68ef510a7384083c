"""What parts of the domain know of an audit that is not theirs: the event by which it was given out."""

from events.audits import AuditAllocated
from services.core.record import Record


def allocation(record: Record) -> AuditAllocated:
    """The allocation of an audit that has one; it is the first of its events."""
    return next(each.fact for each in record.history if isinstance(each.fact, AuditAllocated))
