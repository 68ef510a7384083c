"""What follows when a policy is to be adopted: that it was, with all that it says, or why it may not be.

What was decided stays decided: a version is adopted once, under a name of its own, and from today or a later day on. So
no day that has passed ever gets other rules, and an event that names a version means what that version said when it was
adopted, whatever became of files and libraries since.
"""

from collections.abc import Sequence
from datetime import date

from events.errors import Refused
from events.policies import PolicyAdopted
from services.obligations import calendar
from services.policy.adopted import AdoptedPolicy, Content, same_rules
from services.policy.model import Policy
from services.policy.versions import Policies

FIRST_YEAR, YEARS_AHEAD = 2000, 30
"""The years of which the bank holidays are kept: what is imported reaches back, what is owed reaches ahead."""


def taken_over(files: Policies) -> list[PolicyAdopted]:
    """The versions as the files have them, each from its own day: what an authority's work begins with."""
    return [_adopted(each, each.effective_from, taken_over=True) for each in files.versions]


def adopt(proposed: Policy, standing: Sequence[AdoptedPolicy], since: date, today: date) -> list[PolicyAdopted]:
    """That a version is adopted from a day on; nothing where it is already, with the same words from the same day.

    Refused, naming the field, for a day that has passed or lies before one of an earlier adoption, and for a version
    whose name was adopted with other words or from another day.
    """
    before = next((each for each in standing if each.version == proposed.version), None)
    if before is not None:
        if not same_rules(proposed, before):
            raise Refused(
                "version", f"{proposed.version} was adopted with other words; give these a version of its own"
            )
        if before.effective_from != since:
            raise Refused("from", f"version {proposed.version} is adopted from {before.effective_from} on already")
        return []
    if since < today:
        raise Refused("from", f"{since} has passed: what was decided since stays; name today or a later day")
    later = max((each.effective_from for each in standing), default=None)
    if later is not None and since <= later:
        raise Refused("from", f"{since} is not after {later}, from which another version is adopted already")
    return [_adopted(proposed, since)]


def holidays_known(since: date) -> tuple[date, ...]:
    """The bank holidays that are kept with a policy which is in force from that day, as they are known now."""
    years = range(min(FIRST_YEAR, since.year), since.year + YEARS_AHEAD)
    return tuple(sorted(day for year in years for day in calendar.bank_holidays(year)))


def _adopted(policy: Policy, since: date, *, taken_over: bool = False) -> PolicyAdopted:
    content = Content.of(policy, holidays_known(since))
    return PolicyAdopted(
        version=policy.version,
        framework=policy.framework,
        since=since,
        digest=content.digest,
        size=content.size,
        content=content.packed(),
        taken_over=taken_over,
    )
