"""A mutant is tried in a process of its own, on tests that are imported with it; what became of it is kept."""

import json
import subprocess
import sys
from pathlib import Path

from services.policy.start import start_of
from tests.beside import ROOT
from tests.mutants.results import Results, equivalents, key_of, not_needed
from tests.mutants.running import Verdict

TESTS = """
from services.policy_files import load_folder
from services.settings import SHIPPED_POLICIES, Settings

POLICY = load_folder(SHIPPED_POLICIES)["newtown"].newest


def test_fallback() -> None:
    assert POLICY.fallback == load_folder(Settings().policies)["newtown"].newest.fallback


def test_version() -> None:
    assert POLICY.version == "1", POLICY.version
"""
TRY = """
import json, sys
from pathlib import Path
from tests.mutants.running import answers, as_question

policy, test = map(Path, sys.argv[1:3])
text = policy.read_text()
tests = [f"{test}::test_fallback", f"{test}::test_version"]
texts = {
    "unchanged": text,
    "comment": text + "# nothing more" + chr(10),
    "version": text.replace(sys.argv[3], 'version: "2"'),
    "refused": text.replace(sys.argv[3], ""),
}
asked = [(name, as_question(policy, each, tests)) for name, each in texts.items()]
asked.append(("untested", as_question(policy, texts["version"], [])))
print(json.dumps({name: [each.outcome, each.by] for name, each in answers(asked, 2)}))
"""


def test_what_becomes_of_mutants_of_a_tiny_policy(tmp_path: Path) -> None:
    """The first test that fails is named; a broken policy is refused, one that means the same is no mutant."""
    policy, tests = tmp_path / "policies" / "newtown.yaml", tmp_path / "test_tiny.py"
    policy.parent.mkdir()
    text = start_of("newtown")
    [version] = [line for line in text.splitlines() if line.startswith("version:")]
    [authority] = [line for line in text.splitlines() if line.startswith("authority:")]
    text = text.replace(authority, "authority: newtown").replace(version, 'version: "1"').replace("fill in: ", "")
    policy.write_text(text, encoding="utf-8")
    tests.write_text(TESTS, encoding="utf-8")
    given = [sys.executable, "-c", TRY, str(policy), str(tests), 'version: "1"']
    ended = subprocess.run(given, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout.splitlines()[-1])
    assert {name: each[0] for name, each in found.items()} == {
        "unchanged": "survived",
        "comment": "same",
        "version": "killed",
        "refused": "refused",
        "untested": "untested",
    }
    assert found["version"][1].endswith("::test_version")
    assert found["refused"][1].startswith("version: ")
    assert policy.read_text(encoding="utf-8") == text


def test_results_are_kept_line_by_line(tmp_path: Path) -> None:
    """What was kept is there for the next run; of a line that was cut off, the mutant is tried again."""
    file = tmp_path / "kept" / "newtown.jsonl"
    Results(file).keep("a", Verdict("killed", "test"))
    Results(file).keep("b", Verdict("survived"))
    with file.open("a", encoding="utf-8") as cut:
        cut.write('["c", "kil')
    held = Results(file)
    assert (held.get("a"), held.get("b"), held.get("c")) == (Verdict("killed", "test"), Verdict("survived"), None)


def test_another_policy_or_test_is_another_question() -> None:
    """The key of a mutant changes with its text, with the tests that are asked and with what stands in their files."""
    one, other = "tests/mutants/test_making.py::test_a", "tests/mutants/test_running.py::test_a"
    keys = [
        key_of("a", [one], whole_system=True),
        key_of("b", [one], whole_system=True),
        key_of("a", [other], whole_system=True),
        key_of("a", [one, other], whole_system=True),
        key_of("a", [one], whole_system=False),
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == key_of("a", [one], whole_system=True)


def test_the_file_of_equivalents_is_needed() -> None:
    """One that a test notices, or that is not made, stands in it without need; each has its reason."""
    killed, survived, gone, untried = (("newtown", each) for each in ("killed", "survived", "gone", "untried"))
    verdicts = {killed: Verdict("killed", "test_a"), survived: Verdict("survived")}
    said = not_needed([killed, survived, gone, untried], {killed, survived, untried}, verdicts)
    assert said == ["newtown killed: killed by test_a", "newtown has no mutant gone"]
    assert all(equivalents().values())


def test_a_sample_is_killed() -> None:
    """Some mutants of each council, always the same, are noticed by the quick tests that their clauses name."""
    given = [sys.executable, "-m", "tests.mutants", "--sample", "1", "--seed", "61", "--quick", "--trusting", "--anew"]
    ended = subprocess.run(given, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
