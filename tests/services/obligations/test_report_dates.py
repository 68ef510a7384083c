"""Which report of which period is asked for, by the version of the last day of that period, and when it is due."""

from datetime import date
from typing import Any

import pytest

from events.errors import NotFound, Refused
from services.obligations.periods import Period
from services.obligations.report_dates import report_aggregate, report_called, report_due, report_of
from services.policy.reports import Report
from services.policy.versions import Policies
from tests.services.reports.scenes import FINDINGS, with_reports

ON_REQUEST = FINDINGS.model_copy(update={"name": "on_request", "every": None, "due": None})
HELD = with_reports(FINDINGS, ON_REQUEST)


def since(day: str, version: str, *reports: Report) -> Any:
    """A version with these reports alone, in force from that day."""
    [policy] = with_reports(*reports).versions
    return policy.model_copy(update={"version": version, "effective_from": date.fromisoformat(day)})


@pytest.mark.parametrize(
    ("name", "key", "every", "last"),
    [
        ("findings", "2026-Q1", "quarter", date(2026, 6, 30)),
        ("on_request", "2026-Q4", "quarter", date(2027, 3, 31)),
        ("on_request", "2026-T2", "third", date(2026, 11, 30)),
        ("on_request", "2026-H1", "half year", date(2026, 9, 30)),
        ("on_request", "2026-03", "month", date(2026, 3, 31)),
        ("on_request", "2026", "year", date(2027, 3, 31)),
    ],
)
def test_of_the_period_of_that_name(name: str, key: str, every: str, last: date) -> None:
    """A report has its own length of period; of one on request the name says it."""
    asked = report_of(HELD, name, key)
    assert (asked.report.name, asked.every, asked.period.last) == (name, every, last)


@pytest.mark.parametrize(
    ("name", "key", "error", "said"),
    [
        ("other", "2026-Q1", NotFound, "report other (known: findings, on_request)"),
        (
            "findings",
            "spring",
            Refused,
            "period: 'spring' is not a valid period; write it like 2026-03, 2026-Q1, 2026-H1 or 2026",
        ),
        ("findings", "2026-05", Refused, "period: 2026-05 is not the name of a quarter; write 2026-Q1"),
    ],
)
def test_what_is_none(name: str, key: str, error: type[Exception], said: str) -> None:
    """A report that there is none of, and what is no name of such a period, are told with what there is."""
    with pytest.raises(error) as raised:
        report_of(HELD, name, key)
    assert str(raised.value).startswith(said)


def test_no_report_at_all() -> None:
    """A framework without reports says so."""
    with pytest.raises(NotFound) as raised:
        report_called(with_reports().newest, "findings")
    assert str(raised.value).startswith("report findings (known: none)")


def test_by_the_version_of_its_last_day() -> None:
    """What the report is, the version in force on the period's last day says, although others came before or after."""
    later = FINDINGS.model_copy(update={"title": "Findings, as they are now"})
    held = Policies("torbay", (since("2020-01-01", "1", FINDINGS), since("2026-09-30", "2", later)))
    found = [report_of(held, "findings", key) for key in ("2026-Q1", "2026-Q2")]
    assert [(each.policy.version, each.report.title) for each in found] == [
        ("1", "Findings of the quarter"),
        ("2", "Findings, as they are now"),
    ]


def test_a_report_that_came_or_went() -> None:
    """Under the name of its own day it is found; under that of another day the version of the day is named."""
    renamed = FINDINGS.model_copy(update={"name": "lessons"})
    held = Policies("torbay", (since("2020-01-01", "1", FINDINGS), since("2026-09-30", "2", renamed)))
    assert report_of(held, "findings", "2026-Q1").report.name == "findings"
    for name, key, version, day, known in (
        ("lessons", "2026-Q1", "1", "30 Jun 2026", "findings"),
        ("findings", "2026-Q2", "2", "30 Sep 2026", "lessons"),
    ):
        with pytest.raises(NotFound) as raised:
            report_of(held, name, key)
        rule = f"version {version} of the framework, in force on {day}, has no such report; it has {known}"
        assert str(raised.value).startswith(f"report {name} ({rule})")


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"due": "10 days"}, date(2026, 7, 10)),
        ({"due": "1 month"}, date(2026, 7, 31)),
        ({"due": "11 days"}, date(2026, 7, 11)),
        ({"due": "11 days", "roll_non_working": "next"}, date(2026, 7, 13)),
        ({"due": "11 days", "roll_non_working": "previous"}, date(2026, 7, 10)),
        ({"due": "2 working days"}, date(2026, 7, 2)),
        ({"due": None, "every": None}, None),
    ],
)
def test_when_it_is_due(fields: dict[str, Any], due: date | None) -> None:
    """So long after the period's last day; months end with a month, and off a day without work only if it says so."""
    report = Report.model_validate({**FINDINGS.model_dump(), **fields})
    quarter = Period(date(2026, 4, 1), date(2026, 6, 30))
    assert report_due(HELD.newest, report, quarter) == due


def test_the_name_of_its_record() -> None:
    """Report, period and, where it is of one unit, the unit."""
    assert report_aggregate("findings", "2026-Q1") == "report/findings-2026-Q1"
    assert report_aggregate("findings", "2026-Q1", "T-1") == "report/findings-2026-Q1--T-1"
