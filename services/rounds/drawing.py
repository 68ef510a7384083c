"""Drawing from a frame by chance: three methods, each a pure function of frame, size and seed.

Chance comes from the SHA-256 of `<seed>:<child>`, so that anybody can draw again with nothing but a hash. Every child
of a frame has the same chance: exactly so for the random draw without a spread and for the systematic one, within
each stratum for the stratified one, within each team for a spread over teams.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from events.vocabulary import Method
from services.chance import by_chance, chance
from services.rounds.frame import Framed


@dataclass(frozen=True, slots=True)
class Design:
    """How to draw. `strata`, `spread` and `per` name a trait of `Framed`; with `per` the size is that of each."""

    size: int
    seed: str
    method: Method = "random"
    strata: str | None = None
    spread: str | None = None
    per: str | None = None


def choose(frame: Sequence[Framed], design: Design) -> tuple[str, ...]:
    """The children drawn, in the order of their references: `size` of them, or all where there are fewer.

    The order of the frame changes nothing; the same seed draws the same children. With `per` that is of each.
    """
    ranked = by_chance(frame, design.seed, lambda each: each.child)
    if design.per is not None:
        return tuple(
            sorted(each.child for held in by_trait(ranked, design.per).values() for each in held[: design.size])
        )
    size = min(design.size, len(ranked))
    match design.method:
        case "systematic":
            drawn = _systematic(ranked, size, design)
        case "stratified":
            drawn = list(_stratified(ranked, size, design))
        case _:
            drawn = _spread(ranked, design.spread)[:size]
    return tuple(sorted(each.child for each in drawn))


def by_trait(children: Iterable[Framed], trait: str | None) -> Mapping[str, list[Framed]]:
    """The children of each team (service, practitioner, strand), in their order; without a trait, all of them."""
    found: defaultdict[str, list[Framed]] = defaultdict(list)
    for each in children:
        found[getattr(each, trait) if trait else ""].append(each)
    return found


def _spread(ranked: Sequence[Framed], trait: str | None) -> list[Framed]:
    """The order by chance, but the first of each team (practitioner, service, strand) before the second of any."""
    if trait is None:
        return list(ranked)
    seen: set[str] = set()
    firsts: list[Framed] = []
    others: list[Framed] = []
    for each in ranked:
        held = getattr(each, trait)
        (others if held in seen else firsts).append(each)
        seen.add(held)
    return [*firsts, *others]


def _systematic(ranked: Sequence[Framed], size: int, design: Design) -> list[Framed]:
    """Every nth child from a start by chance, with the frame ordered by stratum, team and chance."""
    traits = [trait for trait in (design.strata, design.spread) if trait]
    row = sorted(ranked, key=lambda each: [getattr(each, trait) for trait in traits])
    start = int.from_bytes(chance(design.seed, "start"), "big") % len(row) if row else 0
    # Whole numbers alone: each place of the row is hit by `size` of the `len(row)` starts, so by the same chance.
    return [row[(start + number * len(row)) // size] for number in range(size)]


def _stratified(ranked: Sequence[Framed], size: int, design: Design) -> Iterator[Framed]:
    """From each stratum its proportional share, drawn at random within it."""
    strata = by_trait(ranked, design.strata)
    shares = proportional({name: len(held) for name, held in strata.items()}, size, design.seed)
    for name, held in strata.items():
        yield from _spread(held, design.spread)[: shares[name]]


def proportional(strata: Mapping[str, int], size: int, seed: str) -> dict[str, int]:
    """How many of each stratum: its share of `size` rounded down, and one more to the largest remainders.

    Equal remainders are told apart by chance. `size` is at most the number of all.
    """
    whole = sum(strata.values())
    shares = {name: size * held // whole for name, held in strata.items()}
    left = size - sum(shares.values())
    order = sorted(strata, key=lambda name: (-(size * strata[name] % whole), chance(seed, f"stratum {name}")))
    for name in order[:left]:
        shares[name] += 1
    return shares
