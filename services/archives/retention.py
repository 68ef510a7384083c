"""What of a history is old enough to be archived (A-ALL-16): by the policy's period, or by a day that was named."""

from datetime import date, datetime, time

from events.errors import Refused
from services.clock import at_local, day_in_words
from services.obligations.calendar import WorkingCalendar
from services.policy.model import Policy


def kept_since(policy: Policy, today: date) -> date | None:
    """The day from which on everything recorded stays live; None where the policy gives no period."""
    if policy.retention is None:
        return None
    calendar = WorkingCalendar.of(policy)
    return calendar.shift(today, policy.retention.period, -1)


def old_before(policy: Policy, today: date, named: datetime | None, now: datetime) -> datetime:
    """The instant before which what was recorded may be archived: the one `named`, or the policy's.

    Refused where neither gives one, and where the named one is later than the policy's, or has not come.
    """
    since = kept_since(policy, today)
    if named is None and since is None:
        raise Refused("before", f"the policy of {policy.authority} gives no period (`retention`): name the day")
    latest = now if since is None else at_local(since, time())
    if named is not None and named > latest:
        if since is None:
            raise Refused("before", "lies ahead")
        raise Refused(
            "before", f"the policy keeps live what was recorded since {day_in_words(since)}: name no later day"
        )
    return named or latest
