"""Which acts still count: one that another act took back counts from its own instant until that one, and no longer."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from events.base import Fact
from events.reaudits import ExtraCompleted, ExtraWithdrawn, ReauditAllocated, ReauditCompleted, ReauditWithdrawn
from events.recorded import Recorded
from events.sampling import FileModerated, FileSelected, FileWithdrawn, ReturnCounted

WITHDRAWING = (ReauditWithdrawn, ExtraWithdrawn, FileWithdrawn)
"""What takes back what was done in one file: most histories hold none of it."""

Spans = Iterable[tuple[datetime, datetime | None]]
"""From when each act counts, and until when; None for good."""


def taken_back(acts: Sequence[Recorded]) -> list[datetime | None]:
    """For each act when it was taken back, None if it stands (A-ALL-14).

    What was done in a re-audit, a further file or a file of the month ends with the act that withdrew that file.
    """
    ends: dict[tuple[str, str], datetime] = {}
    found: list[datetime | None] = []
    for act in reversed(acts):
        if withdrawn := _withdraws(act.fact):
            ends[withdrawn] = act.envelope.occurred
        found.append(ends.get(done) if ends and (done := _done_in(act.fact)) else None)
    return found[::-1]


def _withdraws(fact: Fact) -> tuple[str, str] | None:
    match fact:
        case ReauditWithdrawn(reaudit=reference):
            return "re-audit", reference
        case ExtraWithdrawn(extra=reference):
            return "further file", reference
        case FileWithdrawn(audit=reference):
            return "file of the month", reference
    return None


def _done_in(fact: Fact) -> tuple[str, str] | None:
    match fact:
        case ReauditAllocated(reaudit=reference) | ReauditCompleted(reaudit=reference):
            return "re-audit", reference
        case ExtraCompleted(extra=reference):
            return "further file", reference
        case FileSelected(audit=reference) | ReturnCounted(audit=reference) | FileModerated(audit=reference):
            return "file of the month", reference
    return None


def met_while(spans: Spans, count: int) -> list[tuple[datetime, bool]]:
    """At each change, whether at least `count` of the acts counted then."""
    steps = [step for since, until in spans for step in ((since, 1), *([(until, -1)] if until is not None else []))]
    standing, changes = 0, []
    for when, step in sorted(steps):
        standing += step
        changes.append((when, standing >= count))
    return changes
