"""A mistake in a policy file is answered with what to write instead, not with what a library thinks of it."""

from pathlib import Path

import pytest

from services.policy_files import check
from tests.edited import edited

OWNER = "owner: auditor"
MISTAKES = {
    "a misspelt post": (OWNER, "owner: team_manger", "unknown recipient team_manger; did you mean team_manager?"),
    "a misspelt value": ("kind: escalation", "kind: escalte", "did you mean escalation?"),
    "words for a number": ("level: 1", "level: high", "a whole number, without quotes"),
    "a day that there is not": ("effective_from: 2020-01-01", "effective_from: 31/02/2020", "such as 2026-03-31"),
    "a key that is lacking": (OWNER, "", "this key is lacking, and it is needed"),
    "tabs": ("\n  ", "\n\t", "indent with blanks, not with tabs"),
    "a colon in a text": ("title: Return of the audit", "title: Return: the audit", "into quotes"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_to_write(mistake: str, tmp_path: Path) -> None:
    """Each of the slips that people make most often names the way out."""
    right, wrong, said = MISTAKES[mistake]
    text = edited("torbay")
    assert right in text
    file = tmp_path / "torbay.yaml"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    _, problems = check(file)
    assert any(said in each.rule for each in problems), problems
