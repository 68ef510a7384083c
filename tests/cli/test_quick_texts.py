"""A page of texts imports what opens them for who asks, and no more."""

import os
from pathlib import Path

import pytest

from tests.cli.alone import Call, in_turn
from tests.cli.council import Council
from tests.cli.program import WIDE


def test_a_page_of_texts_looks_for_no_operator(council: Council, tmp_path: Path) -> None:
    """Who runs the embedded default needs no post: texts are opened without the directory or any kind of record."""
    variables = {**os.environ, "COLUMNS": WIDE, **council.program.variables, "XDG_CACHE_HOME": str(tmp_path)}
    call = Call(("show", "actions", "torbay"))
    _, said = in_turn(tmp_path, [call, call], variables)  # what the first works out is kept for the second
    assert ("seen weekly" in said.out, "Traceback" in said.err) == (True, False), said
    assert said.loaded >= {"services.texts.opening", "services.keyring.keyring"}, "texts were opened"
    assert not said.loaded & {"services.core.catalogue", "services.obligations.engine", "services.directory.may"}
    assert not [each for each in said.loaded if each.startswith("services.core.command")]


@pytest.mark.parametrize(
    "words",
    [
        ("show", "actions", "torbay"),
        ("show", "grade-changes", "torbay"),
        ("show", "timeline", "torbay", "--audit", "T-CLOSED"),
        ("show", "answers", "torbay"),
        ("show", "tally", "torbay"),
        ("show", "entries", "torbay"),
    ],
    ids=str,
)
def test_a_page_is_told_without_the_policy(words: tuple[str, ...], council: Council, tmp_path: Path) -> None:
    """What the framework calls things is kept, and by what the reading names the rules stands in their adoption."""
    variables = {**os.environ, "COLUMNS": WIDE, **council.program.variables, "XDG_CACHE_HOME": str(tmp_path)}
    call = Call(words)
    first, second = in_turn(tmp_path, [call, call], variables)
    assert first.out == second.out != "", (first, second)
    assert "Traceback" not in first.err + second.err
    assert not second.loaded & {"services.policy.model", "services.policy.adopted", "yaml"}
