"""Statutory reviews: the exact last days, as a prompt for the auditor and never as a message."""

from datetime import date

import pytest
from typer.testing import CliRunner

from events.errors import Refused
from services.policy.rules import written
from services.statutory_reviews import review_dates
from tests.desks import SHIPPED
from workers.cli.app import app

SOUTHWARK = SHIPPED["southwark"].newest


def latest(kind: str, start: str, *held: str) -> list[tuple[str, str]]:
    rows = review_dates(SOUTHWARK, kind, date.fromisoformat(start), [date.fromisoformat(each) for each in held])
    return [(row.step, row.latest.isoformat()) for row in rows]


@pytest.mark.covers("SOU-35", "SOU-C9", "A-SOU-17")
@pytest.mark.parametrize(
    ("kind", "start", "held", "dates"),
    [
        (
            "child_protection",
            "2026-03-24",
            ("2026-04-16", "2026-07-16"),
            [
                ("initial conference", "2026-04-16"),
                ("first review", "2026-07-16"),
                ("next review", "2027-01-16"),
            ],
        ),
        (
            "child_in_care",
            "2026-01-29",
            ("2026-02-26",),
            [("first review", "2026-02-26"), ("second review", "2026-05-26")],
        ),
        (
            "child_in_need",
            "2026-08-31",
            ("2026-11-30", "2027-05-30"),
            [("first review", "2026-11-30"), ("next review", "2027-05-30"), ("next review", "2027-11-30")],
        ),
    ],
)
def test_exact_dates(kind: str, start: str, held: tuple[str, ...], dates: list[tuple[str, str]]) -> None:
    """Each review's last day counts from the one before it; months end on the month's last day if need be."""
    assert latest(kind, start, *held) == dates


@pytest.mark.covers("SOU-35", "A-SOU-17")
def test_last_span_repeats() -> None:
    """After the named reviews, every later one is due six months after the one before it."""
    dates = latest("child_in_care", "2026-01-29", "2026-02-26", "2026-05-26", "2026-11-20")
    assert dates[2:] == [("next review", "2026-11-26"), ("next review", "2027-05-20")]


@pytest.mark.covers("SOU-35")
def test_in_time() -> None:
    """A review that was held is judged by its own last day; the one to come is not judged."""
    rows = review_dates(SOUTHWARK, "child_in_need", date(2026, 8, 31), [date(2026, 12, 1)])
    assert [row.in_time for row in rows] == [False, None]


@pytest.mark.covers("SOU-35")
@pytest.mark.parametrize(
    ("kind", "held"),
    [("adoption", ()), ("child_in_care", ("2026-01-01",)), ("child_in_care", ("2026-05-01", "2026-03-01"))],
)
def test_refusals(kind: str, held: tuple[str, ...]) -> None:
    """A kind that the policy does not know is refused, and so are dates out of order."""
    with pytest.raises(Refused):
        latest(kind, "2026-01-29", *held)


@pytest.mark.covers("SOU-C9")
def test_no_message_hangs_on_a_review() -> None:
    """No rule of the policy is about these reviews: the prompt is shown, and nobody is sent anything."""
    assert not [rule.name for rule in written(SOUTHWARK) if "SOU-35" in rule.source]


@pytest.mark.covers("SOU-35")
def test_shown_to_the_auditor() -> None:
    """`sightline show review-dates` prints the last day of each review without any server."""
    words = ["show", "review-dates", "southwark", "child_protection", "2026-03-24", "--held", "2026-04-16", "--json"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert '"latest": "2026-07-16"' in done.stdout
