"""The mutants of a module of ours are made by mutmut and tried in place, each on the tests that run its lines."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.beside import ROOT

TESTED = "services/obligations/moments.py"
TESTS = """
from datetime import date
from pathlib import Path

from services.obligations.moments import When, overdue_from


def test_of_a_day(tmp_path: Path) -> None:
    assert len(list(tmp_path.parents[1].iterdir())) <= 2, "the folders of two questions, of those that are asked now"
    assert overdue_from(When(date(2026, 1, 5))).isoformat() == "2026-01-06T00:00:00+00:00"


def test_of_nothing() -> None:
    assert When(date(2026, 1, 5)).at is None
"""
ENDING = """
import signal
from datetime import date

from services.obligations.moments import When, overdue_from

WHEN = When(date(2026, 1, 5))


def test_that_the_clock_ends() -> None:
    overdue_from(WHEN)
    signal.raise_signal(signal.SIGALRM)


def test_that_fails() -> None:
    assert overdue_from(WHEN) is None


def test_that_passes() -> None:
    assert overdue_from(WHEN)
"""
BODIES = {
    "ends": "return None",
    "never ends": "\n    while True: pass",
    "never ends, whatever it is told": """
    while True:
        try:
            while True: pass
        except BaseException: pass
""",
    "waits": "__import__('signal').raise_signal(14)",
    "waits, and goes on": """
    try: __import__('signal').raise_signal(14)
    except BaseException: pass
""",
}
TRY_ENDING = """
import json, sys
from argparse import Namespace
from pathlib import Path

import pytest

import tests.mutants.code.__main__ as of_code
from tests.mutants import running
from tests.mutants.code import asking
from tests.mutants.code.making import CodeMutant

tested, test, of_code.KEPT, bodies = sys.argv[1], sys.argv[2], Path(sys.argv[3]), json.loads(sys.argv[4])
running.SECONDS = asking.SECONDS = 5
asking.AT_LEAST = asking.ENDLESS = 2
lines = range(1, 1 + len((of_code.ROOT / tested).read_text().splitlines()))
asked = [
    ("moments", CodeMutant(tested, "", "overdue_from", name, f"def overdue_from(due): {body}", lines[0], lines[-1]))
    for name, body in bodies.items()
]
session = of_code._Session(asked, [tested], Namespace(properties=False, processes=2))
assert pytest.main([*of_code.AS_IT_IS, test], plugins=[session]) == 0
print(json.dumps([[name.partition(" ")[2], each.outcome] for (_, name), each in session.verdicts.items()]))
"""
LEFT = [
    "return due.at if (due.at is not None) and False else instant_at(due.day + timedelta(days=1), MIDNIGHT)",
]
TRY = """
import json, sys
from argparse import Namespace
from pathlib import Path

import pytest

import tests.mutants.code.__main__ as of_code
from tests.mutants.code.making import code_mutants_of

tested, test, of_code.KEPT = sys.argv[1], sys.argv[2], Path(sys.argv[3])
asked = [("moments", each) for each in code_mutants_of(of_code.ROOT / tested)]
options = Namespace(properties=False, processes=2)
for _ in range(2):
    session = of_code._Session(asked, [tested], options)
    assert pytest.main([*of_code.AS_IT_IS, test], plugins=[session]) == 0
print(json.dumps([[name.partition(" ")[2], each.outcome, each.by] for (_, name), each in session.verdicts.items()]))
"""


def test_each_is_a_change_of_one_function() -> None:
    """What is made of a module is told apart by what it changes; what is decorated or no function stays as it is."""
    from tests.mutants.code.making import code_mutants_of  # noqa: PLC0415 - mutmut takes long to load

    mutants = list(code_mutants_of(ROOT / TESTED))
    assert len({each.name for each in mutants}) == len(mutants)
    assert {each.function for each in mutants} == {"overdue_from", "counted", "counted_from", "_base"}
    assert {each.owner for each in mutants if each.function == "_base"} == {"Bases"}
    [moved] = [each for each in mutants if "timedelta(days=2)" in each.name]
    assert moved.name.startswith("overdue_from: return due.at if due.at is not None else instant_at(due.day + ")
    text = (ROOT / TESTED).read_text(encoding="utf-8").splitlines()
    assert "timedelta(days=1)" in "".join(text[moved.first - 1 : moved.last])


def test_what_becomes_of_mutants(tmp_path: Path) -> None:
    """The test that fails is named; lines that no test runs are untested; what is asked again is not tried again.

    Nothing stays of what the tests made.
    """
    tests = tmp_path / "test_tiny.py"
    tests.write_text(TESTS, encoding="utf-8")
    ended = _tried(TRY, tests, tmp_path)
    found = {name: (outcome, by) for name, outcome, by in json.loads(ended.stdout.splitlines()[-1])}
    told = {name.partition(":")[0]: outcome for name, (outcome, _) in found.items() if not name.startswith("overdue")}
    assert told == {"Bases.counted": "untested", "Bases.counted_from": "untested", "Bases._base": "untested"}
    of_days = {name: verdict for name, verdict in found.items() if name.startswith("overdue_from")}
    assert {by.rpartition("::")[2] for outcome, by in of_days.values() if outcome == "killed"} == {"test_of_a_day"}
    assert [name.partition(" → ")[2] for name, (outcome, _) in of_days.items() if outcome == "survived"] == LEFT
    kept = (tmp_path / "kept/moments.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum('"killed"' in line for line in kept) == len(of_days) - len(LEFT)
    assert len(kept) == 2 * len(found) - (len(of_days) - len(LEFT))


def test_what_does_not_end_is_no_failure(tmp_path: Path) -> None:
    """What takes too long of the processor is endless, whatever becomes of what is raised; the clock gives no verdict.

    A test that is not run to its end unmutated is told apart from one that fails, and may be asked the next time.
    """
    tests = tmp_path / "test_ending.py"
    tests.write_text(ENDING, encoding="utf-8")
    ended = _tried(TRY_ENDING, tests, tmp_path, json.dumps(BODIES))
    *said, told = ended.stdout.splitlines()
    assert dict(json.loads(told)) == {
        "ends": "killed",
        "never ends": "endless",
        "never ends, whatever it is told": "endless",
        "waits": "stopped",
        "waits, and goes on": "stopped",
    }
    for why, name in (
        ("was not run to its end under the tracer", "test_that_the_clock_ends"),
        ("fails without any mutant", "test_that_fails"),
    ):
        assert [each for each in said if each.startswith(why) and each.endswith(f"::{name}")], ended.stdout
    [lines] = (tmp_path / "kept/lines").iterdir()
    assert "test_that_the_clock_ends" not in lines.read_text(encoding="utf-8")


def test_the_first_test_is_asked_however_long_it_takes() -> None:
    """A line that one long test runs is tested; quick tests of the mutant come before it."""
    from tests.mutants.code.asking import SECONDS_OF_TESTS, asked_of  # noqa: PLC0415 - mutmut takes long to load
    from tests.mutants.code.making import CodeMutant  # noqa: PLC0415

    mutant = CodeMutant(TESTED, "", "overdue_from", "one", "", 1, 2)
    long = ("tests/services/obligations/test_a.py::test_long", (SECONDS_OF_TESTS + 1, frozenset({f"{TESTED}:1"})))
    longer = ("tests/services/obligations/test_a.py::test_longer", (SECONDS_OF_TESTS + 2, long[1][1]))
    quick = ("tests/northmoor/test_b.py::test_quick", (1.0, frozenset({f"{TESTED}:2"})))
    other = ("tests/northmoor/test_b.py::test_other", (1.0, frozenset({f"{TESTED}:3"})))
    assert asked_of(mutant, dict([longer, long, other])) == [long[0]]
    assert asked_of(mutant, dict([longer, long, quick, other])) == [quick[0], long[0]]


def _tried(program: str, tests: Path, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """What the program says, once it has ended well and left nothing of what its tests made."""
    made = folder / "made"
    made.mkdir()
    given = [sys.executable, "-c", program, TESTED, str(tests), str(folder / "kept"), *more]
    environ = {**os.environ, "PYTEST_DEBUG_TEMPROOT": str(made)}
    ended = subprocess.run(given, cwd=ROOT, capture_output=True, text=True, check=False, env=environ)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert not list(made.iterdir())
    return ended
