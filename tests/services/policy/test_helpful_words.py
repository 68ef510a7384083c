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
    "a word for keys": (
        "qa_team: {",
        "extra_team: none\n  qa_team: {",
        "write keys with their values, such as `title:",
    ),
    "a title for a name": (
        "name: audit_return\n",
        "name: Audit Return\n",
        "'Audit Return': write a name of small letters",
    ),
    "a word for a list": ("met_by: [audit.submitted]", "met_by: audit.submitted", "write a list: `[a, b]`"),
    "a day in prose": (
        "due: trigger + 4 weeks",
        "due: 4 weeks after it",
        "write what it is counted from, such as `trigger`",
    ),
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


def test_a_mistake_in_a_list_is_told_once(tmp_path: Path) -> None:
    """A list is not called empty because of what is wrong in it, and a place is named as the file has it."""
    right, wrong = "trigger: {events: [audit.allocated]}", "trigger: {events: [Audit allocated]}"
    text = edited("torbay")
    assert right in text
    file = tmp_path / "torbay.yaml"
    file.write_text(text.replace(right, wrong, 1).replace("met_by: [audit.submitted]", "met_by: [Returned]", 1))
    _, problems = check(file)
    assert [each.key for each in problems] == ["obligations.0.trigger.events.0", "obligations.0.met_by.0"]


def test_a_wrong_owner_is_not_taken_for_an_alert(tmp_path: Path) -> None:
    """Only whoever names no owner is told where that belongs that nobody owes."""
    file = tmp_path / "torbay.yaml"
    file.write_text(edited("torbay").replace(OWNER, "owner: the auditor", 1), encoding="utf-8")
    (problem,) = check(file)[1]
    assert "is not a valid recipient" in problem.rule
    assert "alerts" not in problem.rule
