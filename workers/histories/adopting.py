"""Adopting policies: what an authority's work begins with, and what somebody decides afterwards."""

from collections.abc import Sequence
from datetime import date

from events.base import Fact
from events.errors import Conflict
from events.recorded import Recorded
from services.adoption.decisions import adopt, taken_over
from services.adoption.module import ADOPT
from services.clock import local_date
from services.core.own_events import own_envelope
from services.core.own_names import OPERATOR, SYSTEM_ACTOR, SYSTEM_ROLE
from services.core.random_ids import random_id
from services.log import Log
from services.policy.adopted import RECORD
from services.policy.model import Policy
from workers.histories.accepting import By, require_power
from workers.system import System

log = Log(__name__)

FIRST = By(SYSTEM_ACTOR, SYSTEM_ROLE)
THE_OPERATOR = By(OPERATOR, SYSTEM_ROLE)


def begin(system: System) -> None:
    """Have every authority that adopted no policy yet begin with what the files say."""
    for authority in system.authorities:
        if take_over(system, authority):
            log.info("policies taken over from the files", authority=authority)


def take_over(system: System, authority: str) -> bool:
    """Begin with the policies as the files have them, where nothing was adopted yet; whether that was so.

    A council that worked before policies were adopted goes on by the same. Of two who try at once one does it.
    """
    if system.rules.adopted(authority).adopted:
        return False
    files = system.rules.proposed[authority]
    try:
        _record(system, authority, taken_over(files), FIRST)
    except Conflict:  # another process was first: what it took over stands
        system.rules.renew(authority)
        return False
    return True


def adopted_by(system: System, proposed: Policy, since: date, by: By) -> bool:
    """Have a version adopted from a day on by somebody who may; whether it was news.

    A repeat changes nothing. Refused or Forbidden with nothing written; Conflict where somebody else adopted one
    meanwhile.
    """
    authority = proposed.authority
    system.rules.renew(authority)
    require_allowed(system, authority, by)
    today = local_date(system.clock())
    facts = adopt(proposed, system.rules.adopted(authority).versions(), since, today)
    if facts:
        _record(system, authority, facts, by)
    return bool(facts)


def require_allowed(system: System, authority: str, by: By) -> None:
    """Refused or Forbidden unless they may adopt a policy today; the operator of an embedded default may."""
    if by != THE_OPERATOR:
        require_power(system, authority, ADOPT, by)


def _record(system: System, authority: str, facts: Sequence[Fact], by: By) -> None:
    now, name = system.clock(), random_id()
    policy = system.policies[authority].in_force(local_date(now))
    version = system.rules.adopted(authority).version
    told = own_envelope(name, about=RECORD, authority=authority, policy=policy, now=now, by=(by.actor, by.role))
    system.history(authority).append(
        *(Recorded(RECORD, version + number, fact, told.numbered(number)) for number, fact in enumerate(facts, start=1))
    )
    system.rules.renew(authority)
