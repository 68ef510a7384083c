"""One mutant under its tests: in a process that is forked from one in which the whole program is loaded already.

The tests are imported in that process alone, so that everything they make of the policies they make of the mutant.
"""

import importlib
import json
import os
import pkgutil
import resource
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import Phase, settings

import services.settings
from events.errors import PolicyError
from services import kept
from services.modules import CATALOGUE
from services.policy import bases
from services.policy.written import content_of, policies_in, written_at
from services.policy_files import load
from tests.beside import ROOT

ROOMS = ("events", "services", "projections", "workers")
SECONDS = 300
"""Of the processor, after which a mutant is `endless`: some make a loop so."""

WHOLE_SYSTEM = (
    "tests/cli/",
    "tests/deploy/",
    "tests/services/store/",
    "tests/whole_system/",
    "tests/workers/",
    "tests/worked_cases/test_east_sussex_pipeline.py",
    "tests/worked_cases/test_pipeline.py",
    "tests/worked_cases/test_programme.py",
    "tests/worked_cases/test_registers.py",
)
"""Tests that start servers or import whole histories: they are asked where the quick ones notice nothing."""


Outcome = Literal["killed", "survived", "refused", "same", "untested", "endless", "stopped"]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    `outcome`: `killed`, by the test or the words in `by`; `survived`; `refused` by the checks of a policy, with the
    rule; `same`, where the policy says what it said before; `untested`, where no test is named; `endless`, where the
    tests take many times as long of the processor with it, which would be noticed too. `stopped` is no verdict: the
    clock ended a test, or a signal the process, and the machine may be the reason.
    """

    outcome: Outcome
    by: str = ""


def preload() -> None:
    """Import the whole program once, for every process that is forked."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for each in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not each.name.endswith("__main__"):
                importlib.import_module(each.name)
    assert CATALOGUE.kinds


def judge(
    policy: Path, text: str, tests: Sequence[str], *, whole_system: bool = True, policies: Path | None = None
) -> Verdict:
    """What the tests say of the policy file with that text. To be called in a process of its own: it is left changed.

    The file may be a part of a policy that is a folder of the `policies`; without these it is a policy by itself. The
    files beside it stay as they are. With its own text, `survived` says that all tests pass.
    """
    whole = policies or policy.parent
    folder = Path(tempfile.mkdtemp(prefix="mutant-"))
    try:
        shutil.copytree(whole, folder, dirs_exist_ok=True)
        mutant = folder / policy.relative_to(whole)
        mutant.write_text(text, encoding="utf-8")
        shipped = _meant(policy, whole)
        _stand_in(folder)
        try:
            held = _meant(mutant, folder)
        except PolicyError as refused:
            return Verdict("refused", f"{refused.key}: {refused.rule}")
        if text != policy.read_text(encoding="utf-8") and held == shipped:
            return Verdict("same")
        if not tests:
            return Verdict("untested")
        quick = [each for each in tests if not each.startswith(WHOLE_SYSTEM)]
        slow = [each for each in tests if each.startswith(WHOLE_SYSTEM)] if whole_system else []
        for asked in filter(None, (quick, slow)):
            if noticed := _run(asked, folder):
                return Verdict("killed", noticed)
        return Verdict("survived")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _meant(file: Path, whole: Path) -> list[object]:
    """What the file means: the policy that it is or belongs to; of a part of a base, all policies, and the base."""
    if file.parent.parent == whole / bases.BASES.name:
        return [*map(load, policies_in(whole)), content_of(written_at(file.parent))[0]]
    return [load(file if file.parent == whole else file.parent)]


def _stand_in(folder: Path) -> None:
    """From here on, the shipped policies of this process are those in the folder, and the bases those beside them."""
    kept.keep = lambda *_: None  # a mutant is nothing to keep for the next process
    if (beside := folder / bases.BASES.name).is_dir():
        bases.BASES = beside
    services.settings.SHIPPED_POLICIES = folder
    os.environ["SIGHTLINE_POLICIES"] = str(folder)
    for name in [each for each in sys.modules if each.partition(".")[0] == "tests"]:
        del sys.modules[name]


class _First:
    """Notes the first test that fails, or what keeps the tests from being imported."""

    def __init__(self) -> None:
        self.failed = ""

    def pytest_configure(self) -> None:
        """A failure is noticed as it is found: nobody reads the smallest example of it."""
        settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None, deadline=None)

    def pytest_collection(self) -> None:
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid} cannot be imported"


def _run(tests: Sequence[str], folder: Path) -> str:
    """The first of the tests that fails; empty if all pass."""
    first = _First()
    given = [f"--basetemp={folder / 'made'}", "-qq", "-x", "-p", "no:cacheprovider", "-p", "no:schemathesis"]
    code = pytest.main([*given, "-c", str(ROOT / "pyproject.toml"), f"--rootdir={ROOT}", *tests], plugins=[first])
    if code == pytest.ExitCode.OK:
        return ""
    return first.failed or f"pytest ended with {int(code)}"


# Processes


Asked = tuple[str, Callable[[], Verdict]]
"""A question under a name of its own."""


def answers(asked: Sequence[Asked], processes: int) -> Iterator[tuple[str, Verdict]]:
    """Each question answered in a process of its own, so many at once; in the order in which the answers come."""
    waiting, running = list(reversed(asked)), dict[int, tuple[str, Path]]()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        try:
            while waiting or running:
                while waiting and len(running) < processes:
                    name, question = waiting.pop()
                    told = Path(folder) / str(len(waiting))
                    running[_forked(question, told)] = name, told
                process, status, used = os.wait3(0)
                if process in running:
                    name, told = running.pop(process)
                    yield name, _told(told, status, used.ru_utime + used.ru_stime)
        finally:
            for process in running:
                os.kill(process, 9)
                os.waitpid(process, 0)


def _forked(question: Callable[[], Verdict], told: Path) -> int:
    sys.stdout.flush()
    if process := os.fork():
        return process
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        out = os.open(told.with_suffix(".out"), os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        verdict = question()
        told.write_text(json.dumps([verdict.outcome, verdict.by]), encoding="utf-8")
    except BaseException:  # noqa: BLE001 - nothing of this process may reach the loop that it was forked from
        told.with_suffix(".error").write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        os._exit(0)


def _told(told: Path, status: int, used: float) -> Verdict:
    if told.exists():
        return Verdict(*json.loads(told.read_text(encoding="utf-8")))
    error = told.with_suffix(".error")
    if error.exists():
        raise RuntimeError(error.read_text(encoding="utf-8"))
    if os.WIFSIGNALED(status):
        if used >= SECONDS - 1:  # what the system counts for its limit may be a little more than what it tells
            return Verdict("endless", f"it does not end within {SECONDS} s of the processor")
        return Verdict("stopped", f"signal {os.WTERMSIG(status)} ended its process")
    raise RuntimeError(f"a process ended with {status} and told nothing")


def as_question(*args: Any, **kwargs: Any) -> Callable[[], Verdict]:
    """A call of `judge`, for later."""
    return lambda: judge(*args, **kwargs)
