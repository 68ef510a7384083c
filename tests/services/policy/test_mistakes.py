"""Mistakes in a policy file: each is refused with its file and line, the key, and the rule that it breaks."""

from pathlib import Path

import pytest

from events.errors import PolicyError
from services.policy_files import check, load
from tests.edited import edited
from tests.services.policy.mistakes import Mistake
from tests.services.policy.mistakes_of_frame import OF_FRAME
from tests.services.policy.mistakes_of_obligations import OF_OBLIGATIONS

MISTAKES = [*OF_FRAME, *OF_OBLIGATIONS]


def line_of(text: str, mark: str) -> int:
    assert mark in text
    return text[: text.index(mark)].count("\n") + 1


def test_more_than_thirty_kinds_of_mistake() -> None:
    """More than thirty distinct mistakes are tried."""
    assert len({each.id for each in MISTAKES}) == len(MISTAKES) >= 30


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.id)
def test_a_mistake_is_named(mistake: Mistake, tmp_path: Path) -> None:
    """Each mistake is refused with the file and line where it stands, the key, and the rule."""
    text = edited("torbay", (mistake.old, mistake.new))
    path = tmp_path / "torbay.yaml"
    path.write_text(text, encoding="utf-8")
    _, problems = check(path)
    found = [problem for problem in problems if problem.key == mistake.key]
    assert found, [str(problem) for problem in problems]
    assert found[0].where == f"{path}:{line_of(text, mistake.mark)}"
    assert found[0].rule.startswith(mistake.rule)
    assert not [problem for problem in problems if "\n" in str(problem)]


def test_a_file_with_a_mistake_is_not_taken(tmp_path: Path) -> None:
    """Whoever loads it is told of the first mistake."""
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay", (MISTAKES[0].old, MISTAKES[0].new)), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(path)
    assert str(caught.value) == str(check(path)[1][0])
