"""Drawing a month's samples again from what is recorded alone: the proof that nobody chose by hand."""

from collections.abc import Iterator

from events.sampling import SampleDrawn
from services.chance import Histories, Proof, as_known_at, differences
from services.sampling.drawing import choose, seed_of
from services.sampling.state import Month, month_aggregate


def proofs(month: str, service: str | None, histories: Histories) -> Iterator[Proof]:
    """Every sample of a month, drawn again; in the order in which they were drawn.

    The frame is held against the returns that were on record when it was drawn, and the choice against the seed.
    """
    for event in histories(month_aggregate(month, service)):
        if isinstance(event.fact, SampleDrawn):
            known = as_known_at(event, histories)
            returned = {audit for name in {service, None} for audit in _month(month, name, known).returned}
            yield _proof(event.fact, returned)


def _month(month: str, service: str | None, histories: Histories) -> Month:
    return Month.of(histories(month_aggregate(month, service)))


def _proof(fact: SampleDrawn, returned: set[str]) -> Proof:
    strangers = [audit for audit in fact.frame if audit not in returned]
    again = choose(fact.frame, fact.size, fact.seed, fact.always)
    own = seed_of(fact.purpose, fact.month, fact.frame) == fact.seed
    findings = differences(fact.chosen, again)
    if strangers:
        findings = (f"{', '.join(strangers)} stand in the frame, and no return of theirs was on record", *findings)
    return Proof("sample", fact.purpose, len(fact.chosen), len(fact.frame), fact.seed, own, findings)
