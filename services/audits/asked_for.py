"""What an earlier audit asked for: on which day its re-audit or further file is due, and from when it counts."""

from collections.abc import Iterator
from datetime import date

from events.audits import AuditAllocated
from events.reaudits import ReauditCompleted
from events.recorded import Recorded
from services.audits.commands import AllocateAudit
from services.clock import local_date
from services.core.situation import Situation
from services.obligations.model import Obligation, OwedBy

LINKS = {"reaudit_of": "audit.reaudit_completed", "extra_of": "audit.extra_completed"}
"""How an audit names the earlier one, and the event by which that one learns of its return."""


def day_asked_for(command: AllocateAudit, situation: Situation) -> date | None:
    """The day that the earlier audit owes it by; None where none is owed, or only by a day that has passed."""
    today = local_date(situation.at)
    days = (each.due for each in _owed(command, situation) if each.due is not None and each.due >= today)
    return min(days, default=None)


def _owed(command: AllocateAudit, situation: Situation) -> Iterator[Obligation]:
    """What stands of the earlier audit and would be met by the return of this one."""
    for link, event in LINKS.items():
        reference = getattr(command, link)
        if reference is not None:
            yield from _standing(situation.owed_by, f"audit/{reference}", event)


def _standing(owed_by: OwedBy, audit: str, event: str) -> Iterator[Obligation]:
    return (each for each in owed_by(audit, lambda rule: event in rule.met_by) if each.ended() is None)


def too_early(recorded: Recorded, owed_by: OwedBy) -> str:
    """A warning where a re-audit cannot count, or did not, because it comes before its first day (A-ALL-07)."""
    match recorded.fact:
        case AuditAllocated(reaudit_of=str(earlier), due=date() as day):
            audit, words = f"audit/{earlier}", f"its last day, {day}, is"
        case ReauditCompleted():
            day = local_date(recorded.envelope.occurred)
            audit, words = recorded.originator_id, f"it was returned on {day},"
        case _:
            return ""
    standing = _standing(owed_by, audit, LINKS["reaudit_of"])
    opens = [each.opens for each in standing if each.opens is not None and day < each.opens]
    if not opens:
        return ""
    return f"{words} before {max(opens)}, the first on which it counts: the re-audit of the file stays owed"
