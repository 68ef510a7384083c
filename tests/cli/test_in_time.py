"""Asking as at a day in the past: every view takes the two options, and answers as it did on that day."""

from typing import Any

import pytest
import typer

from tests.cli.council import Council
from tests.cli.program import Said
from workers.cli.app import app

SENSES = ("--as-at", "--as-known")
TODAY = "2026-06-15"


NO_HISTORY = {"form", "review-dates"}
"""What is shown of a framework, and what is worked out of a date."""


def _shown() -> list[str]:
    """Every command under `show` that answers from history."""
    group = typer.main.get_command(app).commands["show"]  # type: ignore[attr-defined]  # a group has commands
    return [name for name in group.commands if name not in NO_HISTORY]


@pytest.mark.parametrize("command", [*(["show", name] for name in _shown()), ["notices"], ["round", "show"]])
def test_every_view_can_be_asked_so(command: list[str], council: Council) -> None:
    """Both options stand in the help of whatever shows what happened."""
    said = council.program.run(*command, "--help").out
    assert all(sense in said for sense in SENSES)


def _rows(council: Council, *asked: str) -> dict[str, Any]:
    return {row["audit"]: row for row in council.program.ask(*asked)}


def test_as_it_was(council: Council) -> None:
    """The register of a day in January: what happened later is not there, and lateness is judged on that day."""
    rows = _rows(council, "show", "register", "torbay", "--as-at", "2026-01-15")
    assert list(rows) == ["T-CLOSED"]
    assert (rows["T-CLOSED"]["stage"], rows["T-CLOSED"]["final_grade"]) == (
        "returned",
        rows["T-CLOSED"]["grade_by_auditor"],
    )
    assert not _rows(council, "show", "register", "torbay", "--as-at", "2026-06-01")["T-LATE"]["late"]
    assert _rows(council, "show", "register", "torbay", "--as-at", "2026-06-02")["T-LATE"]["late"]


def test_as_it_was_known(council: Council) -> None:
    """All of it was imported on one day: before that day nothing was known, and on it everything."""
    before = council.program.run("show", "register", "torbay", "--json", "--as-known", "2026-06-14")
    assert (before.code, before.json) == (0, [])
    assert before.err == "sightline: nothing of torbay stands on record as known by 2026-06-14\n"
    now = council.program.ask("show", "register", "torbay")
    assert council.program.ask("show", "register", "torbay", "--as-known", TODAY) == now
    both = council.program.ask("show", "register", "torbay", "--as-at", "2026-01-15", "--as-known", TODAY)
    assert [row["audit"] for row in both] == ["T-CLOSED"]


QUESTIONS = (
    ("show", "register", "torbay"),
    ("show", "actions", "torbay"),
    ("show", "grade-changes", "torbay"),
    ("show", "escalations", "torbay"),
    ("show", "overdue", "torbay"),
    ("show", "programme", "torbay", "--from", "2026-01-01"),
    ("show", "workload", "torbay"),
    ("show", "indicators", "torbay", "--month", "2026-03"),
    ("show", "tally", "torbay"),
    ("show", "timeline", "torbay", "--audit", "T-CLOSED"),
    ("show", "owed", "torbay", "--audit", "T-LOWEST"),
    ("notices", "torbay"),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_the_same_bytes(question: tuple[str, ...], council: Council) -> None:
    """A repeat prints the same bytes, of a past that was made anew as of one that was kept."""

    def asked() -> Said:
        return council.program.run(*question, "--as-at", "2026-03-31", "--json")

    first = asked()
    assert (first.code, first.err) == (0, "")
    assert asked() == first
    for each in (council.system.settings.data / "past").glob("*"):
        each.unlink()
    assert asked() == first


def test_what_was_overdue(council: Council) -> None:
    """The return that is overdue since 2 June was not on the 1st, and had a next step on the 10th."""
    late = [row for row in council.program.ask("show", "overdue", "torbay", "--as-at", "2026-06-10") if row["audit"]]
    assert [(row["days"], row["next_at"][:16]) for row in late if row["audit"] == "T-LATE"] == [(9, "2026-06-15 07:00")]
    none = council.program.ask("show", "overdue", "torbay", "--as-at", "2026-06-01")
    assert "T-LATE" not in {row["audit"] for row in none}
    owed = council.program.ask("show", "owed", "torbay", "--audit", "T-LATE", "--as-at", "2026-06-01")
    assert "overdue" not in {row["state"] for row in owed}


def test_the_opening_of_a_text_is_recorded_today(council: Council) -> None:
    """Who opens the texts of a day in the past reads them today, and stands on record for it today."""
    before = len(council.program.ask("show", "reads", "torbay"))
    asked = ("show", "timeline", "torbay", "--audit", "T-CLOSED", "--as-at", "2026-01-20")
    assert "carries more" in str(council.program.ask(*asked))
    assert len(council.program.ask("show", "reads", "torbay")) == before + 1


@pytest.mark.parametrize("option", SENSES)
@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("2026-06-16", "2026-06-16 has not come yet; today is 2026-06-15"),
        ("yesterday", "'yesterday' is not a valid date; write YYYY-MM-DD"),
    ],
)
def test_no_day_of_the_past(option: str, written: str, rule: str, council: Council) -> None:
    """A day that has not come and a day that is none are refused in one line that names the option."""
    said = council.program.run("show", "register", "torbay", option, written)
    assert said.mistake() == f"sightline: {option.removeprefix('--')}: {rule}\n"


def test_a_long_time_ago(council: Council) -> None:
    """Before the first event every view is there and empty, and says so beside the answer."""
    said = council.program.run("show", "overdue", "torbay", "--as-at", "1999-12-31", "--json")
    assert (said.code, said.json) == (0, [])
    assert said.err == "sightline: nothing of torbay stands on record by 1999-12-31\n"
