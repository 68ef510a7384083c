"""The tests of the program, collected once: which lines each of them runs, and which of them notices a mutant.

Both are asked in processes that are forked once every test is imported, so a mutant costs the tests that run its lines
and nothing else. In the first process no test runs: nothing is worked out there that a mutant would find ready.
"""

import json
import resource
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any, NoReturn

import pytest

from services import kept
from tests.beside import ROOT
from tests.mutants.code.making import CodeMutant
from tests.mutants.running import SECONDS, Verdict

SECONDS_OF_TESTS = 30.0
"""Of the processor, as they take without a mutant: a mutant is held to so many of its tests, the quickest first."""

ENDLESS, AT_LEAST = 4, 20
"""A mutant that takes so many times as long as its tests do without it, and so many seconds, does not end.

After `SECONDS` its process is ended, should it go on whatever it is told.
"""

Ran = tuple[float, frozenset[str]]
"""What a test takes of the processor, and the lines of the mutated modules that it runs, as `file:line`."""

Lines = Mapping[str, Ran]
"""Of each test by its name; a test that fails without any mutant is not among them."""


def may_be_asked(items: Sequence[pytest.Item], *, properties: bool) -> list[pytest.Item]:
    """The tests that may be asked: without those that search at random, unless these are wanted as well."""
    return [each for each in items if properties or not each.get_closest_marker("hypothesis")]


def lines_of(items: Sequence[pytest.Item], files: Iterable[str], told: Path, made: Path) -> Callable[[], Verdict]:
    """A question that runs the tests and writes to the file, test by test, what each takes and which lines it runs.

    Of a test that the clock ends nothing is written. What the tests make is in `made` meanwhile.
    """
    watched = {str(ROOT / each): each for each in files}

    def question() -> Verdict:
        with _alone(items, made), told.open("a", encoding="utf-8") as file, _watching(watched) as lines:
            for item, following in zip(items, [*items[1:], None], strict=True):
                lines.clear()
                before = process_time()
                noted = _noted(item, following)
                if noted.stopped:
                    continue
                took = None if noted.failed else round(process_time() - before, 3)
                file.write(json.dumps([item.nodeid, took, sorted(lines)]) + "\n")
                file.flush()
        return Verdict("survived")

    return question


@contextmanager
def _watching(watched: Mapping[str, str]) -> Iterator[set[str]]:
    """The lines that are run, also by threads that begin meanwhile: that of a link goes on from test to test."""
    lines = set[str]()

    def at_line(frame: FrameType, _event: str, _arg: Any) -> Any:
        lines.add(f"{watched[frame.f_code.co_filename]}:{frame.f_lineno}")
        return at_line

    def at_call(frame: FrameType, _event: str, _arg: Any) -> Any:
        return at_line if frame.f_code.co_filename in watched else None

    threading.settrace(at_call)
    sys.settrace(at_call)
    try:
        yield lines
    finally:
        sys.settrace(None)
        threading.settrace(None)


def asked_of(mutant: CodeMutant, lines: Lines) -> list[str]:
    """The tests that run a line of the mutant, so many seconds of them: its own room first, and the quickest first.

    Before the others come those that run lines which no test before them runs. The first test is asked however long it
    takes, after the others.
    """
    places = {f"{mutant.file}:{line}" for line in range(mutant.first, mutant.last + 1)}
    room = f"tests/{Path(mutant.file).parent}/"
    running = sorted(
        (not name.startswith(room), took, name) for name, (took, ran) in lines.items() if not places.isdisjoint(ran)
    )
    met, others, chosen = set[str](), list[str](), list[str]()
    for _, _, name in running:
        (others if met.issuperset(lines[name][1]) else chosen).append(name)
        met |= lines[name][1]
    found, left = [], SECONDS_OF_TESTS
    for name in (*chosen, *others):
        if (took := lines[name][0]) <= left:
            found.append(name)
            left -= took
    if chosen and chosen[0] not in found:
        found.append(chosen[0])
    return found


def judged(mutant: CodeMutant, items: Mapping[str, pytest.Item], lines: Lines, made: Path) -> Callable[[], Verdict]:
    """A question that holds the mutant to its tests until one fails. What these make is in `made` meanwhile."""

    def question() -> Verdict:
        names = asked_of(mutant, lines)
        if not names:
            return Verdict("untested")
        limit = int(process_time() + AT_LEAST + ENDLESS * sum(lines[each][0] for each in names))
        _, whole = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (min(limit, SECONDS - AT_LEAST), whole))
        asked = [items[each] for each in names]
        try:
            with _alone(asked, made) as limit_of:
                mutant.apply()
                noted = _first_failed(asked)
        except Endless:
            return Verdict("endless")
        if limit_of.passed:
            return Verdict("endless", noted.by)
        if noted.stopped:
            return Verdict("stopped", f"the clock ended {noted.by}")
        return Verdict("killed", noted.by) if noted.failed else Verdict("survived")

    return question


@contextmanager
def _alone(items: Sequence[pytest.Item], made: Path) -> Iterator["_Limit"]:
    """Leave nothing to the next process: no file that is kept for it, no server that a test began, and no folder."""
    kept.keep = lambda *_: None
    for name, module in list(sys.modules.items()):
        if name.startswith("services.obligations."):
            for each in list(vars(module).values()):
                if hasattr(each, "cache_clear"):
                    each.cache_clear()  # what it worked out of a framework as the tests were imported
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what ends it from outside is no failure of a test
    limit = _Limit()
    signal.signal(signal.SIGXCPU, limit.too_long)
    folder = Path(tempfile.mkdtemp(dir=made)).resolve()
    for item in items[:1]:
        item.config._tmp_path_factory._basetemp = folder  # type: ignore[attr-defined]  # pytest's own, of no type
    try:
        yield limit
    finally:
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        try:
            for item in items[:1]:
                item.session._setupstate.teardown_exact(None)
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # what a server still writes goes with the folder around it


class Endless(BaseException):
    """A mutant took far longer than its tests do without it."""


class _Limit:
    """Whether the limit of the processor's time was passed: pytest makes a failure of what is raised in a test."""

    def __init__(self) -> None:
        self.passed = False

    def too_long(self, *_: object) -> NoReturn:
        self.passed = True
        raise Endless


class _Noted:
    """What became of a test: whether it failed, or what it stands on did, and whether the clock ended it."""

    def __init__(self, item: pytest.Item | None = None) -> None:
        self.by = item.nodeid if item else ""
        self.failed = False
        self.stopped = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    @pytest.hookimpl(wrapper=True)
    def pytest_timeout_set_timer(self) -> Generator[None, object, object]:
        """Note that the time is up before anything is raised: a test may take what is raised for something else."""
        begun = yield
        raising = signal.getsignal(signal.SIGALRM)

        def up(number: int, frame: FrameType | None) -> None:
            self.stopped = True
            assert callable(raising), "pytest-timeout raises by the alarm"
            raising(number, frame)

        signal.signal(signal.SIGALRM, up)
        return begun


def _first_failed(items: Sequence[pytest.Item]) -> _Noted:
    following = [*items[1:], None]
    every = (_noted(item, then) for item, then in zip(items, following, strict=True))
    return next((each for each in every if each.failed or each.stopped), _Noted())


def _noted(item: pytest.Item, following: pytest.Item | None) -> _Noted:
    """Run the test, and tell what became of it."""
    noted = _Noted(item)
    item.config.pluginmanager.register(noted)
    try:
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
    finally:
        item.config.pluginmanager.unregister(noted)
    return noted


def read_lines(told: Path) -> dict[str, Ran | None]:
    """What was written there; None of a test that fails unmutated. A line that was cut off counts for nothing."""
    found: dict[str, Ran | None] = {}
    for line in told.read_text(encoding="utf-8").splitlines() if told.exists() else ():
        try:
            name, took, lines = json.loads(line)
        except ValueError:
            continue
        found[name] = None if took is None else (took, frozenset(map(sys.intern, lines)))
    return found
