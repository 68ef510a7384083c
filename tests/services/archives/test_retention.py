"""How long history stays live: what the policy's period means, how it is told, and what is no period."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from events.errors import Refused
from services.archives.retention import kept_since, old_before
from services.policy_files import load
from services.settings import SHIPPED_POLICIES, Settings
from tests.cli.program import Program, Said
from tests.edited import edited

TORBAY = SHIPPED_POLICIES / "torbay"
TODAY, NOW = date(2026, 6, 15), datetime(2026, 6, 15, 9, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Torbay's framework with a period of six years."""
    return with_a_period(tmp_path, "{period: 72 months, source: [their schedule]}")


def with_a_period(folder: Path, retention: str) -> Path:
    file = folder / "torbay.yaml"
    file.write_text(f"{edited('torbay')}\nretention: {retention}\n")
    return file


def policy(*arguments: object) -> Said:
    return Program(Settings()).run("policy", *map(str, arguments))


def test_what_the_period_means(file: Path) -> None:
    """Everything recorded since that day, from midnight here on, stays live, whatever later day is named."""
    held, midnight = load(file), datetime(2020, 6, 14, 23, tzinfo=UTC)
    assert kept_since(held, TODAY) == date(2020, 6, 15)
    assert old_before(held, TODAY, None, NOW) == midnight
    earlier = midnight - timedelta(days=300)
    assert old_before(held, TODAY, earlier, NOW) == earlier
    assert old_before(held, TODAY, midnight, NOW) == midnight
    with pytest.raises(Refused, match="since 15 Jun 2020"):
        old_before(held, TODAY, midnight + timedelta(seconds=1), NOW)


def test_without_a_period_somebody_names_the_day() -> None:
    """Any day that has come; none is taken for granted."""
    held = load(TORBAY)
    assert kept_since(held, TODAY) is None
    assert old_before(held, TODAY, NOW, NOW) == NOW
    with pytest.raises(Refused, match="gives no period"):
        old_before(held, TODAY, None, NOW)
    with pytest.raises(Refused, match="lies ahead"):
        old_before(held, TODAY, NOW + timedelta(seconds=1), NOW)


def test_the_period_is_told(file: Path) -> None:
    """In the framework's words with its source, and as a change where it comes, goes or becomes another."""
    told = ["What was recorded stays in the live history for: 72 months", "Source: their schedule"]
    shown = policy("show", "torbay", "--policies", file.parent).flat
    assert all(each in shown for each in told)
    assert told[0] not in policy("show", "torbay").flat
    assert policy("diff", TORBAY, file).out.splitlines() == ["RETENTION", *(f"  added    {each}" for each in told)]
    other = file.rename(file.with_name("other.yaml"))
    shorter = with_a_period(file.parent, "{period: 10 weeks, source: [their schedule]}")
    assert policy("diff", other, shorter).out.splitlines() == [
        "RETENTION",
        f"  changed  {told[0]}",
        "       to  What was recorded stays in the live history for: 10 weeks",
    ]
    assert policy("check", shorter).code == 0


@pytest.mark.parametrize(
    ("retention", "said"),
    [
        ("{period: 6 years, source: [x]}", "retention.period: '6 years' is not a valid span"),
        ("{period: 0 months, source: [x]}", "retention.period: must be longer than no time at all"),
        ("{period: 72 months}", "retention.source: this key is lacking"),
        ("{source: [x]}", "retention.period: this key is lacking"),
        ("{period: 72 months, source: [x], live: yes}", "retention.live: "),
    ],
)
def test_what_is_no_period(tmp_path: Path, retention: str, said: str) -> None:
    """Each mistake has its line and its key."""
    file = with_a_period(tmp_path, retention)
    checked = policy("check", file)
    line = file.read_text().count("\n")
    assert (checked.code, f"{file}:{line}: {said}" in checked.out) == (2, True), checked.out
