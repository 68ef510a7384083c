"""What the view of the indicators shows of a month, given what was recorded and audited."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from events.audits import AuditExempted, AuditModerated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.findings import SectionGraded
from events.indicators import IndicatorCompared, IndicatorRecorded
from events.vocabulary import Comparator
from projections.indicator_counts import Counting
from projections.indicator_months import Better, IndicatorRow, Place, Watched, indicator_months, standing
from tests.histories import TORBAY, allocated, history, sealed
from tests.projections.views import kept

OURS = "indicator/seen_alone-2026"
SEEN = Watched("seen_alone", "Children seen alone", unit="per cent", better="higher", levels=("authority", "team"))
GOOD = frozenset({"Exceeds good", "Meets good"})
COUNTED = Counting(GOOD | {"Does not meet good"}, GOOD, sections=("Risk", "Plans"))


def value(month: str, number: str, **more: Any) -> tuple[str, Fact]:
    return OURS, IndicatorRecorded(indicator="seen_alone", month=month, value=Decimal(number), **more)


def compared(comparator: Comparator, first: str, last: str, number: str) -> tuple[str, Fact]:
    span = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
    return OURS, IndicatorCompared(indicator="seen_alone", comparator=comparator, value=Decimal(number), **span)


def asked(
    engine: Engine,
    facts: Iterable[Fact | tuple[str, Fact]],
    watched: Watched = SEEN,
    months: tuple[str, ...] = ("2026-03",),
    place: Place = Place(),  # noqa: B008 - it is frozen
) -> list[IndicatorRow]:
    kept(engine, "indicators", history(facts))
    return indicator_months(engine, TORBAY, [watched], months, place)


@pytest.mark.covers("TOR-155", "TOR-160")
def test_value_previous_and_direction(sqlite: Engine) -> None:
    """A month shows its value, the one before and, in the words of what is better, how it moved."""
    (row,) = asked(sqlite, [value("2026-02", "80"), value("2026-03", "84.5", source="visits")])
    assert (row.value, row.previous, row.previous_month, row.direction) == (
        Decimal("84.5"),
        Decimal(80),
        "2026-02",
        "better",
    )
    assert (row.source, row.counted, row.replaced) == ("visits", False, 0)


@pytest.mark.covers("TOR-160")
@pytest.mark.parametrize(
    ("better", "now", "before", "said"),
    [
        ("higher", 2, 1, "better"),
        ("higher", 1, 2, "worse"),
        ("lower", 2, 1, "worse"),
        ("lower", 1, 2, "better"),
        ("neither", 2, 1, "above"),
        ("neither", 1, 2, "below"),
        ("higher", 1, 1, "same"),
    ],
)
def test_which_way(better: Better, now: int, before: int, said: str) -> None:
    """Better and worse are said only where the framework says which way is better."""
    assert standing(better, Decimal(now), Decimal(before)) == said


def test_a_missing_month_is_no_nought(sqlite: Engine) -> None:
    """A month without a value is missing; the month after it looks past it, and says how far back."""
    rows = asked(sqlite, [value("2026-01", "0"), value("2026-03", "5")], months=("2026-01", "2026-02", "2026-03"))
    assert [row.value for row in rows] == [0, None, 5]
    assert [row.previous_month for row in rows] == [None, "2026-01", "2026-01"]
    assert [row.direction for row in rows] == [None, None, "better"]


def test_too_long_ago(sqlite: Engine) -> None:
    """A value of more than a year before tells no direction."""
    (row,) = asked(sqlite, [value("2025-02", "80"), value("2026-03", "84")])
    assert (row.previous, row.direction) == (None, None)


def test_nothing_recorded(sqlite: Engine) -> None:
    """An indicator of the framework for which nobody ever recorded anything is there, and missing."""
    (row,) = asked(sqlite, [allocated()])
    assert (row.indicator, row.value, row.comparators) == ("seen_alone", None, ())


def test_a_correction(sqlite: Engine) -> None:
    """A later record of the month takes the earlier one's place, whole, and says that it did."""
    (row,) = asked(
        sqlite,
        [value("2026-03", "50", numerator=Decimal(1), denominator=Decimal(2), source="count"), value("2026-03", "60")],
    )
    assert (row.value, row.numerator, row.source, row.replaced) == (Decimal(60), None, None, 1)


def test_exact(sqlite: Engine) -> None:
    """A decimal comes out of the database as it went in."""
    (row,) = asked(sqlite, [value("2026-03", "33.333333")])
    assert str(row.value) == "33.333333"


@pytest.mark.covers("SWI-125")
def test_teams_stand_apart(sqlite: Engine) -> None:
    """A team's value is its own: neither the authority's nor another team's stands in for it."""
    facts = [value("2026-03", "80"), value("2026-03", "70", level="team", ref="T-1")]
    (own,) = asked(sqlite, facts, place=Place("team", "T-1"))
    assert own.value == 70
    (other,) = indicator_months(sqlite, TORBAY, [SEEN], ["2026-03"], Place("team", "T-2"))
    assert other.value is None
    assert indicator_months(sqlite, TORBAY, [SEEN], ["2026-03"], Place("service", "S-1")) == []


def test_parts(sqlite: Engine) -> None:
    """Named parts have a row each, recorded or not; open ones have a row once they were recorded."""
    named = Watched("seen_alone", "", parts=("boys", "girls"))
    rows = asked(sqlite, [value("2026-03", "1", part="girls")], named)
    assert [(row.part, row.value) for row in rows] == [("boys", None), ("girls", 1)]
    (row,) = indicator_months(sqlite, TORBAY, [Watched("seen_alone", "")], ["2026-04"], Place())
    assert (row.part, row.value, row.previous) == ("girls", None, Decimal(1))


@pytest.mark.covers("TOR-122", "SWI-124")
def test_comparators(sqlite: Engine) -> None:
    """Each that the framework asks for stands there: the newest that had begun, with the difference, or missing."""
    watched = Watched("seen_alone", "", better="higher", unit="per cent", compared_with=("england", "region"))
    facts = [
        value("2026-03", "80"),
        compared("england", "2024-04-01", "2025-03-31", "70"),
        compared("england", "2025-04-01", "2026-03-31", "82.5"),
        compared("england", "2026-04-01", "2027-03-31", "99"),
        compared("statistical neighbours", "2024-04-01", "2025-03-31", "80"),
    ]
    (row,) = asked(sqlite, facts, watched)
    said = [(each.comparator, each.value, each.difference, each.standing) for each in row.comparators]
    assert said == [
        ("england", Decimal("82.5"), Decimal("-2.5"), "worse"),
        ("region", None, None, None),
        ("statistical neighbours", 80, 0, "same"),
    ]
    assert (row.comparators[0].first, row.comparators[0].last) == (date(2025, 4, 1), date(2026, 3, 31))


def test_targets(sqlite: Engine) -> None:
    """A target that was recorded stands while its time lasts; before and after it the framework's own one does."""
    watched = Watched("seen_alone", "", better="higher", unit="per cent", target=Decimal(95))
    facts = [value("2026-03", "80"), compared("target", "2026-02-01", "2026-03-31", "75")]
    rows = asked(sqlite, facts, watched, months=("2026-01", "2026-03", "2026-04"))
    assert [row.comparators[0].value for row in rows] == [95, 75, 95]
    assert [row.comparators[0].standing for row in rows] == [None, "better", None]


def test_a_team_is_not_measured_by_the_whole(sqlite: Engine) -> None:
    """A count of a team is compared with no count of a whole authority; a share is."""
    facts = [value("2026-03", "8", level="team", ref="T-1"), compared("england", "2026-03-01", "2026-03-31", "500")]
    count = Watched("seen_alone", "", unit="count", levels=("team",))
    share = Watched("seen_alone", "", unit="per cent", levels=("team",))
    assert asked(sqlite, facts, count, place=Place("team", "T-1"))[0].comparators == ()
    (row,) = indicator_months(sqlite, TORBAY, [share], ["2026-03"], Place("team", "T-1"))
    assert [each.comparator for each in row.comparators] == ["england"]


def audit(number: int, team: str, *grades: str, more: Iterable[Fact] = (), **head: Any) -> list[tuple[str, Fact]]:
    """An audit of the two sections, returned at once."""
    graded = [
        SectionGraded(section=section, grade=grade) for section, grade in zip(("Risk", "Plans"), grades, strict=True)
    ]
    facts = [allocated(team=team, **head), *graded, AuditSubmitted(grade="Meets Good"), *more]
    return [(f"audit/A-{number}", fact) for fact in facts]


CHANGED = AuditModerated(
    moderator="P-3", outcome="changed", grade="Meets Good", sections={"Plans": "Does not meet good"}, rationale=sealed()
)
FOUND = Watched("audited", "", unit="per cent", better="higher", levels=("authority", "team"), counting=COUNTED)
AUDITS = [
    *audit(1, "T-1", "Exceeds good", "Meets good", more=[CHANGED]),
    *audit(2, "T-2", "Meets good", "Not applicable"),
    *audit(3, "T-2", "Does not meet good", "Meets good", more=[AuditVoided(reason=sealed())]),
    *audit(4, "T-2", "Does not meet good", "Meets good", reaudit_of="A-1"),
    *audit(5, "T-2", "Meets good", "Meets good", more=[AuditExempted(ground="-", requested_by="P", requested_as="r")]),
    ("audit/A-6", allocated()),
    ("audit/A-6", SectionGraded(section="Risk", grade="Does not meet good")),
]


@pytest.mark.covers("SWI-106", "TOR-45")
def test_counted_from_the_audits(sqlite: Engine) -> None:
    """The share of graded fields at these grades, as moderation left them.

    Left out: what is off the scale, void and exempt audits, re-audits, and audits that are not returned yet.
    """
    (row,) = asked(sqlite, AUDITS, FOUND, months=("2026-01",))
    assert (row.value, row.counted) == (Decimal("66.6667"), True)
    assert (row.numerator, row.denominator) == (Decimal(2), Decimal(3))
    (team,) = indicator_months(
        sqlite, TORBAY, [FOUND], ["2026-01"], Place("team", "T-2", lambda team, _month: team == "T-2")
    )
    assert (team.value, team.denominator) == (Decimal(100), Decimal(1))
    later = Place("service", "S-1", lambda _team, month: month > "2026-01")  # the teams came to it in February
    (none_yet,) = indicator_months(sqlite, TORBAY, [replace(FOUND, levels=("service",))], ["2026-01"], later)
    assert (none_yet.value, none_yet.denominator) == (None, None)
    (after,) = indicator_months(sqlite, TORBAY, [FOUND], ["2026-02"], Place())
    assert (after.value, after.previous) == (None, Decimal("66.6667"))


def test_what_was_recorded_comes_before_what_is_counted(sqlite: Engine) -> None:
    """A value that somebody recorded for the month stands in place of the one that the audits give."""
    own = ("indicator/audited-2026", IndicatorRecorded(indicator="audited", month="2026-01", value=Decimal(50)))
    (row,) = asked(sqlite, [*AUDITS, own], FOUND, months=("2026-01",))
    assert (row.value, row.counted) == (Decimal(50), False)


def test_overall_grades_over_a_window(sqlite: Engine) -> None:
    """Counted over a window, a month holds the audits of the months before it as well; then they fall out of it."""
    overall = Counting(frozenset({"Meets Good", "Poor"}), frozenset({"Meets Good"}), types=("full",), months=3)
    watched = Watched("audited", "", unit="per cent", counting=overall)
    rows = asked(sqlite, AUDITS, watched, months=("2026-01", "2026-03", "2026-04"))
    assert [row.denominator for row in rows] == [2, 2, None]
    other = Watched("audited", "", unit="per cent", counting=Counting(overall.scale, overall.grades, types=("short",)))
    assert indicator_months(sqlite, TORBAY, [other], ["2026-01"], Place())[0].value is None


def test_the_month_is_england_s(sqlite: Engine) -> None:
    """An audit returned at half past midnight on the first of July belongs to July, though it is still June in UTC."""
    facts = audit(1, "T-1", "Meets good", "Meets good")
    kept(sqlite, "indicators", history(facts, start=datetime(2026, 6, 30, 20, 30, tzinfo=UTC)))
    rows = indicator_months(sqlite, TORBAY, [FOUND], ["2026-06", "2026-07"], Place())
    assert [row.value for row in rows] == [None, 100]
