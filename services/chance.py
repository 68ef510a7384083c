"""Chance that anybody can make again: an order by hash from a seed that follows from the frame; and the proof of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from events.recorded import Recorded

T = TypeVar("T")


def chance(seed: str, what: str) -> bytes:
    """The SHA-256 of `<seed>:<what>`: by it a frame is put in order, and whoever has a hash can do it again."""
    return sha256(f"{seed}:{what}".encode()).digest()


def by_chance(frame: Iterable[T], seed: str, name: Callable[[T], str]) -> list[T]:
    """The frame in the order of chance. The order in which it came changes nothing."""
    return sorted(frame, key=lambda each: chance(seed, name(each)))


def seed_from(*parts: str) -> str:
    """The seed that follows from what is drawn from, so that nobody can try seeds until one pleases."""
    return sha256("|".join(parts).encode()).hexdigest()[:16]


Histories = Callable[[str], Sequence[Recorded]]
"""The events of a record by its name."""


def as_known_at(event: Recorded, histories: Histories) -> Histories:
    """The histories without what was recorded after an event: a file that was taken back later was given out then."""
    end = event.position

    def known(aggregate: str) -> Sequence[Recorded]:
        return [each for each in histories(aggregate) if end is None or each.position is None or each.position < end]

    return known


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one attempt to draw or assign again. `findings` is empty where it came out the same."""

    what: str
    draw: str
    size: int
    frame: int
    seed: str
    seed_from_frame: bool
    findings: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether it came out the same."""
        return not self.findings


def differences(chosen: Iterable[str], again: Iterable[str]) -> tuple[str, ...]:
    """What a second draw finds of the first: who was put in by hand, and who was left out."""
    found, drawn = set(chosen), set(again)
    by_hand, left = sorted(found - drawn), sorted(drawn - found)
    return (
        *([f"the seed does not draw {', '.join(by_hand)}"] if by_hand else []),
        *([f"the seed draws {', '.join(left)}, who are not in the sample"] if left else []),
    )
