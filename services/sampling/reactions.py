"""What an act on an audit means for its month: written in the same batch, so that neither stands without the other."""

from collections.abc import Collection, Iterator
from datetime import datetime

from events.audits import AuditAllocated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.errors import Refused
from events.sampling import FileSelected, FileWithdrawn, ReturnCounted
from services.allocation import allocation
from services.clock import local_date
from services.core.situation import Decided, Situation
from services.sampling.state import Month, month_aggregate

PLACED = (AuditAllocated, AuditSubmitted)
"""By which an audit takes its place in a month."""


def joins_month(fact: Fact, situation: Situation) -> Iterator[Decided]:
    """For the month: a file came in, was returned or voided. Refused if its team has had its file (SOU-23).

    An audit that is exempted stays its team's file of the month, and is in no frame, since it is not returned
    (A-SOU-03). What belongs to a month is recorded whatever the policy of the day asks of it: what a later version asks
    is answered from all of the month.
    """
    reference = situation.record.reference
    match fact:
        case AuditAllocated(reaudit_of=None, extra_of=None):
            one_per_team = situation.policy.months.one_per_team
            if fact.audit_type in one_per_team:
                for each in _records(fact.team, situation.at, situation):
                    _require_free(fact.team, each, situation.record_of(each).state, one_per_team)
            selected = FileSelected(audit=reference, audit_type=fact.audit_type, team=fact.team)
            yield Decided(_record(fact.team, situation.at, situation), selected)
        case AuditSubmitted():
            given = allocation(situation.record)
            counted = ReturnCounted(
                audit=reference,
                audit_type=given.audit_type,
                grade=fact.grade,
                service=_service(given.team, situation.at, situation),
            )
            yield Decided(_record(given.team, situation.at, situation), counted)
        case AuditVoided():
            for each in _records_of(situation):
                held: Month = situation.record_of(each).state
                if reference in held.selected or reference in held.returned:
                    yield Decided(each, FileWithdrawn(audit=reference))


def _require_free(team: str, record: str, month: Month, types: Collection[str]) -> None:
    for earlier in month.selected.values():
        if earlier.team == team and earlier.audit_type in types:
            rule = f"{team} has its file of {record.partition('/')[2]} already: audit {earlier.audit}"
            raise Refused("team", rule)


def _records_of(situation: Situation) -> list[str]:
    """Every record of a month in which the audit may stand: of the days on which it was given and returned."""
    team = allocation(situation.record).team
    days = (each.envelope.occurred for each in situation.record.history if isinstance(each.fact, PLACED))
    return list(dict.fromkeys(record for at in days for record in _records(team, at, situation)))


def _record(team: str | None, at: datetime, situation: Situation) -> str:
    """The record of the month that the version in force keeps: the service's own, or the authority's."""
    whole, *own = _records(team, at, situation)
    return own[-1] if own and situation.policy.months.per == "service" else whole


def _records(team: str | None, at: datetime, situation: Situation) -> list[str]:
    """Every record of the month in which a team's file may stand, whichever the version of its day kept."""
    services = [None, _service(team, at, situation)]
    return list(dict.fromkeys(month_aggregate(local_date(at), service) for service in services))


def _service(team: str | None, at: datetime, situation: Situation) -> str | None:
    return situation.directory().unit_of_kind(team, "service", at)
