"""What an act on an audit means for its month: written in the same batch, so that neither stands without the other."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from events.audits import AuditAllocated, AuditSampled, AuditSubmitted, AuditVoided
from events.base import Fact
from events.errors import Refused
from events.sampling import FileSelected, FileWithdrawn, ReturnCounted, SampleDrawn
from services.audits.state import Audit
from services.clock import local_date
from services.command import Decided, Situation
from services.policy.model import Policy
from services.sampling.month import Month, month_aggregate


def joins(
    reference: str, audit: Audit, facts: Sequence[Fact], situation: Situation, month: Callable[[str], Month]
) -> Iterator[Decided]:
    """For the month: a file came in, was returned or withdrawn. Refused if its team has had its file (SOU-23).

    An audit that is exempted stays its team's file of the month, and is in no frame, since it is not returned
    (A-SOU-03). `audit` is the audit before the facts, `month` gives a month's record. What belongs to a month is
    recorded whatever the policy of the day asks of it: what a later version asks is answered from all of the month.
    """
    one_per_team = situation.policy.months.one_per_team
    for fact in facts:
        match fact:
            case AuditAllocated(reaudit_of=None, extra_of=None):
                record = _record(fact.team, situation.at, situation)
                if fact.audit_type in one_per_team:
                    for each in _records(fact.team, situation.at, situation):
                        _require_free(fact.team, each, month(each), one_per_team)
                selected = FileSelected(audit=reference, audit_type=fact.audit_type, team=fact.team)
                yield Decided(record, selected)
            case AuditSubmitted():
                record = _record(audit.team, situation.at, situation)
                counted = ReturnCounted(
                    audit=reference,
                    audit_type=audit.audit_type or "",
                    grade=fact.grade,
                    service=_service(audit.team, situation.at, situation),
                )
                yield Decided(record, counted)
            case AuditVoided():
                for record in _records_of(audit, situation):
                    held = month(record)
                    if reference in held.selected or reference in held.returned:
                        yield Decided(record, FileWithdrawn(audit=reference))


def marks(facts: Sequence[Fact], policy: Policy) -> Iterator[Decided]:
    """For each audit that a draw chose, where the policy marks them: that it is in the sample (TOR-86)."""
    marked = {each.name for each in policy.samples if each.marked}
    for fact in facts:
        if isinstance(fact, SampleDrawn) and fact.purpose in marked:
            for audit in fact.chosen:
                yield Decided(f"audit/{audit}", AuditSampled(purpose=fact.purpose, month=fact.month))


def _require_free(team: str, record: str, month: Month, types: Collection[str]) -> None:
    for earlier in month.selected.values():
        if earlier.team == team and earlier.audit_type in types:
            rule = f"{team} has its file of {record.partition('/')[2]} already: audit {earlier.audit}"
            raise Refused("team", rule)


def _records_of(audit: Audit, situation: Situation) -> list[str]:
    dates = [audit.dates[event] for event in ("audit.allocated", "audit.submitted") if audit.has(event)]
    return list(dict.fromkeys(record for at in dates for record in _records(audit.team, at, situation)))


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
