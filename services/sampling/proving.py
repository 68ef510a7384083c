"""Drawing a month's samples again from what is recorded alone: the proof that nobody chose by hand."""

from collections.abc import Iterator

from events.sampling import SampleDrawn, Terms
from services.chance import Histories, Proof, as_known_at, differences
from services.sampling.carrying import counted, frame_of, size_of, terms_of
from services.sampling.choosing import choose, seed_of
from services.sampling.state import Month, month_aggregate


def proofs(month: str, service: str | None, histories: Histories) -> Iterator[Proof]:
    """Every sample of a month or longer period, drawn again; in the order in which they were drawn.

    The frame is held against the returns that were on record when it was drawn, and the choice against the seed. Where
    the share carries over, the frame and the size are worked out again as well, from the one record that it is drawn
    of and by the terms that the draw names: that these are the framework's, and which of the frame were in it whatever
    chance said (`always`), is for whoever checks to see in the framework.
    """
    for event in histories(month_aggregate(month, service)):
        if isinstance(event.fact, SampleDrawn):
            known = as_known_at(event, histories)
            months = [Month.of(known(month_aggregate(month, service)))]
            if service is not None:
                months.append(Month.of(known(month_aggregate(month))).of_service(service))
            yield _proof(event.fact, months, known)


def _proof(fact: SampleDrawn, months: list[Month], known: Histories) -> Proof:
    found = _of_frame(fact, months) if fact.terms is None else _of_terms(fact, fact.terms, months[:1], known)
    again = choose(fact.frame, fact.size, fact.seed, fact.always)
    own = seed_of(fact.purpose, fact.month, fact.frame) == fact.seed
    findings = (*found, *differences(fact.chosen, again))
    return Proof("sample", fact.purpose, len(fact.chosen), len(fact.frame), fact.seed, own, findings)


def _of_frame(fact: SampleDrawn, months: list[Month]) -> Iterator[str]:
    strangers = [audit for audit in fact.frame if not any(audit in each.returned for each in months)]
    if strangers:
        yield f"{', '.join(strangers)} stand in the frame, and no return of theirs was on record"


def _of_terms(fact: SampleDrawn, terms: Terms, months: list[Month], known: Histories) -> Iterator[str]:
    """What differs where frame and size are worked out again from what was on record before the draw."""
    held = counted(terms, fact.month, months)
    earlier = [each for month in months for each in month.drawn.get(fact.purpose, ())]
    frame = frame_of(terms, held, earlier, known)
    if strangers := [audit for audit in fact.frame if audit not in frame]:
        yield f"{', '.join(strangers)} stand in the frame, and could not be drawn then"
    if left := [audit for audit in frame if audit not in fact.frame]:
        yield f"{', '.join(left)} could be drawn then, and are not in the frame"
    own = terms_of(terms, held, earlier)
    if (own.counted, own.drawn) != (terms.counted, terms.drawn):
        yield f"{own.drawn} of {own.counted} had been drawn, and not {terms.drawn} of {terms.counted}"
    if fact.size != size_of(own, frame):
        yield f"the share gives {size_of(own, frame)}, and not {fact.size}"
