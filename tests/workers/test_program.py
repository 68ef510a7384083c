"""How processes of ours start others: with the program's own modules, wherever somebody happens to work."""

import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

from events.errors import Refused
from workers.processes.program import program, require_installed

WORKERS = Path(__file__).parents[2] / "workers"


@pytest.mark.parametrize("name", ["recording.appending", "histories.filling"])
def test_the_folder_somebody_works_in_lends_no_module(name: str, tmp_path: Path) -> None:
    """Files there that are named like ours, or like the language's, are not run: the program asks for its line."""
    file = Path(*name.split(".")).with_suffix(".py")
    (tmp_path / "workers" / file.parent).mkdir(parents=True)
    for each in ("workers/__init__.py", f"workers/{file}", "json.py", "psutil.py"):
        (tmp_path / each).write_text("raise SystemExit('a module of the folder')")
    words = program(f"workers.{name}")
    found = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "IndexError" in found.stderr
    assert str(WORKERS / file) in found.stderr


def test_a_checkout_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be started from its own folder, and what it starts could not: one line says so before anything runs."""
    root = str(WORKERS.parent)
    monkeypatch.setattr(sys, "path", [root, *(each for each in sys.path if Path(each).resolve() != WORKERS.parent)])
    monkeypatch.setattr(sys, "meta_path", [PathFinder])
    with pytest.raises(Refused, match="not installed"):
        require_installed()
    sys.path.append(root)
    require_installed()


def test_each_process_is_started_so() -> None:
    """No other module names the interpreter's option for it."""
    named = {path.relative_to(WORKERS).as_posix() for path in WORKERS.rglob("*.py") if '"-m"' in path.read_text()}
    assert named == {"processes/program.py"}
