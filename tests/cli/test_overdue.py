"""What is overdue across everything, asked of the running system."""

from datetime import date, timedelta

import pytest

from tests.cli.council import LIVES, Council

PERIODIC = ("duty/", "report/")
AUTHORITIES = ("torbay", "halton")


def test_late_return(council: Council) -> None:
    """A return that was due on 1 June is overdue since the 2nd: whose it is, how long, and what happens next."""
    rows = council.program.ask("show", "overdue", "torbay")
    [late] = [row for row in rows if row["audit"] == "T-LATE"]
    assert (late["due"], late["since"], late["days"]) == ("2026-06-01", "2026-06-02", 14)
    assert ([owner["holder"] for owner in late["owners"]], late["team"]) == (["P-AUD"], "T-1")
    [before] = [
        row
        for row in council.program.ask("show", "overdue", "torbay", "--as-of", "2026-06-10")
        if row["audit"] == "T-LATE"
    ]
    assert (before["days"], before["next_at"][:16]) == (9, "2026-06-15 07:00")
    assert late["next_at"] is None  # the clock stands at one in the afternoon of that day
    said = council.program.run("show", "overdue", "torbay", COLUMNS="220")
    assert (said.code, said.err) == (0, "")
    assert "2 Jun 2026" in said.out
    assert f"{len(rows)} overdue; by team: " in said.flat


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_it_is_what_each_audit_owes(council: Council, authority: str) -> None:
    """Across all audits the answer is the overdue part of what each owes by itself, the longest overdue first."""
    rows = council.program.ask("show", "overdue", authority)
    expected = [
        (row["due"], row["about"], row["title"], row["key"])
        for life in LIVES
        if life.authority == authority
        for row in council.program.ask("show", "owed", authority, "--audit", life.audit)
        if row["state"] == "overdue"
    ]
    found = [
        (row["due"], row["about"], row["what"], row["item"]) for row in rows if not row["about"].startswith(PERIODIC)
    ]
    assert sorted(found) == sorted(expected)
    assert found
    assert [row["due"] for row in rows] == sorted(row["due"] for row in rows)


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_tasks_of_a_period(council: Council, authority: str) -> None:
    """What a month, quarter or year left undone stands among the rest, with whose it is and since when."""
    rows = [row for row in council.program.ask("show", "overdue", authority) if row["about"].startswith(PERIODIC)]
    expected = [
        (row["due"], row["record"] or f"duty/{row['task']}", row["role"])
        for row in council.program.ask("show", "programme", authority, "--from", "2026-01-01", "--to", "2026-06-14")
        if row["state"] == "overdue"
    ]
    assert sorted((row["due"], row["about"], row["owners"][0]["asked"]) for row in rows) == sorted(expected)
    assert expected
    assert all(date.fromisoformat(row["since"]) - date.fromisoformat(row["due"]) == timedelta(1) for row in rows)
    assert all(row["owners"][0]["holder"] or row["owners"][0]["role"] for row in rows)
    earlier = council.program.ask("show", "overdue", authority, "--as-of", rows[0]["due"])
    assert (rows[0]["due"], rows[0]["about"]) not in {(row["due"], row["about"]) for row in earlier}


@pytest.mark.covers("A-HAL-10")
def test_without_a_ladder(council: Council) -> None:
    """What is late is named where the framework reminds nobody of it, with nothing that happens next."""
    rows = council.program.ask("show", "overdue", "halton")
    silent = [row for row in rows if row["next_at"] is None]
    without = {rule.title for rule in council.system.policies["halton"].newest.obligations if not rule.ladder}
    silent = [row for row in silent if not row["about"].startswith("duty/")]
    assert {row["what"] for row in silent} & without
    assert all(row["next_step"] is None for row in silent)


def test_filters(council: Council) -> None:
    """By person and by team; on an earlier day less is overdue; a slip of the pen is a mistake."""
    everything = council.program.ask("show", "overdue", "torbay")
    own = council.program.ask("show", "overdue", "torbay", "--person", "P-AUD")
    assert own == [row for row in everything if "P-AUD" in [owner["holder"] for owner in row["owners"]]]
    assert own
    of_team = [row for row in everything if row["team"] == "T-1"]
    assert council.program.ask("show", "overdue", "torbay", "--team", "T-1") == of_team
    assert of_team
    other = council.program.ask("show", "overdue", "torbay", "--team", "T-2")
    assert other == [row for row in everything if row["team"] == "T-2"]
    assert "team T-99: there is none" in council.program.run("show", "overdue", "torbay", "--team", "T-99").mistake()
    earlier = council.program.ask("show", "overdue", "torbay", "--as-of", "2026-06-01")
    assert "T-LATE" not in {row["audit"] for row in earlier}
    assert "T-LATE" in {
        row["audit"] for row in council.program.ask("show", "overdue", "torbay", "--as-of", "2026-06-02")
    }
    assert "not a valid reference" in council.program.run("show", "overdue", "torbay", "--team", "T 1").mistake()
