"""A call that is no command of the program: one line that commands no terminal, and exit code 2."""

import pytest

from services.settings import Settings
from tests.cli.program import Program
from workers.cli.screens import OBEYED

PROGRAM = Program(Settings())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["show", "nonsense"], "See `sightline show --help`"),
        (["show", "overdue"], "Missing argument"),
        (["show", "overdue", "torbay", "--tema", "T-1"], "No such option: --tema"),
        (["show", "overdue", "torbay", "--team"], "--team"),
        (["show", "overdue", "torbay", "one", "too many"], "unexpected extra argument"),
        (["rebuild", "--\x1b[2Jx"], "No such option"),
        (["\x1b[31mred\u202e\nnext"], "No such command"),
    ],
)
def test_one_line(arguments: list[str], said: str) -> None:
    """Whatever is wrong with a call is said in one line, in the words of the program."""
    mistake = PROGRAM.run(*arguments).mistake()
    assert said in mistake
    assert not OBEYED.search(mistake)


@pytest.mark.parametrize("arguments", [[], ["show"]])
def test_without_arguments(arguments: list[str]) -> None:
    """Nothing but the help."""
    found = PROGRAM.run(*arguments)
    assert (found.code, found.err) == (2, "")
    assert "Usage: sightline" in found.out


@pytest.mark.parametrize("arguments", [["--help"], ["show", "--help"], ["show", "overdue", "-h"]])
def test_help(arguments: list[str]) -> None:
    """Asking for help is no mistake."""
    found = PROGRAM.run(*arguments)
    assert (found.code, found.err) == (0, "")
