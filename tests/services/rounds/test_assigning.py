"""Giving children to auditors by chance: within room and conflicts, evenly, for every child if there is any way."""

from collections import Counter
from itertools import permutations, product

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.rounds.assigning import assign

CHILDREN = ("K-1", "K-2", "K-3", "K-4")
AUDITORS = ("P-1", "P-2", "P-3")
ROOMS = st.fixed_dictionaries(dict.fromkeys(AUDITORS, st.integers(0, 2)))
LOADS = st.fixed_dictionaries(dict.fromkeys(AUDITORS, st.integers(0, 2)))
BARRED = st.fixed_dictionaries(dict.fromkeys(CHILDREN, st.sets(st.sampled_from(AUDITORS)).map(tuple)))


def most(room: dict[str, int], barred: dict[str, tuple[str, ...]]) -> int:
    """How many children could be served at best: every way is tried."""
    best = 0
    for way in product((None, *AUDITORS), repeat=len(CHILDREN)):
        pairs = [(child, each) for child, each in zip(CHILDREN, way, strict=True) if each]
        held = Counter(each for _, each in pairs)
        if all(each not in barred[child] for child, each in pairs) and all(held[a] <= room[a] for a in held):
            best = max(best, len(pairs))
    return best


@pytest.mark.covers("TOR-33")
@for_all(room=ROOMS, loads=LOADS, barred=BARRED, seed=st.text(max_size=6))
def test_as_many_as_can_be_served(
    room: dict[str, int], loads: dict[str, int], barred: dict[str, tuple[str, ...]], seed: str
) -> None:
    """Nobody passes their room or audits against a rule, and no way serves more children."""
    found = assign(CHILDREN, room, loads, barred, seed)
    held = Counter(found.pairs.values())
    assert all(held[each] <= room[each] for each in AUDITORS)
    assert all(auditor not in barred[child] for child, auditor in found.pairs.items())
    assert len(found.pairs) == most(room, barred)
    assert {*found.pairs, *(each.child for each in found.stuck)} == set(CHILDREN)
    reverse = dict(reversed(room.items()))
    assert assign(CHILDREN[::-1], reverse, loads, barred, seed) == found


@pytest.mark.covers("TOR-33")
def test_nobody_has_two_before_all_have_one() -> None:
    """Files are spread evenly, and who has more of them already gets the next ones last."""
    children = [f"K-{number}" for number in range(7)]
    room = dict.fromkeys(["P-1", "P-2", "P-3", "P-4"], 4)
    for seed in range(30):
        held = Counter(assign(children, room, dict.fromkeys(room, 0), {}, str(seed)).pairs.values())
        assert sorted(held.values()) == [1, 2, 2, 2]
        loaded = Counter(assign(children, room, {"P-1": 3}, {}, str(seed)).pairs.values())
        assert loaded["P-1"] == 0
        assert sorted(loaded[each] for each in ("P-2", "P-3", "P-4")) == [2, 2, 3]


@pytest.mark.covers("TOR-33")
def test_every_pairing_is_as_likely() -> None:
    """Without conflicts each of the 24 ways of giving four files to four people comes as often as any other."""
    people = ["P-1", "P-2", "P-3", "P-4"]
    ways = Counter(
        tuple(assign(CHILDREN, dict.fromkeys(people, 1), {}, {}, f"seed {each}").pairs.values()) for each in range(4800)
    )
    assert set(ways) == set(permutations(people))
    assert sum((count - 200) ** 2 / 200 for count in ways.values()) < 49.73  # 23 degrees of freedom, once in a thousand


def test_who_is_full_is_named() -> None:
    """A child that is left over comes with those who could audit it and have what they may take."""
    found = assign(["K-1", "K-2"], {"P-1": 1, "P-2": 5}, {}, {"K-1": ("P-2",), "K-2": ("P-2",)}, "seed")
    [stuck] = found.stuck
    assert stuck.full == ("P-1",)
    [alone] = assign(["K-1"], {"P-1": 1}, {}, {"K-1": ("P-1",)}, "seed").stuck
    assert (alone.child, alone.full) == ("K-1", ())
