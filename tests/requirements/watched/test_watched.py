"""The indicators of each council: what is recorded for whom in which unit, what is counted, and how it is shown."""

from decimal import Decimal

import pytest

from services.policy.describe.indicators import indicators
from tests.desks import SHIPPED
from tests.requirements.watched.councils import EAST_SUSSEX, HALTON, SOUTHWARK, TORBAY
from tests.requirements.watched.rows import OVERALL, OWN, Watch, listed
from tests.requirements.watched.swindon import ROWS as SWINDON
from tests.requirements.watched.year import ANOTHER, MONTHS, PLACES, figures_of, parts_of, share_of

TABLES: dict[str, tuple[Watch, ...]] = {
    "torbay": TORBAY,
    "halton": HALTON,
    "southwark": SOUTHWARK,
    "east-sussex": EAST_SUSSEX,
    "swindon": SWINDON,
}
EACH = [
    pytest.param(council, watch, id=f"{council}:{watch.name}", marks=pytest.mark.covers(*watch.covers))
    for council, rows in TABLES.items()
    for watch in rows
]
WRONG = ("101", "2.5", "-1")
TAKEN = {
    "per cent": {"2.5"},
    "rate": {"101", "2.5"},
    "count": {"101"},
    "days": {"101", "2.5"},
    "pounds": {"101", "2.5", "-1"},
    None: {"101", "2.5", "-1"},
}
"""Which of these there can be in each unit."""

NOWHERE = {"level": None, "ref": None}


@pytest.mark.parametrize("council", TABLES)
def test_every_indicator_has_its_line(council: str) -> None:
    """No council watches what its table does not tell of, and none is missing."""
    assert [each.name for each in SHIPPED[council].newest.indicators] == [watch.name for watch in TABLES[council]]


@pytest.mark.parametrize(("council", "watch"), EACH)
def test_what_an_indicator_takes(council: str, watch: Watch) -> None:
    """A figure is recorded for those levels and parts alone, and only if there can be such a one in its unit."""
    figures = figures_of(council, TABLES[council])
    levels = {level for level in PLACES if figures.tries(watch, **NOWHERE | PLACES[level]) != "level"}
    assert levels == set(listed(watch.levels))
    assert {figures.tries(watch, part=part) for part in parts_of(watch)} == {""}
    assert figures.tries(watch, part=None) == ("part" if watch.parts else "")
    assert figures.tries(watch, part="of another indicator") == ("" if watch.parts == OWN else "part")
    assert {value for value in WRONG if not figures.tries(watch, value=value)} == TAKEN[watch.unit]
    divided = {"per cent": Decimal("12.5"), "rate": Decimal(watch.per or 1) / 8, "days": Decimal("0.125")}
    assert figures.divided(watch) == divided.get(watch.unit or "", "denominator")


@pytest.mark.parametrize(("council", "watch"), EACH)
def test_how_an_indicator_is_shown(council: str, watch: Watch) -> None:
    """Under its heading, in its unit, part by part, with what a rise means and with those that it stands against."""
    figures = figures_of(council, TABLES[council])
    rows = figures.shown[watch.name, MONTHS[1]]
    assert [(row.part, row.value, row.previous, row.direction) for row in rows] == [
        (part, Decimal(4), Decimal(3), watch.rise) for part in parts_of(watch)
    ]
    assert {watch.says in row.title for row in rows} == {True}
    kind = "practice standard" if watch.standard else "indicator"
    asked = (kind, watch.heading, watch.unit, watch.per, watch.window, listed(watch.against))
    shown = {
        (row.kind, row.basket, row.unit, row.per, row.window, tuple(each.comparator for each in row.comparators))
        for row in rows
    }
    assert shown == {asked}
    [words] = [each.words for each in indicators(figures.policy) if each.key == ("indicators", watch.name, "from")]
    assert words == f"Taken from {' or '.join(', '.join(listed(watch.taken)).rsplit(', ', 1))}"


@pytest.mark.parametrize(("council", "watch"), EACH)
def test_what_the_audits_tell(council: str, watch: Watch) -> None:
    """Where nobody recorded anything, a month has the share of good grades in the audits returned in it, or nothing."""
    figures = figures_of(council, TABLES[council])
    grades = figures.policy.grades
    scale = grades.overall if watch.counted == OVERALL else grades.sections
    told: dict[str, tuple[int, int] | None] = {ANOTHER: None}
    told |= {month: share_of(watch, *each, scale) for month, each in figures.graded.items()}
    assert figures.graded
    assert {month: figures.counted(watch, month) for month in told} == told
    [asked] = [each for each in figures.policy.indicators if each.name == watch.name]
    assert (asked.counted is not None) == bool(watch.counted)
