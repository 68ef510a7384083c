"""Blocks of reports in words: each is told of its own register."""

import pytest

from services.modules import CATALOGUE
from services.policy.describe.framework import statements
from services.policy_files import load
from services.settings import SHIPPED_POLICIES


@pytest.mark.parametrize(
    ("report", "section", "words"),
    [
        (
            "performance_compendium",
            "plan_ratings",
            "with the steps “Rating shared”; with the answers to “Rating of the plan” and “At which meeting was",
        ),
        ("performance_compendium", "plan_ratings", "only where “Rating of the plan” is answered “red” |"),
        ("campaigns_and_impact", "after_reaudit", "with the answers to “Practice areas audited again” |"),
        ("thematic_practice", "audits", "Trend “Share of good over a year” of grades, with the share that is “good”"),
    ],
)
def test_a_report_speaks_of_its_own_register(report: str, section: str, words: str) -> None:
    """What a report counts is called as its own register calls it, though another asks by the same key."""
    told = {each.key: each.words for each in statements(load(SHIPPED_POLICIES / "torbay"), CATALOGUE.known)}
    assert words in told[("reports", report, f"sections.{section}")]
