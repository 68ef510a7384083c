"""Drawing by chance: the right number, no child twice, the same seed the same sample, and the same chance for all."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.rounds.drawing import Design, choose, proportional
from services.rounds.frame import Framed
from tests.services.rounds.scenes import framed

METHODS: tuple[Literal["random", "systematic", "stratified"], ...] = ("random", "systematic", "stratified")
EACH_METHOD = pytest.mark.parametrize("method", METHODS)

WORDS = st.sampled_from(["", "a", "b", "c", "d"])
CHILDREN = st.from_regex(r"K-[0-9]{1,5}", fullmatch=True)
FRAMES = st.lists(
    st.builds(Framed, CHILDREN, WORDS, WORDS, WORDS, WORDS), max_size=60, unique_by=lambda each: each.child
)
DESIGNS = st.builds(
    Design,
    size=st.integers(0, 70),
    seed=st.text(max_size=12),
    method=st.sampled_from(METHODS),
    strata=st.sampled_from([None, "strand", "service"]),
    spread=st.sampled_from([None, "team", "worker"]),
)


@pytest.mark.covers("TOR-32")
@for_all(frame=FRAMES, design=DESIGNS, order=st.randoms(use_true_random=False))
def test_what_every_draw_keeps(frame: list[Framed], design: Design, order: random.Random) -> None:
    """Each draw has its size, nobody twice, only children of the frame, and does not depend on the frame's order."""
    chosen = choose(frame, design)
    assert len(chosen) == len(set(chosen)) == min(design.size, len(frame))
    assert set(chosen) <= {each.child for each in frame}
    shuffled = list(frame)
    order.shuffle(shuffled)
    assert choose(shuffled, design) == chosen == choose(frame, design)


@for_all(frame=FRAMES, size=st.integers(0, 70), seed=st.text(max_size=9))
def test_a_stratified_draw_keeps_its_strata(frame: list[Framed], size: int, seed: str) -> None:
    """Each stratum has its share of the sample, rounded down or up, and never more children than it holds."""
    chosen = set(choose(frame, Design(size, seed, "stratified", "strand")))
    strata = Counter(each.strand for each in frame)
    held = Counter(each.strand for each in frame if each.child in chosen)
    for stratum, members in strata.items():
        share = min(size, len(frame)) * members / len(frame)
        assert int(share) <= held[stratum] <= min(members, -(-min(size, len(frame)) * members // len(frame)))


@pytest.mark.parametrize(
    ("strata", "size", "shares"),
    [
        ({"a": 50, "b": 30, "c": 20}, 10, {"a": 5, "b": 3, "c": 2}),
        ({"a": 61, "b": 28, "c": 11}, 10, {"a": 6, "b": 3, "c": 1}),
        ({"a": 7, "b": 2, "c": 1}, 4, {"a": 3, "b": 1, "c": 0}),
        ({"a": 3}, 3, {"a": 3}),
    ],
)
def test_largest_remainders(strata: dict[str, int], size: int, shares: dict[str, int]) -> None:
    """Shares are rounded down, and what is left goes to the largest remainders."""
    assert proportional(strata, size, "seed") == shares


@pytest.mark.covers("TOR-32")
@for_all(frame=FRAMES, size=st.integers(1, 70), seed=st.text(max_size=9))
def test_a_spread_reaches_every_team(frame: list[Framed], size: int, seed: str) -> None:
    """No team has a second child in a random sample before each team has a first."""
    chosen = set(choose(frame, Design(size, seed, spread="team")))
    held = Counter(each.team for each in frame if each.child in chosen)
    teams = {each.team for each in frame}
    if len(held) < len(teams):
        assert set(held.values()) <= {1}
        assert len(held) == size


def test_a_systematic_draw_passes_through_the_teams() -> None:
    """Every nth child of a row that is ordered by team: each team has its share to within one."""
    frame = framed(103)
    for seed in range(20):
        chosen = set(choose(frame, Design(20, str(seed), "systematic", spread="team")))
        for team, members in Counter(each.team for each in frame).items():
            assert abs(sum(each.team == team for each in frame if each.child in chosen) - 20 * members / 103) < 1


SEEDS = 4000
CRITICAL = {9: 27.88, 29: 58.30, 39: 72.05}
"""The value of chi-square that fair chance passes once in a thousand times, by the degrees of freedom."""


def unevenness(counts: Sequence[int], times: int, size: int) -> float:
    """Chi-square of how often each of some children was drawn, who all have the same chance `size` in so many.

    Drawn without putting back, the counts vary less than by independent throws; the factor makes up for it.
    """
    expected = times * size / len(counts)
    statistic = sum((count - expected) ** 2 / expected for count in counts)
    return statistic * (len(counts) - 1) / (len(counts) - size)


def often(frame: Sequence[Framed], draws: Iterable[Sequence[str]]) -> list[int]:
    counts = Counter(child for chosen in draws for child in chosen)
    return [counts[each.child] for each in frame]


@pytest.mark.covers("TOR-32")
@EACH_METHOD
def test_every_child_has_the_same_chance(method: Literal["random", "systematic", "stratified"]) -> None:
    """Over four thousand seeds no child is drawn more often than fair chance explains, once in a thousand times."""
    frame = framed(40, strands=1)
    drawn = [choose(frame, Design(10, f"seed {each}", method, "strand")) for each in range(SEEDS)]
    assert unevenness(often(frame, drawn), SEEDS, 10) < CRITICAL[39]


def test_pairs_are_drawn_as_often_as_they_should_be() -> None:
    """Not only each child: each pair of children comes together as often as by chance in a random draw."""
    frame = framed(6, teams=1)
    pairs = Counter(choose(frame, Design(2, f"seed {each}")) for each in range(SEEDS))
    expected = SEEDS / 15
    assert len(pairs) == 15
    assert sum((count - expected) ** 2 / expected for count in pairs.values()) < 36.12  # 14 degrees of freedom


def test_fair_within_strata() -> None:
    """In a stratified draw over unequal strata every child of a stratum has the same chance."""
    frame = [Framed(f"K-{each}", strand="large" if each < 30 else "small") for each in range(40)]
    drawn = [choose(frame, Design(8, f"seed {each}", "stratified", "strand")) for each in range(SEEDS)]
    counts = often(frame, drawn)
    assert unevenness(counts[:30], SEEDS, 6) < CRITICAL[29]
    assert unevenness(counts[30:], SEEDS, 2) < CRITICAL[9]


def test_fair_within_teams() -> None:
    """With a spread over teams the children of one team have the same chance as each other."""
    frame = [Framed(f"K-{each}", team="large" if each < 30 else "small") for each in range(40)]
    drawn = [choose(frame, Design(5, f"seed {each}", spread="team")) for each in range(SEEDS)]
    counts = often(frame, drawn)
    for own in (counts[:30], counts[30:]):
        expected = sum(own) / len(own)
        assert sum((count - expected) ** 2 / expected for count in own) < CRITICAL[len(own) - 1]


def test_an_unfair_draw_would_be_found() -> None:
    """The measure tells: a draw that favours one child among forty by a fifth does not pass."""
    frame = framed(40, strands=1)
    drawn = [list(choose(frame, Design(10, f"seed {each}"))) for each in range(SEEDS)]
    for number, chosen in enumerate(drawn):
        if number % 15 == 0 and "K-7" not in chosen:
            chosen[0] = "K-7"
    assert unevenness(often(frame, drawn), SEEDS, 10) > CRITICAL[39]
