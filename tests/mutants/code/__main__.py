"""Which tests would notice a change of the rules' own code: `make code-mutants`; see the README in `tests/mutants`."""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from rich.console import Console
from rich.table import Table

from tests.beside import ROOT
from tests.mutants.code.asking import Lines, judged, lines_of, may_be_asked, read_lines
from tests.mutants.code.making import CodeMutant, code_mutants_of
from tests.mutants.results import FOLDER, MISSED, Results, equivalents, not_needed
from tests.mutants.running import Verdict, answers, preload

WIDTH = 150
KEPT = FOLDER / "code"
MUTMUT = version("mutmut")
EQUIVALENTS = Path(__file__).parent / "equivalents.csv"

GROUPS: Mapping[str, tuple[str, ...]] = {
    "obligations": ("services/obligations/*.py",),
    "settle": ("services/escalations/settle.py",),
    "decisions": ("services/*/decisions.py",),
    "appender": ("services/store/appending.py", "services/store/attempts.py", "services/store/grouping.py"),
    "grading": ("services/audits/grading.py",),
}
"""The modules that are held to their tests."""

PARTS = tuple(
    f"tests/services/{part}"
    for part in (
        "actions",
        "adoption",
        "audits",
        "cases",
        "deliveries",
        "disputes",
        "escalations",
        "indicators",
        "obligations",
        "people",
        "programme",
        "registers",
        "reports",
        "rounds",
        "sampling",
        "webhooks",
    )
)
OF_RULES = (*PARTS, "tests/northmoor", "tests/requirements/clocks", "tests/worked_cases/test_pure.py")
STORED = ("appending", "attempts", "grouping", "conformance", "ids", "snapshots", "timer_stream", "turns")
OF_THE_STORE = tuple(f"tests/services/store/test_{each}.py" for each in STORED)
TESTS: Mapping[str, tuple[str, ...]] = {"appender": OF_THE_STORE}
"""The tests that are collected for a group: those of the store, or of the rules."""

NOTICED = ("killed", "endless")
COUNTED = ("mutants", "tried", "killed", "endless", "survived", "untested", "stopped", "equivalent")


def main() -> None:
    """Try what is asked for, print each survivor and the table; ends with 1 where a mutant survived."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # it leaves nothing behind then, either
    made = {group: list(_made(group)) for group in options.groups}
    tried = {group: _some(each, options) for group, each in made.items()}
    preload()
    verdicts: dict[tuple[str, str], Verdict] = {}
    for tests in dict.fromkeys(TESTS.get(group, OF_RULES) for group in options.groups):
        groups = [each for each in options.groups if TESTS.get(each, OF_RULES) == tests]
        asked = [(group, each) for group in groups for each in tried[group]]
        together = [each for each in GROUPS if TESTS.get(each, OF_RULES) == tests]
        session = _Session(asked, [str(each.relative_to(ROOT)) for one in together for each in _modules(one)], options)
        if code := pytest.main([*AS_IT_IS, *tests], plugins=[session]):
            sys.exit(f"pytest ended with {int(code)}")
        verdicts |= session.verdicts
    excused = {name: why for name, why in equivalents(EQUIVALENTS).items() if name[0] in options.groups}
    console = Console(width=WIDTH, highlight=False)
    console.print(_table(made, verdicts, excused))
    wrong = not_needed(excused, {(group, each.told) for group in made for each in made[group]}, verdicts)
    for each in wrong:
        console.print(f"equivalents.csv says without need: {each}", markup=False)
    left = [name for name, each in verdicts.items() if each.outcome in MISSED and name not in excused]
    sys.exit(bool(wrong or left))


AS_IT_IS = (
    *("-qq", "--capture=no", "--timeout=60", f"--rootdir={ROOT}", "-c", str(ROOT / "pyproject.toml")),
    *("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:rerunfailures"),
    *("-k", "not replicated_store"),  # what a cluster says is no other question
    "--ignore=tests/services/people/test_may.py",  # takes as long as all others, and asks only who may
)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.code", description=__doc__)
    parser.add_argument("groups", nargs="*", default=list(GROUPS), metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument("--sample", type=int, default=60, metavar="N", help="so many of each group; 0 for all")
    parser.add_argument("--seed", type=int, default=0, help="decides the sample")
    parser.add_argument("--only", default="", metavar="TEXT", help="those in whose name or file the text stands")
    parser.add_argument("--properties", action="store_true", help="with the tests that search at random")
    parser.add_argument("--processes", type=int, default=2, help="how many at once")
    options = parser.parse_args()
    if unknown := set(options.groups) - set(GROUPS):
        parser.error(f"there is no group {', '.join(sorted(unknown))}")
    return options


def _modules(group: str) -> list[Path]:
    return [path for pattern in GROUPS[group] for path in sorted(ROOT.glob(pattern))]


def _made(group: str) -> Iterator[CodeMutant]:
    """Every mutant of the group's modules. To make them takes a minute: they are kept under its text."""
    for path in _modules(group):
        kept = KEPT / "made" / f"{_digest(path, Path(__file__).with_name('making.py'))}-{MUTMUT}.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            unready = kept.with_suffix(".part")
            unready.write_text(json.dumps([asdict(each) for each in code_mutants_of(path)]), encoding="utf-8")
            unready.replace(kept)
        yield from (CodeMutant(**each) for each in json.loads(kept.read_text(encoding="utf-8")))


def _digest(*paths: Path) -> str:
    return sha256(b"".join(sha256(each.read_bytes()).digest() for each in paths)).hexdigest()[:24]


def _some(mutants: Iterable[CodeMutant], options: argparse.Namespace) -> list[CodeMutant]:
    """A sample by the seed: a larger one holds a smaller one, and most of it stays when a module is edited."""
    asked = [each for each in mutants if options.only in each.told]
    if not options.sample:
        return asked
    drawn = sorted(asked, key=lambda each: sha256(f"{options.seed} {each.told}".encode()).digest())
    return drawn[: options.sample]


class _Session:
    """What is done with the tests once they are collected, in place of running them."""

    def __init__(
        self, asked: Sequence[tuple[str, CodeMutant]], files: Iterable[str], options: argparse.Namespace
    ) -> None:
        self._asked = asked
        self._files = sorted(set(files))
        self._options = options
        self.verdicts: dict[tuple[str, str], Verdict] = {}

    def pytest_configure(self) -> None:
        """A failure is noticed as it is found: nobody reads the smallest example of it."""
        settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None, deadline=None)

    def pytest_collection(self) -> None:
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn what each test runs, where that is not known, and hold each mutant to its tests."""
        place = os.environ.get("PYTEST_DEBUG_TEMPROOT")  # in memory, where it has room
        with tempfile.TemporaryDirectory(prefix="mutants-", dir=place, ignore_cleanup_errors=True) as made:
            self._ask(session, Path(made))
        return True

    def _ask(self, session: pytest.Session, made: Path) -> None:
        items = {each.nodeid: each for each in may_be_asked(session.items, properties=self._options.properties)}
        lines = self._lines(items, made)
        results = {group: Results(KEPT / f"{group}.jsonl") for group, _ in self._asked}
        named = {f"{group} {each.told}": (group, each) for group, each in self._asked}
        questions = []
        for name, (group, mutant) in named.items():
            key = f"{name} {self._key(mutant)}"
            if (held := results[group].get(key)) is not None and held.outcome in NOTICED:
                self._note(group, mutant, held)
            else:
                questions.append((name, partial(self._judge, mutant, items, lines, made)))
        for name, verdict in answers(questions, self._options.processes):
            group, mutant = named[name]
            results[group].keep(f"{name} {self._key(mutant)}", verdict)
            self._note(group, mutant, verdict)

    def _judge(self, mutant: CodeMutant, items: Mapping[str, pytest.Item], lines: Lines, made: Path) -> Verdict:
        return judged(mutant, items, lines, made)()

    def _key(self, mutant: CodeMutant) -> str:
        return sha256(mutant.text.encode()).hexdigest()[:12]

    def _note(self, group: str, mutant: CodeMutant, verdict: Verdict) -> None:
        self.verdicts[group, mutant.told] = verdict
        if verdict.outcome in MISSED:
            print(f"{verdict.outcome}: {mutant.file}:{mutant.first} {mutant.name}", flush=True)

    def _lines(self, items: Mapping[str, pytest.Item], made: Path) -> Lines:
        """What each test runs of the modules, learnt anew of files of tests that changed, and of all with a module."""
        modules = _digest(*(ROOT / each for each in self._files))
        found, unknown = dict[str, tuple[float, frozenset[str]]](), []
        by_file: dict[Path, list[pytest.Item]] = {}
        for item in items.values():
            by_file.setdefault(item.path, []).append(item)
        kept = {path: KEPT / "lines" / f"{modules}-{_digest(path)}.jsonl" for path in by_file}
        for path, own in by_file.items():
            known = read_lines(kept[path])
            if missing := [each for each in own if each.nodeid not in known]:
                kept[path].parent.mkdir(parents=True, exist_ok=True)
                unknown.append((path.name, lines_of(missing, self._files, kept[path], made)))
        list(answers(unknown, self._options.processes))
        for path, own in by_file.items():
            known = read_lines(kept[path])
            for item in own:
                if (ran := known.get(item.nodeid)) is not None:
                    found[item.nodeid] = ran
                elif item.nodeid not in known:
                    print(f"was not run to its end under the tracer, and is not asked: {item.nodeid}", flush=True)
                else:
                    print(f"fails without any mutant, and is not asked: {item.nodeid}", flush=True)
        return found


def _table(
    made: Mapping[str, Sequence[CodeMutant]], verdicts: Mapping[tuple[str, str], Verdict], excused: Iterable[object]
) -> Table:
    """By group, what became of the mutants that were tried."""
    excused = set(excused)
    table = Table("group", title="mutants of the code")
    for column in (*COUNTED, "noticed of those that could be"):
        table.add_column(column, justify="right")
    whole = Counter[str]()
    for group, mutants in made.items():
        count = Counter[str](mutants=len(mutants))
        for name, verdict in verdicts.items():
            if name[0] == group:
                missed = verdict.outcome in MISSED
                count.update(("tried", "equivalent" if missed and name in excused else verdict.outcome))
        whole += count
        table.add_row(group, *(str(count[each]) for each in COUNTED), _share(count))
    table.add_section()
    table.add_row("all", *(str(whole[each]) for each in COUNTED), _share(whole))
    return table


def _share(count: Counter[str]) -> str:
    could = count["tried"] - count["equivalent"]
    return f"{(count['killed'] + count['endless']) / could:.0%}" if could else "–"


if __name__ == "__main__":
    main()
