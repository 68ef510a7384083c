"""Samples of a month are proven like the draws of a round: made again from what is recorded, and compared."""

from dataclasses import replace

import pytest

from events.recorded import Recorded
from events.sampling import SampleDrawn
from services.chance import Proof
from services.sampling.proving import proofs
from tests.edited import policies_of
from tests.given import Scene, given
from tests.lives import QA, Life, people

SAMPLES = "samples:\n  - {name: discussion, share: 20, at_least: 2, always: lowest}\n\nobligations:\n"
MONTH = "2026-01"


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Seven audits were returned in the month, and a sample of them was drawn."""
    folder = tmp_path_factory.mktemp("policies")
    desk = given(
        *people("halton"), authority="halton", policies=policies_of(folder, "halton", [("obligations:\n", SAMPLES)])
    )
    for number in range(7):
        life = Life("halton", f"A-{number}", child=f"C-{number}").allocated("2026-01-02", due="2026-02-27")
        desk.do(*life.submitted(f"2026-01-{20 + number}", "Inadequate" if number == 3 else None))
    desk.do(
        {
            "command": "sample.draw",
            "authority": "halton",
            **QA,
            "at": "2026-02-02",
            "purpose": "discussion",
            "month": MONTH,
        }
    )
    return desk


def proven(desk: Scene, **changes: object) -> Proof:
    """The proof of the sample, with the event changed as somebody might have recorded it by hand."""

    def histories(aggregate: str) -> list[Recorded]:
        return [
            replace(each, fact=each.fact.model_copy(update=changes)) if isinstance(each.fact, SampleDrawn) else each
            for each in desk.store.load(aggregate)
        ]

    [proof] = proofs(MONTH, None, histories)
    return proof


def drawn(desk: Scene) -> SampleDrawn:
    return next(each.fact for each in desk.store.load(f"month/{MONTH}") if isinstance(each.fact, SampleDrawn))


@pytest.mark.covers("SOU-26")
def test_it_comes_out_the_same(desk: Scene) -> None:
    """What chance chose, and the lowest grade beside it, is found again from the record."""
    proof = proven(desk)
    assert (proof.sound, proof.size, proof.frame, proof.seed_from_frame) == (True, len(drawn(desk).chosen), 7, True)
    assert "A-3" in drawn(desk).chosen


@pytest.mark.covers("SOU-26")
def test_a_file_chosen_by_hand(desk: Scene) -> None:
    """One file in the place of another is named, both of them."""
    sample = drawn(desk)
    taken, put = sample.chosen[0], next(each for each in sample.frame if each not in sample.chosen)
    proof = proven(desk, chosen=(put, *sample.chosen[1:]))
    assert proof.findings == (f"the seed does not draw {put}", f"the seed draws {taken}, who are not in the sample")


def test_a_file_that_was_not_returned(desk: Scene) -> None:
    """A frame with an audit that nobody had returned when it was drawn is no frame of that month."""
    proof = proven(desk, frame=(*drawn(desk).frame, "Z-9"))
    assert proof.findings[0] == "Z-9 stand in the frame, and no return of theirs was on record"
    assert not proof.seed_from_frame


def test_what_came_later_changes_nothing(desk: Scene) -> None:
    """An audit that is voided after the draw, or returned after it, leaves the proof as it was."""
    sample = drawn(desk)
    void = {"command": "audit.void", "authority": "halton", **QA, "at": "2026-02-05", "audit": sample.chosen[0]}
    desk.do({**void, "reason": "the wrong file"})
    assert proven(desk).sound
