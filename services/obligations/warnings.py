"""What nobody will be told any more, said to the one whose act came too late for it."""

from collections.abc import Sequence
from datetime import datetime

from events.recorded import Recorded
from services.clock import local_date
from services.obligations.engine import obligations
from services.policy.versions import Policies


def too_late(begun: Sequence[Recorded], history: Sequence[Recorded], policies: Policies, now: datetime) -> str | None:
    """A sentence on the steps whose day had passed when one of the events in `begun` gave cause for them.

    `history` is that of the record with those events in it. The steps are recorded as lapsed, for the same reason.
    """
    causes = {each.envelope.event_id for each in begun}
    missed = [
        f"“{owed.titled(rung, now)}” of {local_date(rung.due):%-d %B %Y}"
        for owed in obligations(history, policies)
        if owed.trigger.envelope.event_id in causes
        for rung in owed.rungs
        if rung.too_late and owed.verdict(rung, now) == "too_late"
    ]
    return f"too late to be sent, so that nobody is told: {', '.join(missed)}" if missed else None
