"""What became of a command that was not refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from events.errors import SeparationOfDuties
from events.recorded import Recorded
from services.core.catalogue import Catalogue
from services.core.deciding import Decision
from services.core.histories import Histories
from services.core.record import Record
from services.obligations.warnings import may_begin, too_late


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command that was not refused, with what should be looked at again."""

    result: Literal["accepted", "repeated"]
    events: tuple[Recorded, ...] = ()
    warnings: tuple[str, ...] = ()


def repeated(record: Record, identity: str) -> Outcome:
    """What is said of a command that was carried out before; a refusal that was recorded is raised again."""
    if (refusal := record.refused.get(identity)) is not None:
        raise SeparationOfDuties(refusal.field, refusal.rule)
    return Outcome("repeated")


def accepted(events: tuple[Recorded, ...], decision: Decision, catalogue: Catalogue, histories: Histories) -> Outcome:
    """What is said of the events of a command, once its records have taken them: also what is odd about them.

    A recorded refusal is raised, anew: one that was raised before would hold all that was in memory then.
    """
    if (refusal := decision.refusal) is not None:
        raise SeparationOfDuties(refusal.field, refusal.rule)
    return Outcome("accepted", events, tuple(_warnings(events, decision, catalogue, histories)))


def _warnings(
    events: Sequence[Recorded], decision: Decision, catalogue: Catalogue, histories: Histories
) -> Iterator[str]:
    for each in events:
        record = histories.record(each.originator_id)
        for warn in catalogue.warnings.get(record.kind.name, ()):
            yield from warn(each, record, decision.policy, histories.owed_by)
    for aggregate in dict.fromkeys(each.originator_id for each in events if not each.envelope.imported):
        record = histories.record(aggregate)
        own = [each for each in events if each.originator_id == aggregate]
        if not record.kind.owes or not may_begin(own, histories.policies):
            continue  # nothing is counted from them, so that the record need not be gone through
        if missed := too_late(own, record.history, histories.policies, decision.now):
            yield missed
