"""Whether a file may be chosen for an audit: open for long enough, and chosen by the role that alone may choose it."""

from events.errors import Refused
from services.audits.commands import AllocateAudit
from services.clock import local_date
from services.command import Situation
from services.obligations.calendar import WorkingCalendar


def require_eligible(command: AllocateAudit, situation: Situation) -> None:
    """Refused unless the file may be chosen on this day (HAL-23, SWI-3, SWI-25, A-HAL-15, A-SWI-10).

    The span since the file was opened must have ended by the day of selection. What an earlier audit asked for is
    not chosen any more, so that a re-audit needs neither.
    """
    if command.reaudit_of is not None:
        return
    selection = situation.policy.selection
    only = selection.by.get(command.audit_type)
    if only is not None and command.role != only:
        raise Refused("role", f"the file of an audit of type {command.audit_type} is chosen by {only} alone")
    wanted = selection.min_open.get(command.audit_type)
    if wanted is None:
        return
    if command.open_since is None:
        raise Refused("open_since", f"is needed: the file must have been open for {wanted}")
    eligible = WorkingCalendar(frozenset(situation.policy.calendar.closures)).shift(command.open_since, wanted)
    if local_date(situation.at) < eligible:
        raise Refused("open_since", f"open since {command.open_since}: it may be chosen from {eligible} ({wanted})")
