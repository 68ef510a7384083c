"""Agreement between those who grade an audit and those who moderate it, on a scale that has an order.

Exact arithmetic throughout, so that the same grades give the same figures on every machine. Kappa alone misleads where
nearly all grades are alike: it compares with the agreement that chance would bring, and finds that chance explains all
of it. Gwet's AC2 does not, so both are given, beside the plain shares.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product

TABLE_OF_TWO = 2
"""The fewest grades between which anybody can differ."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One audit that two people graded: where each grade stands on the scale, 0 for the best.

    `auditor` and `moderator` are who gave them, `on` is the day of the moderation, `about` the audit.
    """

    about: str
    given: int
    moderated: int
    auditor: str
    moderator: str
    on: date

    @property
    def shift(self) -> int:
        """By how many grades the moderator is below the auditor: above 0 they were too kind, below 0 too harsh."""
        return self.moderated - self.given


CrossTable = tuple[tuple[int, ...], ...]
"""How often each grade of the auditors (rows) met each of the moderators (columns), the best grade first."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two graders have in common over some audits.

    `exact` and `within_one` are shares of `number`; `kappa` and `ac2` weigh a difference by its square. `kind` counts
    the audits that were lowered, `harsh` those that were raised; `shift` is the mean of the steps, above 0 where
    auditors are too kind. What is None has its reason in `why`, by the name of the field.
    """

    number: int
    table: CrossTable
    kind: int
    harsh: int
    exact: Fraction | None
    within_one: Fraction | None
    kappa: Fraction | None
    ac2: Fraction | None
    shift: Fraction | None
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drift:
    """How one person's gradings moved: their agreement in one period after the other."""

    person: str
    period: str
    agreement: Agreement


def cross_table(pairs: Iterable[Pair], grades: int) -> CrossTable:
    """Count the pairs on a scale of so many grades. IndexError for a grade that is not on it."""
    counts = [[0] * grades for _ in range(grades)]
    for pair in pairs:
        if min(pair.given, pair.moderated) < 0:
            raise IndexError("a grade stands before the first of the scale")
        counts[pair.given][pair.moderated] += 1
    return tuple(map(tuple, counts))


def agreement(pairs: Iterable[Pair], grades: int, *, at_least: int = 1) -> Agreement:
    """Say how far auditors and moderators agree, on a scale of so many grades.

    Fewer pairs than `at_least` give counts and no share or coefficient: a few audits prove nothing of anybody. What has
    no value is None and never a number that looks like one. The order of the pairs does not matter.
    """
    held = list(pairs)
    return of_table(cross_table(held, grades), at_least=at_least)


def of_table(table: CrossTable, *, at_least: int = 1) -> Agreement:
    """The same of a table that is at hand."""
    number, size = sum(map(sum, table)), range(len(table))
    cells = [(row, column, table[row][column]) for row, column in product(size, size)]
    kind = sum(count for row, column, count in cells if column > row)
    harsh = sum(count for row, column, count in cells if column < row)
    if number < max(at_least, 1):
        reason = f"{number} of at least {max(at_least, 1)} moderated audits"
        why = dict.fromkeys(("exact", "within_one", "kappa", "ac2", "shift"), reason)
        return Agreement(number, table, kind, harsh, None, None, None, None, None, why)
    kappa, ac2, why = _coefficients(table, number)
    return Agreement(
        number=number,
        table=table,
        kind=kind,
        harsh=harsh,
        exact=Fraction(number - kind - harsh, number),
        within_one=Fraction(sum(count for row, column, count in cells if abs(row - column) <= 1), number),
        kappa=kappa,
        ac2=ac2,
        shift=Fraction(sum((column - row) * count for row, column, count in cells), number),
        why=why,
    )


def _coefficients(table: CrossTable, number: int) -> tuple[Fraction | None, Fraction | None, dict[str, str]]:
    """Cohen's kappa and Gwet's AC2, both with quadratic weights."""
    grades = len(table)
    if grades < TABLE_OF_TWO:
        return None, None, dict.fromkeys(("kappa", "ac2"), "a scale of one grade leaves nothing to agree on")
    places = list(product(range(grades), repeat=2))
    weight = {(row, column): 1 - Fraction((row - column) ** 2, (grades - 1) ** 2) for row, column in places}
    by_auditor = [Fraction(sum(row), number) for row in table]
    by_moderator = [Fraction(sum(column), number) for column in zip(*table, strict=True)]
    none = Fraction(0)
    observed = sum((weight[row, column] * Fraction(table[row][column], number) for row, column in places), none)
    by_chance = sum((weight[row, column] * by_auditor[row] * by_moderator[column] for row, column in places), none)
    use = [(one + other) / 2 for one, other in zip(by_auditor, by_moderator, strict=True)]
    spread = sum((share * (1 - share) for share in use), none)
    guessed = sum(weight.values(), none) * spread / (grades * (grades - 1))
    ac2 = (observed - guessed) / (1 - guessed)
    if by_chance == 1:
        return None, ac2, {"kappa": "all grades are one and the same: kappa compares with chance, and has no value"}
    return (observed - by_chance) / (1 - by_chance), ac2, {}


def drift(
    pairs: Iterable[Pair],
    grades: int,
    *,
    person: Callable[[Pair], str],
    period: Callable[[date], str],
    at_least: int = 1,
) -> list[Drift]:
    """How each person's gradings moved from period to period, in the order of persons and periods.

    `person` says whose they are (`lambda pair: pair.auditor`, or the moderator's); a period in which somebody graded
    less than `at_least` has counts and no value.
    """
    found: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        found.setdefault((person(pair), period(pair.on)), []).append(pair)
    return [Drift(*place, agreement(held, grades, at_least=at_least)) for place, held in sorted(found.items())]


def steps_apart(scale: Sequence[str], before: str | None, after: str | None) -> int | None:
    """How many grades better `after` is than `before`; None where one of them is not on the scale."""
    if before not in scale or after not in scale:
        return None
    return scale.index(before) - scale.index(after)
