"""Taking what was decided into the histories: one envelope, and each record its facts with their versions."""

from events.commands import CommandNamed
from events.envelope import Envelope
from events.recorded import Recorded
from services.core.command import Command
from services.core.deciding import Decision
from services.core.histories import Histories
from services.core.identity import Known
from services.core.named import named_aggregate
from services.core.record import Record


def take(
    decision: Decision, command: Command, record: Record, known: Known, imported: str, histories: Histories
) -> tuple[Recorded, ...]:
    """Have the facts wait to be written; with them, that the command's own id is taken from now on.

    `imported` names the import that brings history in; what happens now is no part of it.
    """
    envelope = Envelope(
        event_id=known.id,
        authority=command.authority,
        actor=command.actor,
        role=command.role,
        occurred=decision.at,
        recorded=decision.now,
        correlation=record.kind.correlation(command.aggregate),
        causation="",
        policy_version=decision.policy.version,
        imported=imported if command.at else "",
        digest=known.digest(),
        unverified=",".join(decision.doubts),
        policy_hash=decision.policy.digest,
    )
    events = []
    for number, each in enumerate(decision.decided):
        taker = histories.record(each.aggregate)
        recorded = Recorded(
            originator_id=each.aggregate,
            originator_version=taker.version + 1,
            fact=each.fact,
            envelope=envelope.numbered(number),
        )
        taker.take(recorded)
        events.append(recorded)
    histories.pending.extend(events)
    if command.id is not None and events:
        histories.named[command.id] = command.aggregate
        fact = CommandNamed(record=command.aggregate)
        histories.pending.append(Recorded(named_aggregate(command.id), 1, fact, envelope.numbered(len(events))))
    return tuple(events)
