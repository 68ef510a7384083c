"""What a round means for an audit: held back until it is approved, and counted towards the round's target."""

from collections.abc import Iterator, Sequence

from events.audits import AuditAllocated, AuditModerated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.errors import NotFound, Refused
from events.rounds import RoundAuditCounted, RoundAuditGiven, RoundAuditWithdrawn
from services.audits.commands import AllocateAudit
from services.audits.state import Audit
from services.command import Decided, Situation
from services.policy.model import Policy
from services.policy.phrases import listed
from services.rounds.commands import ROUND
from services.rounds.files import joins_files
from services.rounds.planning import missing_approvals
from services.rounds.state import Round


def require_round(command: AllocateAudit, situation: Situation) -> None:
    """Refused unless everybody whom the policy names had approved the audit's round by then (TOR-28).

    Without such a gate a round is but a word on the audit, unless it was given its place.
    """
    if command.round is None or not situation.policy.rounds.approvals:
        return
    history = situation.history(f"{ROUND}{command.round}")
    state = Round.of(each for each in history if each.envelope.occurred <= situation.at)
    if state.scheduled is None:
        raise NotFound("round", command.round)
    if missing := list(missing_approvals(state, situation.policy)):
        raise Refused("round", f"audits of {command.round} wait for {listed(missing)}")


def joins_round(reference: str, audit: Audit, facts: Sequence[Fact], situation: Situation) -> Iterator[Decided]:
    """For the audit's round and for the files of its month: given out, counted, withdrawn.

    An audit that is exempted stays one that the round gave out, so that nobody gives its file out anew, and never
    counts towards the target: it is not returned (A-SOU-03). `audit` is the audit before the facts.
    """
    for fact in facts:
        name = fact.round if isinstance(fact, AuditAllocated) else audit.round
        if name is not None:
            yield from _of_round(name, reference, audit, fact, situation)
    yield from joins_files(reference, audit, facts, situation)


def _of_round(name: str, reference: str, audit: Audit, fact: Fact, situation: Situation) -> Iterator[Decided]:
    if not isinstance(fact, AuditAllocated | AuditSubmitted | AuditModerated | AuditVoided):
        return
    record = f"{ROUND}{name}"
    state = Round.of(situation.history(record))
    if state.scheduled is None:
        return
    match fact:
        case AuditAllocated(audit_type=kind, child=child, auditor=auditor):
            yield Decided(record, RoundAuditGiven(audit=reference, audit_type=kind, child=child, auditor=auditor))
        case AuditVoided():
            if reference in state.given:
                counted = -1 if reference in state.counted else 0
                yield Decided(record, RoundAuditWithdrawn(audit=reference, count=counted))
        case _ if _counts(reference, audit, fact, state, situation.policy):
            yield Decided(record, RoundAuditCounted(audit=reference))


def _counts(reference: str, audit: Audit, fact: Fact, state: Round, policy: Policy) -> bool:
    rounds = policy.rounds
    wanted = AuditModerated if rounds.counted == "moderated" else AuditSubmitted
    kind = audit.audit_type or ""
    return isinstance(fact, wanted) and kind in (rounds.counted_types or (kind,)) and reference not in state.counted
