"""What is wrong or odd about a base, or about what is taken of it: told at its line, with what a council can do."""

from pathlib import Path

import pytest

from services.policy.bases import named_in
from services.policy_files import check, doubts
from tests.services.policy.westmoor import change, short


def test_a_post_of_the_base_without_a_holder(westmoor: Path) -> None:
    """It is warned of like any other, and that it is taken from the base is said."""
    said = {each.key: each.rule for each in doubts(westmoor, held={"team_manager", "service_manager", "director"})}
    assert said["roles.head_of_service"] == (
        "nobody holds the post of head_of_service; this is taken from base-1: an entry of your own goes in its place"
    )


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("extends: base-one", "unknown base base-one; did you mean base-1?"),
        ("extends: 1", "unknown base 1; known: base-1"),
        ("extends: [base-1]", "unknown base ['base-1']; did you mean base-1?"),
        ("extends : base-1", "say it in a line of its own: `extends: base-1`"),
    ],
)
def test_a_base_that_there_is_not(westmoor: Path, line: str, rule: str) -> None:
    """It is refused at its line, with those that there are."""
    short(westmoor.parent, ("extends: base-1", line))
    [problem] = check(westmoor)[1]
    assert (problem.where, problem.key, problem.rule) == (f"{westmoor}:5", "extends", rule)


def test_how_a_base_is_named() -> None:
    """With quotation marks and a comment or without; not deeper in a file."""
    assert named_in(["a: 1\nextends: 'base-1'  # usual\n"]) == named_in(['extends: "base-1"']) == "base-1"
    assert named_in(["a:\n  extends: base-1\n", "#extends: base-1"]) is None


def test_a_mistyped_extends(westmoor: Path) -> None:
    """It is found like any other key."""
    short(westmoor.parent, ("extends: base-1", "extend: base-1"))
    [problem] = [each for each in check(westmoor)[1] if each.key == "extend"]
    assert problem.rule == "no such key; did you mean extends?"


def test_a_mistake_in_an_entry_of_the_base_names_its_line(westmoor: Path, own_base: Path) -> None:
    """In the base's own part, and what a council can do is said."""
    line = change(own_base / "alerts.yaml", "head_of_service of child", "head_of_service")
    [problem] = check(westmoor)[1]
    assert problem.where == f"{own_base / 'alerts.yaml'}:{line}"
    assert "this is taken from base-1: an entry of your own goes in its place" in problem.rule


def test_a_doubt_of_the_base_names_its_line(westmoor: Path, own_base: Path) -> None:
    """What is odd in the base is told behind what is odd in the files, and the files may say that it is meant."""
    filled = 'title: "fill in: words"'
    line = change(own_base / "alerts.yaml", "title: Safety concern raised during an audit", filled)
    short(westmoor.parent, ("title: Return", filled))
    own, taken = doubts(westmoor)
    held = westmoor.read_text(encoding="utf-8").splitlines()
    assert own.where == f"{westmoor}:{next(number for number, said in enumerate(held, 1) if filled in said)}"
    assert taken.where == f"{own_base / 'alerts.yaml'}:{line}"
    assert taken.rule.endswith("; this is taken from base-1: an entry of your own goes in its place")
    short(westmoor.parent, ("roles:\n", "knowingly: {alerts.safety_concern: our own words}\nroles:\n"))
    assert doubts(westmoor) == []


def test_a_base_extends_none(own_base: Path, westmoor: Path) -> None:
    """What is usual is found in one place."""
    change(own_base / "framework.yaml", "fallback: qa_team\n", "fallback: qa_team\nextends: base-1\n")
    [problem] = check(own_base)[1]
    assert problem.rule == "this is a base, and a base extends none"
    assert any(each.key == "extends" for each in check(westmoor)[1])
