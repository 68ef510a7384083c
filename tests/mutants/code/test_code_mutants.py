"""The mutants of a module of ours are made by mutmut and tried in place, each on the tests that run its lines."""

import json
import subprocess
import sys
from pathlib import Path

from tests.beside import ROOT
from tests.mutants.code.making import code_mutants_of

TESTED = "services/obligations/moments.py"
TESTS = """
from datetime import date

from services.obligations.moments import When, overdue_from


def test_of_a_day() -> None:
    assert overdue_from(When(date(2026, 1, 5))).isoformat() == "2026-01-06T00:00:00+00:00"


def test_of_nothing() -> None:
    assert When(date(2026, 1, 5)).at is None
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
print(json.dumps([[name, each.outcome, each.by] for (_, name), each in session.verdicts.items()]))
"""


def test_each_is_a_change_of_one_function() -> None:
    """What is made of a module is told apart by what it changes; what is decorated or no function stays as it is."""
    mutants = list(code_mutants_of(ROOT / TESTED))
    assert len({each.name for each in mutants}) == len(mutants)
    assert {each.function for each in mutants} == {"overdue_from", "counted", "counted_from", "_base"}
    assert {each.owner for each in mutants if each.function == "_base"} == {"Bases"}
    [moved] = [each for each in mutants if "timedelta(days=2)" in each.name]
    assert moved.name.startswith("overdue_from: return due.at if due.at is not None else instant_at(due.day + ")
    text = (ROOT / TESTED).read_text(encoding="utf-8").splitlines()
    assert "timedelta(days=1)" in "".join(text[moved.first - 1 : moved.last])


def test_what_becomes_of_mutants(tmp_path: Path) -> None:
    """The test that fails is named; lines that no test runs are untested; what is asked again is not tried again."""
    tests = tmp_path / "test_tiny.py"
    tests.write_text(TESTS, encoding="utf-8")
    given = [sys.executable, "-c", TRY, TESTED, str(tests), str(tmp_path / "kept")]
    ended = subprocess.run(given, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = {name: (outcome, by) for name, outcome, by in json.loads(ended.stdout.splitlines()[-1])}
    told = {name.partition(":")[0]: outcome for name, (outcome, _) in found.items() if not name.startswith("overdue")}
    assert told == {"Bases.counted": "untested", "Bases.counted_from": "untested", "Bases._base": "untested"}
    of_days = {name: verdict for name, verdict in found.items() if name.startswith("overdue_from")}
    assert {by.rpartition("::")[2] for outcome, by in of_days.values() if outcome == "killed"} == {"test_of_a_day"}
    assert [name.partition(" → ")[2] for name, (outcome, _) in of_days.items() if outcome == "survived"] == LEFT
    kept = (tmp_path / "kept/moments.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum('"killed"' in line for line in kept) == len(of_days) - len(LEFT)
    assert len(kept) == 2 * len(found) - (len(of_days) - len(LEFT))
