"""Recording an indicator and what it is compared with: what is taken, what is refused, and what a repeat does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.errors import Forbidden, Refused
from events.indicators import IndicatorCompared, IndicatorRecorded
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.given import Scene, given
from tests.lives import people

HEAD = {"authority": "swindon", "actor": "P-QA", "role": "qa_team"}


def value(indicator: str = "rereferrals", month: str = "2026-03", **fields: Any) -> dict[str, Any]:
    figures = fields if {"value", "numerator"} & fields.keys() else {"value": "21.5", **fields}
    return {**HEAD, "command": "indicator.record", "indicator": indicator, "month": month, **figures}


def comparator(kind: str = "england", **fields: Any) -> dict[str, Any]:
    time = fields if {"month", "year"} & fields.keys() else {"year": 2025, **fields}
    head = {**HEAD, "command": "indicator.compare", "indicator": "rereferrals", "comparator": kind}
    return {**head, "value": "22.4", **time}


@pytest.fixture
def desk() -> Scene:
    return given(*people("swindon"), authority="swindon")


def recorded(desk: Scene, name: str = "rereferrals", year: int = 2026) -> list[Any]:
    return [each.fact for each in desk.store.load(f"indicator/{name}-{year}")]


@pytest.mark.covers("SWI-107")
def test_a_value_of_a_month(desk: Scene) -> None:
    """A value is recorded with its month and where it comes from, on the stream of the indicator's year."""
    desk.do(value(source="monthly return"))
    assert recorded(desk) == [
        IndicatorRecorded(indicator="rereferrals", month="2026-03", value=Decimal("21.5"), source="monthly return")
    ]


def test_the_history_keeps_both(desk: Scene) -> None:
    """A value that is corrected, and corrected back, is three events; the last one stands."""
    for number, said in enumerate(("21.5", "22", "21.5")):
        desk.do(value(value=said, id=f"v-{number}"))
    assert [str(each.value) for each in recorded(desk)] == ["21.5", "22", "21.5"]


def test_what_stands_already_is_no_event(desk: Scene) -> None:
    """The same figure under another id changes nothing, in whatever form it is written."""
    desk.do(value(), comparator())
    for line in (value(id="again"), value(value="21.50", id="once-more"), {**comparator(), "id": "and-again"}):
        [outcome] = desk.do(line)
        assert (outcome.result, outcome.events) == ("accepted", ())
    assert len(recorded(desk)) == len(recorded(desk, year=2025)) == 1


@pytest.mark.parametrize(
    ("indicator", "numerator", "denominator", "worked_out"),
    [
        ("rereferrals", "43", "200", "21.5"),
        ("rereferrals", "1", "3", "33.3333"),
        ("rereferrals", "200", "200", "100"),
        ("rereferrals", "1", "3200", "0.0313"),  # a half goes up
        ("protection_plans", "231", "50123", "46.0866"),
        ("sickness", "30", "8", "3.75"),
        ("worker_changes", "0", "12", "0"),
    ],
)
def test_from_numerator_and_denominator(
    desk: Scene, indicator: str, numerator: str, denominator: str, worked_out: str
) -> None:
    """A share, a rate per so many and a mean are worked out in the indicator's unit; both figures are kept."""
    desk.do(value(indicator, numerator=numerator, denominator=denominator))
    (fact,) = recorded(desk, indicator)
    assert str(fact.value) == worked_out
    assert (str(fact.numerator), str(fact.denominator)) == (numerator, denominator)


@pytest.mark.covers("SWI-125")
def test_by_team_and_service(desk: Scene) -> None:
    """A month has a value for the authority, and one for each team and service of the directory."""
    desk.do(value(), value(level="team", ref="T-1"), value(level="service", ref="S-1"))
    assert [(each.level, each.ref) for each in recorded(desk)] == [
        ("authority", None),
        ("team", "T-1"),
        ("service", "S-1"),
    ]


@pytest.mark.covers("SWI-104", "SWI-105", "SWI-114", "SWI-116", "SWI-122")
def test_parts(desk: Scene) -> None:
    """Named parts and those in the authority's own words stand beside each other in one month."""
    desk.do(
        value("no_further_action", part="referrals"),
        value("no_further_action", part="assessments"),
        value("pre_proceedings", part="stepped down", value=4),
    )
    assert [each.part for each in recorded(desk, "no_further_action")] == ["referrals", "assessments"]
    assert [each.part for each in recorded(desk, "pre_proceedings")] == ["stepped down"]


@pytest.mark.covers("SWI-124", "TOR-122", "SOU-106")
def test_a_year_begins_where_the_policy_says() -> None:
    """A comparator of a year holds from the first day of the policy's year to its last, one of a month in it."""
    desk = given(comparator(), comparator("statistical neighbours", month="2025-02"), authority="swindon")
    assert [(each.comparator, each.first, each.last) for each in recorded(desk, year=2025)] == [
        ("england", date(2025, 4, 1), date(2026, 3, 31)),
        ("statistical neighbours", date(2025, 2, 1), date(2025, 2, 28)),
    ]
    assert all(isinstance(each, IndicatorCompared) for each in recorded(desk, year=2025))


def test_a_target_for_a_time_to_come(desk: Scene) -> None:
    """A target may be set ahead; what others reached may not."""
    desk.do(comparator("target", year=2029))
    desk.when(comparator(year=2029)).refused("year", "year: 2029-04-01 lies ahead")


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("no indicator", value("happiness"), "indicator", "unknown indicator happiness; known: early_help_rereferrals"),
    ("a month to come", value(month="2028-01"), "month", "2028-01 lies ahead"),
    ("no month", value(month="2026-13"), "month", "is not a valid month; write 2026-01"),
    ("a level it has not", value(level="person", ref="P-TM"), "level", "recorded for: authority, service, team"),
    ("no such team", value(level="team", ref="T-9"), "ref", "T-9 is not a team"),
    ("a service as a team", value(level="team", ref="S-1"), "ref", "S-1 is not a team"),
    ("a team without its name", value(level="team"), "line", "ref names the service, team or person"),
    ("a name without its level", value(ref="T-1"), "line", "ref names the service, team or person"),
    ("no part", value("no_further_action"), "part", "needs its part: referrals, assessments"),
    ("another part", value("no_further_action", part="visits"), "part", "unknown part visits"),
    ("a part it has not", value(part="girls"), "part", "unknown part girls; known: none"),
    ("a share over the whole", value(value="215"), "value", "215 per cent is not a valid share"),
    ("less than nothing", value("sickness", value="-1"), "value", "-1 is negative"),
    ("half a case", value("care_applications", value="1.5"), "value", "1.5 is not a whole number"),
    ("no number", value(value="NaN"), "value", "Input should be a finite number"),
    ("endless places", value(value="1.12345678"), "value", "Decimal input should have no more than"),
    ("value and share", value(value="5", numerator=1, denominator=2), "line", "give either the value"),
    ("nothing at all", value(value=None), "line", "give either the value"),
    ("half a share", value(numerator=1), "line", "belong together"),
    ("a share of none", value(numerator=0, denominator=0), "denominator", "a share of none has no value"),
    ("pounds", value("costs_avoided", numerator=3, denominator=2), "denominator", "is not a share"),
    (
        "out of all measure",
        value("sickness", numerator="99999999999", denominator="0.0001"),
        "numerator",
        "gives a value that is out of all measure",
    ),
    ("less than none", value("sickness", numerator=-3, denominator=2), "numerator", "must not be negative"),
    ("more than all", value(numerator=3, denominator=2), "numerator", "3 of 2 is more than all"),
    ("a divided count", value("care_applications", numerator=1, denominator=2), "denominator", "is not a share"),
    ("both times", comparator(month="2026-01", year=2025), "line", "either the month or the year"),
    ("no comparator", comparator("wales"), "comparator", "Input should be"),
    ("a role that may not", {**value(), "role": "practitioner"}, "role", "practitioner may not indicator.record"),
]


@pytest.mark.parametrize(("line", "field", "rule"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_refused(desk: Scene, line: dict[str, Any], field: str, rule: str) -> None:
    """What cannot be meant is refused with its field and the rule, and nothing is written."""
    desk.when(line).refused(field, rule, error=Forbidden if field == "role" else Refused)
    assert recorded(desk) == recorded(desk, "no_further_action") == []


def test_what_has_no_unit_has_no_target() -> None:
    """Where the framework gives no unit a value may be any number, and a target is refused."""
    desk = given(authority="halton")
    head = {"authority": "halton", "actor": "P-QA", "role": "qa_team", "indicator": "workforce", "part": "vacancies"}
    desk.do({**head, "command": "indicator.record", "month": "2026-01", "value": "-3.5"})
    desk.when({**head, "command": "indicator.compare", "comparator": "target", "year": 2026, "value": 1}).refused(
        "comparator", "has no unit"
    )


def test_a_framework_without_indicators() -> None:
    """Where the framework watches none, it says so."""
    policies = SHIPPED["swindon"]
    without = Policies("swindon", tuple(each.model_copy(update={"indicators": ()}) for each in policies.versions))
    given(authority="swindon", policies=without).when(value()).refused(
        "indicator", "unknown indicator rereferrals; known: none"
    )


@pytest.mark.covers("SOU-108")
def test_figures_of_a_member_of_staff() -> None:
    """Southwark's operational data stand per team and member, and only for somebody of the directory."""
    desk = given(*people("southwark"), authority="southwark")
    head = {"authority": "southwark", "actor": "P-QA", "role": "performance_team", "command": "indicator.record"}
    line = {**head, "indicator": "record_accuracy", "month": "2026-01", "value": 97, "level": "person"}
    desk.do({**line, "ref": "P-PGL"})
    desk.when({**line, "ref": "P-NOBODY"}).refused("ref", "P-NOBODY is not a person of the directory")
