"""What a round means for an audit, and an audit for a round: held back until it is approved, counted to its target."""

from collections.abc import Iterator
from typing import Protocol

from events.audits import AuditAllocated, AuditExempted, AuditModerated, AuditReassigned, AuditSubmitted, AuditVoided
from events.base import Fact
from events.errors import NotFound, Refused
from events.rounds import (
    FileGiven,
    FilePassedOn,
    FileTakenBack,
    RoundAuditCounted,
    RoundAuditGiven,
    RoundAuditWithdrawn,
)
from services.allocation import allocation
from services.clock import local_date
from services.core.situation import Decided, Situation
from services.policy.describe.wording import listed
from services.rounds.commands import ROUND
from services.rounds.files_given import files_aggregate
from services.rounds.planning import missing_approvals
from services.rounds.state import Round

OF_ROUND = (AuditAllocated, AuditSubmitted, AuditModerated, AuditVoided)
"""What a round is told of its audits."""

OF_FILES = (AuditAllocated, AuditReassigned, AuditVoided, AuditExempted)
"""What the files of a month are told of."""


class OfRound(Protocol):
    """A command that may name the round to which its audit belongs."""

    round: str | None


def require_round(command: OfRound, situation: Situation) -> None:
    """Refused unless everybody whom the policy names had approved the audit's round by then (TOR-28).

    Without such a gate a round is but a word on the audit, unless it was given its place.
    """
    if command.round is None or not situation.policy.rounds.approvals:
        return
    state: Round = situation.record_of(f"{ROUND}{command.round}").state_by(situation.at)
    if state.scheduled is None:
        raise NotFound("round", command.round)
    if missing := list(missing_approvals(state, situation.policy)):
        raise Refused("round", f"audits of {command.round} wait for {listed(missing)}")


def joins_round(fact: Fact, situation: Situation) -> Iterator[Decided]:
    """For the audit's round: the audit was given out, counted or voided.

    An audit that is exempted stays one that the round gave out, so that nobody gives its file out anew, and never
    counts towards the target: it is not returned (A-SOU-03).
    """
    name = fact.round if isinstance(fact, AuditAllocated) else allocation(situation.record).round
    if name is None:
        return
    record, reference = f"{ROUND}{name}", situation.record.reference
    state: Round = situation.record_of(record).state
    if state.scheduled is None:
        return
    match fact:
        case AuditAllocated(audit_type=kind, child=child, auditor=auditor):
            yield Decided(record, RoundAuditGiven(audit=reference, audit_type=kind, child=child, auditor=auditor))
        case AuditVoided():
            if reference in state.given:
                counted = -1 if reference in state.counted else 0
                yield Decided(record, RoundAuditWithdrawn(audit=reference, count=counted))
        case _ if reference not in state.counted and _counts(fact, situation):
            yield Decided(record, RoundAuditCounted(audit=reference))


def _counts(fact: Fact, situation: Situation) -> bool:
    rounds = situation.policy.rounds
    wanted = AuditModerated if rounds.counted == "moderated" else AuditSubmitted
    kind = allocation(situation.record).audit_type
    return isinstance(fact, wanted) and kind in (rounds.counted_types or (kind,))


def joins_files(fact: Fact, situation: Situation) -> Iterator[Decided]:
    """For the files of its month: one was given, passed on or taken back.

    It is recorded whatever the policy of the day asks: a rule that is introduced later looks back on all of it. A file
    whose audit is exempted is read by nobody: it is no load, and the child may be drawn again (A-SOU-03).
    """
    reference, history = situation.record.reference, situation.record.history
    given = history[0].envelope.occurred if history else situation.at
    record = files_aggregate(local_date(given))
    match fact:
        case AuditAllocated(child=child, auditor=auditor):
            yield Decided(record, FileGiven(audit=reference, child=child, auditor=auditor))
        case AuditReassigned(auditor=auditor):
            yield Decided(record, FilePassedOn(audit=reference, auditor=auditor))
        case AuditVoided() | AuditExempted():
            yield Decided(record, FileTakenBack(audit=reference))
