"""What an act on an audit means for its month: written in the same batch, so that neither stands without the other."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import get_args

from events.audits import AuditAllocated, AuditModerated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.errors import Refused
from events.sampling import FileModerated, FileSelected, FileWithdrawn, ReturnCounted
from events.vocabulary import SampledEvery
from services.allocation import allocation
from services.clock import local_date
from services.core.situation import Decided, Situation
from services.obligations.periods import key_of
from services.sampling.carrying import is_moderated
from services.sampling.state import Month, period_aggregate

PLACED = (AuditAllocated, AuditSubmitted, AuditModerated)
"""By which an audit takes its place in a month."""


def joins_month(fact: Fact, situation: Situation) -> Iterator[Decided]:
    """For the month: a file came in, was returned or voided. Refused if its team has had its file (SOU-23).

    An audit that is exempted stays its team's file of the month, and is in no frame, since it is not returned
    (A-SOU-03). Files and returns are recorded whatever the policy of the day asks of them: what a later version
    asks is answered from all of the month. Moderations are recorded only where a sample asks for them: one that is
    adopted within a period counts what is moderated from then on.
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
            for each in _records_of(situation, *get_args(SampledEvery)):
                held: Month = situation.record_of(each).state
                if any(reference in each for each in (held.selected, held.returned, held.moderated)):
                    yield Decided(each, FileWithdrawn(audit=reference))
        case AuditModerated(grade=grade) if not is_moderated(situation.record.history):
            yield from _moderated(grade, situation)


def _moderated(grade: str | None, situation: Situation) -> Iterator[Decided]:
    """An audit's first moderation, for the records whose samples ask for it; nothing where the policy has none such.

    What is drawn of moderated audits is drawn by the period of the moderation, and what is drawn of those that are not
    by that of the return.
    """
    policy, reference = situation.policy, situation.record.reference
    if all(each.of == "returned" for each in policy.samples):
        return
    given, day, year = allocation(situation.record), local_date(situation.at), policy.calendar.year_start
    service = _service(given.team, situation.at, situation)
    told = {"audit": reference, "audit_type": given.audit_type, "grade": grade, "service": service}
    found: dict[str, SampledEvery | None] = {
        _record(given.team, situation.at, situation, each.every): each.every
        for each in policy.samples
        if each.of == "moderated"
    }
    if any(each.of == "unmoderated" for each in policy.samples):
        found |= {
            record: None
            for record in _records_of(situation, "month")
            if record not in found and reference in situation.record_of(record).state.returned
        }
    for record, every in found.items():
        yield Decided(record, FileModerated(**told, every=every, period=key_of(every or "month", day, year)))


def _require_free(team: str, record: str, month: Month, types: Collection[str]) -> None:
    for earlier in month.selected.values():
        if earlier.team == team and earlier.audit_type in types:
            rule = f"{team} has its file of {record.partition('/')[2]} already: audit {earlier.audit}"
            raise Refused("team", rule)


def _records_of(situation: Situation, *periods: SampledEvery) -> list[str]:
    """Every record of such a period in which the audit may stand, whatever is sampled now: of the days of its acts."""
    team = allocation(situation.record).team
    days = [each.envelope.occurred for each in situation.record.history if isinstance(each.fact, PLACED)]
    held = (_records(team, at, situation, every) for every in periods for at in days)
    return list(dict.fromkeys(record for records in held for record in records))


def _record(team: str | None, at: datetime, situation: Situation, every: SampledEvery = "month") -> str:
    """The record that the version in force keeps of the period: the service's own, or the authority's."""
    whole, *own = _records(team, at, situation, every)
    return own[-1] if own and situation.policy.months.per == "service" else whole


def _records(team: str | None, at: datetime, situation: Situation, every: SampledEvery = "month") -> list[str]:
    """Every record of the period in which a team's file may stand, whichever the version of its day kept."""
    services = [None, _service(team, at, situation)]
    day, year = local_date(at), situation.policy.calendar.year_start
    return list(dict.fromkeys(period_aggregate(every, day, service, year) for service in services))


def _service(team: str | None, at: datetime, situation: Situation) -> str | None:
    return situation.directory().unit_of_kind(team, "service", at)
