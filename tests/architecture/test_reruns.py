"""A test that failed is run again as before, by processes that ask about it only then."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reruns import AskedOnceFailed

ROOT = Path(__file__).parents[2]
ONCE = """
from pathlib import Path
import pytest

@pytest.fixture(scope="module", autouse=True)
def kept():
    yield
    Path("ended").open("a").write("{name} ")

def test_before(): ...

def test_left_out():
    pytest.skip("as some are")

def test_fails_once():
    tried = Path("{name}")
    before = tried.exists()
    tried.touch()
    assert before

def test_after(): ...
"""
RUN = (
    *("-c", "/dev/null", "-p", "xdist", "-p", "rerunfailures", "-p", "no:cacheprovider"),
    *("-n", "2", "--dist", "loadfile", "--reruns", "1", "--max-suite-reruns", "2"),
)
VARIABLES = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""A run loads what it names: all else that is installed for pytest would take two thirds of its time."""


def run(folder: Path, *names: str) -> str:
    """What is said at the end of a run of files of which each has a test that fails the first time."""
    (folder / "conftest.py").write_text("from tests.reruns import ask_once_failed as pytest_sessionstart\n")
    for name in names:
        (folder / f"test_{name}.py").write_text(ONCE.replace("{name}", name))
    started = (sys.executable, "-m", "pytest", "-q", *RUN, "--rootdir", str(folder), str(folder))
    done = subprocess.run(started, cwd=folder, env=VARIABLES, capture_output=True, text=True, check=False)
    return done.stdout


def test_a_test_that_failed_is_run_once_more(tmp_path: Path) -> None:
    """It passes the second time, and what its file shares ends once, after the last test of it."""
    assert re.search(r"6 passed, 2 skipped, 2 rerun", run(tmp_path, "a", "b"))
    assert sorted((tmp_path / "ended").read_text().split()) == ["a", "b"]


def test_as_many_are_run_again_as_may_be_of_all(tmp_path: Path) -> None:
    """The third of three fails, whichever process it falls to: they ask one another."""
    assert re.search(r"1 failed, 8 passed, 3 skipped, 2 rerun", run(tmp_path, "a", "b", "c"))
    assert sorted((tmp_path / "ended").read_text().split()) == ["a", "b", "c"]


def test_a_test_that_ends_its_process_is_given_up(tmp_path: Path) -> None:
    """It takes two processes with it, and no more: the rest of its file is run."""
    ends = "import os\n\ndef test_ends():\n    os._exit(3)\n\ndef test_after(): ...\n"
    (tmp_path / "test_ends.py").write_text(ends)
    assert re.search(r"2 failed, 4 passed, 1 skipped, 1 rerun", run(tmp_path, "a"))


class Counted:
    """Counts the questions in place of the first process, which has run two again."""

    def __init__(self) -> None:
        self.asked = 0

    def get_suite_reruns(self) -> int:
        self.asked += 1
        return 2

    def get_test_failures(self, crashitem: str) -> int:
        return len(crashitem)

    def set_test_reruns(self, crashitem: str, reruns: int) -> None:
        raise AssertionError(f"{crashitem} {reruns}")


def told(raised: type[BaseException] | None) -> pytest.CallInfo[None]:
    """A part of a test that ended so."""

    def end() -> None:
        if raised:
            raise raised("it")

    return pytest.CallInfo.from_call(end, when="call")


@pytest.mark.parametrize("ended", [None, pytest.skip.Exception])
def test_the_first_process_is_asked_once_something_failed(ended: type[BaseException] | None) -> None:
    """Not for tests that pass or are left out."""
    counts = Counted()
    asking = AskedOnceFailed(counts)
    asking.pytest_runtest_makereport(told(ended))
    assert counts.get_test_failures("a") == 1, "a test may have ended another process"
    counts.set_test_reruns("a", 1)
    assert counts.get_suite_reruns() == 0
    assert counts.asked == 0
    asking.pytest_runtest_makereport(told(AssertionError))
    assert counts.get_suite_reruns() == 2
