"""Agreement of auditors and moderators: worked tables, and what holds for any."""

from datetime import date
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.reports.agreement import CrossTable, Pair, agreement, cross_table, drift, of_table, steps_apart

DAY = date(2026, 3, 2)
NONE, ALL = Fraction(0), Fraction(1)
Drawn = tuple[int, list[tuple[int, int]]]


def pair(given_: int, moderated: int, *, auditor: str = "P-A", moderator: str = "P-M", on: date = DAY) -> Pair:
    return Pair(f"audit/{given_}{moderated}", given_, moderated, auditor, moderator, on)


def test_kappa_misleads_where_nearly_all_grades_are_alike_and_ac2_does_not() -> None:
    """28 of 30 alike on a scale of four, one raised and one lowered by a grade."""
    found = of_table(((0, 0, 0, 0), (0, 28, 1, 0), (0, 1, 0, 0), (0, 0, 0, 0)))
    # One grade apart weighs 8/9. Both used the second grade 29 times and the third once.
    observed = Fraction(28, 30) + Fraction(2, 30) * Fraction(8, 9)
    by_chance = Fraction(29 * 29 + 1, 900) + Fraction(2 * 29, 900) * Fraction(8, 9)
    assert found.kappa == (observed - by_chance) / (1 - by_chance) == Fraction(-1, 29)
    # All sixteen weights: four of 1, six of 8/9, four of 5/9, two of 0, that is 104/9.
    guessed = Fraction(104, 9) / (4 * 3) * (2 * Fraction(29, 30) * Fraction(1, 30))
    assert found.ac2 == (observed - guessed) / (1 - guessed)
    assert (round(float(found.kappa), 2), round(float(found.ac2 or 0), 2)) == (-0.03, 0.99)
    assert (found.exact, found.within_one, found.shift) == (Fraction(28, 30), ALL, NONE)
    assert (found.kind, found.harsh) == (1, 1)


@pytest.mark.parametrize(
    ("table", "kappa", "ac2"),
    [
        # Two raters, fifty proposals: 0.7 alike, 0.5 by chance.
        (((20, 5), (10, 15)), Fraction(2, 5), (Fraction(7, 10) - Fraction(99, 200)) / (1 - Fraction(99, 200))),
        # The same share alike, other margins: the two that are compared in textbooks.
        (((45, 15), (25, 15)), Fraction(6, 46), None),
        (((25, 35), (5, 35)), Fraction(14, 54), None),
        # The paradox of high agreement and low kappa.
        (((118, 5), (2, 0)), Fraction(118 * 125 - 123 * 120 - 2 * 5, 125**2 - 123 * 120 - 2 * 5), None),
    ],
)
def test_worked_tables_of_two_grades(table: CrossTable, kappa: Fraction, ac2: Fraction | None) -> None:
    """With two grades the weights make no difference: kappa is Cohen's and AC2 is AC1."""
    found = of_table(table)
    assert found.kappa == kappa
    if ac2 is not None:
        assert found.ac2 == ac2
        assert round(float(ac2), 4) == 0.4059


def test_the_paradox_table_has_a_kappa_below_zero_and_an_ac_of_0_94() -> None:
    """118 of 125 both "yes": chance explains it all to kappa, and nearly nothing to AC."""
    found = of_table(((118, 5), (2, 0)))
    assert found.kappa is not None
    assert found.ac2 is not None
    assert (round(float(found.kappa), 2), round(float(found.ac2), 2)) == (-0.02, 0.94)


def test_three_grades_by_hand() -> None:
    """Ten audits on three grades, of which one is two grades apart."""
    found = of_table(((3, 1, 1), (0, 2, 1), (0, 0, 2)))
    # Weights 1, 3/4, 0. Observed: (3+2+2) + (1+1)*3/4 = 8.5 of 10.
    observed = Fraction(85, 100)
    # Margins 5, 3, 2 of the auditors and 3, 3, 4 of the moderators.
    alike = 5 * 3 + 3 * 3 + 2 * 4
    one_apart = 5 * 3 + 3 * 3 + 3 * 4 + 2 * 3
    by_chance = Fraction(alike, 100) + Fraction(3, 4) * Fraction(one_apart, 100)
    assert found.kappa == (observed - by_chance) / (1 - by_chance) == Fraction(43, 73)
    # Use of the grades: 0.4, 0.3, 0.3; all nine weights add up to 3 + 4 * 3/4 = 6.
    guessed = Fraction(6, 3 * 2) * (Fraction(24, 100) + Fraction(21, 100) + Fraction(21, 100))
    assert found.ac2 == (observed - guessed) / (1 - guessed) == Fraction(19, 34)
    assert found.shift == Fraction(1 + 2 + 1, 10)
    assert (found.exact, found.within_one) == (Fraction(7, 10), Fraction(9, 10))


def test_too_kind_is_above_zero_and_too_harsh_below() -> None:
    """A moderator who lowers shows a kind auditor."""
    assert agreement([pair(0, 2), pair(1, 2)], 4).shift == Fraction(3, 2)
    assert agreement([pair(2, 1)], 4).shift == -1


def test_below_the_minimum_there_is_no_value_but_the_reason() -> None:
    """Four audits of a minimum of five: counts, and no coefficient that looks like one."""
    found = agreement([pair(0, 0)] * 4, 4, at_least=5)
    assert (found.exact, found.within_one, found.kappa, found.ac2, found.shift) == (None,) * 5
    assert set(found.why.values()) == {"4 of at least 5 moderated audits"}
    assert (found.number, found.table[0][0]) == (4, 4)


def test_nothing_moderated_has_no_value() -> None:
    """No audit is no agreement, whatever the minimum."""
    assert agreement([], 4, at_least=0).exact is None


def test_one_grade_used_by_all_has_no_kappa() -> None:
    """Where everything is "Good", chance explains everything: None with the reason, while all agree."""
    found = agreement([pair(1, 1)] * 6, 4)
    assert found.kappa is None
    assert "one and the same" in found.why["kappa"]
    assert (found.exact, found.ac2) == (ALL, ALL)


def test_a_scale_of_one_grade_has_neither() -> None:
    """Nobody can differ on it."""
    found = agreement([pair(0, 0)], 1)
    assert (found.kappa, found.ac2) == (None, None)
    assert set(found.why) == {"kappa", "ac2"}


@pytest.mark.parametrize("wrong", [pair(4, 0), pair(0, 4), pair(-1, 0), pair(0, -1)])
def test_a_grade_that_is_not_on_the_scale_is_no_grade(wrong: Pair) -> None:
    """It would be counted as another one."""
    with pytest.raises(IndexError):
        cross_table([wrong], 4)


def test_drift_tells_each_person_and_period_apart() -> None:
    """An auditor who turned kind in the second quarter, beside one who graded too little to tell."""
    held = [pair(1, 1, on=date(2026, 2, 1))] * 3 + [pair(0, 1, on=date(2026, 5, 1))] * 3 + [pair(1, 1, auditor="P-B")]
    found = drift(held, 4, person=lambda each: each.auditor, period=lambda on: f"Q{(on.month + 2) // 3}", at_least=3)
    assert [(each.person, each.period, each.agreement.shift) for each in found] == [
        ("P-A", "Q1", 0),
        ("P-A", "Q2", 1),
        ("P-B", "Q1", None),
    ]


def test_steps_of_a_scale() -> None:
    """Better is above zero; what is not on the scale is no step."""
    scale = ("Good", "Requires improvement", "Inadequate")
    assert steps_apart(scale, "Inadequate", "Good") == 2
    assert steps_apart(scale, "Good", "Good") == 0
    assert steps_apart(scale, "Good", None) is None


GRADES = st.integers(2, 6)
PAIRS = GRADES.flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), min_size=1, max_size=40),
    )
)


@given(PAIRS, st.randoms(use_true_random=False))
def test_order_does_not_matter(drawn: Drawn, chance: Random) -> None:
    """The same audits in another order say the same."""
    size, held = drawn
    pairs = [pair(*each) for each in held]
    mixed = chance.sample(pairs, len(pairs))
    assert agreement(pairs, size) == agreement(mixed, size)


@given(PAIRS)
def test_neither_side_is_the_right_one(drawn: Drawn) -> None:
    """Auditors and moderators changed for each other agree as much; the direction turns round."""
    size, held = drawn
    one = agreement([pair(*each) for each in held], size)
    other = agreement([pair(right, left) for left, right in held], size)
    assert (one.exact, one.within_one, one.kappa, one.ac2) == (other.exact, other.within_one, other.kappa, other.ac2)
    assert one.shift == -(other.shift or 0)
    assert (one.kind, one.harsh) == (other.harsh, other.kind)


@given(PAIRS)
def test_ranges(drawn: Drawn) -> None:
    """Shares lie between 0 and 1, coefficients up to 1; each is there or has its reason. AC2 has no floor at -1."""
    size, held = drawn
    found = agreement([pair(*each) for each in held], size)
    assert found.exact is not None
    assert found.within_one is not None
    assert 0 <= found.exact <= found.within_one <= 1
    for name in ("kappa", "ac2"):
        value = getattr(found, name)
        assert (value is None) == (name in found.why)
        assert value is None or value <= 1
    assert found.kappa is None or found.kappa >= -1


@given(PAIRS)
def test_all_alike_is_one(drawn: Drawn) -> None:
    """Where every audit got one grade from both, each figure is 1; kappa only where more than one grade was used."""
    size, held = drawn
    found = agreement([pair(left, left) for left, _ in held], size)
    assert (found.exact, found.within_one, found.ac2) == (ALL, ALL, ALL)
    assert found.kappa == (1 if len({left for left, _ in held}) > 1 else None)


@given(GRADES)
def test_every_combination_once_is_what_chance_brings(size: int) -> None:
    """A table that holds each pair of grades once agrees no more than chance: kappa is 0."""
    assert agreement([pair(*each) for each in product(range(size), repeat=2)], size).kappa == 0
