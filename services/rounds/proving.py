"""Drawing again what was drawn, from what is recorded alone: the proof that nobody chose by hand."""

from collections.abc import Iterator, Mapping, Sequence

from events.recorded import Recorded
from events.rounds import RoundAssigned, RoundDrawn
from services.case_lists import case_list_aggregate, listed
from services.chance import Histories, Proof, as_known_at, differences
from services.rounds import assigning
from services.rounds.decisions import assignment_seed, filters_of, seed_of, short_of
from services.rounds.drawing import Design, choose
from services.rounds.files_given import given_since
from services.rounds.frame import frame_of


def proofs(reference: str, round_history: Sequence[Recorded], histories: Histories) -> Iterator[Proof]:
    """Every draw and assignment of a round, made again; in the order in which they were made.

    The frame is built afresh from the events of its case list, and is compared by its digest before anything is drawn.
    """
    drawn: dict[str, RoundDrawn] = {}
    for each in round_history:
        match each.fact:
            case RoundDrawn() as fact:
                drawn[fact.draw] = fact
                own = seed_of(reference, fact.draw, fact.frame_digest) == fact.seed
                findings = tuple(_of_draw(fact, histories, as_known_at(each, histories)))
                yield Proof("draw", fact.draw, len(fact.chosen), fact.frame_size, fact.seed, own, findings)
            case RoundAssigned() as fact:
                frame = drawn[fact.draw]
                findings = tuple(_of_assignment(fact, frame))
                own = assignment_seed(frame, fact.room) == fact.seed
                yield Proof("assignment", fact.draw, len(fact.pairs), len(fact.room), fact.seed, own, findings)


def _of_draw(fact: RoundDrawn, histories: Histories, known: Histories) -> Iterator[str]:
    history = histories(case_list_aggregate(fact.cases))
    versions = history[-1].originator_version if history else 0
    if versions < fact.cases_version:
        yield f"the case list {fact.cases} has {versions} events, the draw was made after {fact.cases_version}"
        return
    recent = given_since(fact.not_since, fact.on, known) if fact.not_since else set()
    for child in fact.excluded:
        if child not in recent:
            yield f"{child} was left out as recently audited, and nothing on record says so"
    frame = frame_of(
        listed([each for each in history if each.originator_version <= fact.cases_version], fact.cases),
        filters_of(fact),
        fact.excluded,
    )
    if (len(frame.children), frame.digest) != (fact.frame_size, fact.frame_digest):
        yield f"the frame of {len(frame.children)} children is another one than that of {fact.frame_size} on record"
        return
    design = Design(fact.size, fact.seed, fact.method, fact.strata, fact.spread, fact.per)
    yield from differences(fact.chosen, choose(frame.children, design))
    yield from _of_short(short_of(frame, filters_of(fact), design), fact.short)


def _of_short(short: Mapping[str, int], on_record: Mapping[str, int]) -> Iterator[str]:
    """Each team or service of which there are fewer than were asked for, where that is recorded otherwise."""
    for name in sorted({*short, *on_record}):
        match short.get(name), on_record.get(name):
            case there, None:
                yield f"{name} has {there} in the frame, and fewer than were asked for; on record it has enough"
            case None, said:
                yield f"{name} has enough in the frame, on record it has {said}"
            case there, said if there != said:
                yield f"{name} has {there} in the frame, on record it has {said}"


def _of_assignment(fact: RoundAssigned, drawn: RoundDrawn) -> Iterator[str]:
    again = assigning.assign(drawn.chosen, fact.room, fact.loads, fact.barred, fact.seed)
    for child in sorted({*again.pairs, *fact.pairs}):
        if again.pairs.get(child) != fact.pairs.get(child):
            yield f"the seed gives {child} to {again.pairs.get(child)}, on record is {fact.pairs.get(child)}"
