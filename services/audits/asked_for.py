"""What an earlier audit asked for: on which day its re-audit or further file is due, and from when it counts."""

from collections.abc import Iterator
from datetime import date

from services.audits.commands import AllocateAudit
from services.clock import local_date
from services.command import Situation
from services.obligations.model import Obligation

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
            for each in situation.owed_by(f"audit/{reference}"):
                if event in each.rule.met_by and each.ended() is None:
                    yield each
