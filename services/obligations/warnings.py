"""What nobody will be told any more, said to the one whose act came too late for it."""

from collections.abc import Sequence
from datetime import datetime

from events.recorded import Recorded
from services.clock import local_date
from services.obligations.engine import obligations
from services.obligations.framework import framework_of
from services.policy.versions import Policies


def may_begin(events: Sequence[Recorded], policies: Policies) -> bool:
    """Whether a clock may be counted from one of these events, by the rules that each was judged by.

    It is said of each event by itself: a rule that asks how the record stood as well may not begin all the same.
    """
    return any(framework_of(policies.version(each.envelope.policy_version)).may_begin_by(each.fact) for each in events)


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
