"""Drawing again what was drawn, from what is recorded alone: the proof that nobody chose by hand."""

from collections.abc import Iterator, Sequence

from events.recorded import Recorded
from events.rounds import RoundAssigned, RoundDrawn
from services.case_lists import case_list_aggregate, listed
from services.chance import Histories, Proof, as_known_at, differences
from services.rounds import assigning
from services.rounds.decisions import assignment_seed, filters_of, seed_of
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
    again = choose(frame.children, Design(fact.size, fact.seed, fact.method, fact.strata, fact.spread, fact.per))
    yield from differences(fact.chosen, again)


def _of_assignment(fact: RoundAssigned, drawn: RoundDrawn) -> Iterator[str]:
    again = assigning.assign(drawn.chosen, fact.room, fact.loads, fact.barred, fact.seed)
    for child in sorted({*again.pairs, *fact.pairs}):
        if again.pairs.get(child) != fact.pairs.get(child):
            yield f"the seed gives {child} to {again.pairs.get(child)}, on record is {fact.pairs.get(child)}"
