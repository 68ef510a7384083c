"""Which tests would notice a change of the policies: `make mutants`; see the README beside this file."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from services.policy import bases
from services.policy.bases import names
from services.policy.written import policies_in, written_at
from services.policy_files import load_folder
from services.settings import SHIPPED_POLICIES
from tests.beside import ROOT
from tests.mutants.clauses import Clauses, Named, named_for, tabled_for, takers
from tests.mutants.making import Mutant, mutants_of
from tests.mutants.results import FOLDER, Results, equivalents, key_of, not_needed
from tests.mutants.running import Verdict, answers, as_question, judge, preload
from tests.requirements.table import read

WIDTH = 150
OF_BASES = "tests/services/policy/test_bases.py"
COUNTED = ("killed", "survived", "equivalent", "refused", "same", "stopped")
COUNTED_AS = {"untested": "survived", "endless": "killed"}
NOT_PASSED = ("killed", "endless")


@dataclass(frozen=True)
class Trial:
    """A mutant of a part of a council's policy with the tests that are to notice it; `whole` names the whole policy."""

    council: str
    policy: Path
    text: str
    mutant: Mutant
    tests: tuple[str, ...]
    whole: str

    @property
    def changed(self) -> str:
        """The text of the policy with the change."""
        return self.mutant.of(self.text)

    @property
    def name(self) -> tuple[str, str]:
        return self.council, self.mutant.name


def main() -> None:
    """Try what is asked for, print each survivor and the table; ends with 1 where a mutant survived."""
    options = _options()
    trials = [each for council in options.councils for each in trials_of(council, options.seed)]
    made = {each.name for each in trials}
    chosen = [each for each in trials if options.only in each.mutant.name]
    if options.sample:
        chosen = [each for council in options.councils for each in _some(chosen, council, options)]
    with TemporaryDirectory() as empty:
        sys.exit(_tried(options, chosen, made, Path(empty) if options.anew else FOLDER))


def _tried(options: argparse.Namespace, chosen: list[Trial], made: set[tuple[str, str]], kept: Path) -> bool:
    """Whether something is wrong that somebody has to mend."""
    preload()
    load_folder(SHIPPED_POLICIES)
    whole_system = not options.quick
    unsound = set() if options.trusting else _unsound(chosen, kept, options.processes, whole_system=whole_system)
    for test in unsound:
        print(f"fails without any mutant, and is not asked: {test}", flush=True)
    verdicts = _verdicts(chosen, kept, options.processes, whole_system=whole_system, but=unsound)
    excused = {name: why for name, why in equivalents().items() if name[0] in options.councils}
    console = Console(width=WIDTH, highlight=False)
    console.print(table_of(verdicts, set(excused)))
    wrong = not_needed(excused, made, verdicts)
    for each in wrong:
        print(f"equivalents.csv says without need: {each}")
    survived = {name for name, verdict in verdicts.items() if verdict.outcome == "survived"} - set(excused)
    return bool(unsound or wrong or survived)


def _options() -> argparse.Namespace:
    councils = [*sorted(each.stem for each in policies_in(SHIPPED_POLICIES)), *names()]
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("councils", nargs="*", default=councils, metavar="COUNCIL", help=", ".join(councils))
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="so many of each council, by the seed")
    parser.add_argument("--seed", type=int, default=0, help="decides the sample and the exchanges")
    parser.add_argument("--only", default="", metavar="TEXT", help="those in whose name the text stands")
    parser.add_argument("--quick", action="store_true", help="without the tests that start servers")
    parser.add_argument("--trusting", action="store_true", help="the tests are known to pass without a mutant")
    parser.add_argument("--anew", action="store_true", help="whatever came of it before; nothing is kept")
    parser.add_argument("--processes", type=int, default=2, help="how many at once")
    options = parser.parse_args()
    if unknown := set(options.councils) - set(councils):
        parser.error(f"there is no policy of {', '.join(sorted(unknown))}")
    return options


def trials_of(council: str, seed: int) -> list[Trial]:
    """Every mutant of a council's policy, or of a base, with its tests.

    They are those of the table that holds its part, then those of its clauses. Of an entry that rests on no clause, or
    on one that no test is named for, they are the council's own instead. An entry of a base is held to the tables of
    the councils that take it; its own tests are those of a framework that takes all of it.
    """
    of_base = council in names()
    written = written_at(bases.BASES / council if of_base else SHIPPED_POLICIES / council)
    named: Named = {row.id: row.tests for table in ("table", "readings") for row in read(table)}
    files = (ROOT / "tests/requirements").glob(f"test_{council.replace('-', '_')}*.py")
    own = (OF_BASES,) if of_base else tuple(sorted(str(each.relative_to(ROOT)) for each in files))
    found = []
    for part, text in zip(written.files, written.texts, strict=True):
        clauses = Clauses(part, text)
        for each in mutants_of(text, seed, written.text):
            beside = named_for(clauses.of(each.key, each.line), named) or own
            holding = [tabled_for(one, each.place) for one in (takers(each.place) if of_base else [council])]
            tests = tuple(dict.fromkeys((*chain.from_iterable(holding), *(own if of_base else ()), *beside)))
            found.append(Trial(council, part, text, each, tests, written.digest))
    return found


def _some(trials: Sequence[Trial], council: str, options: argparse.Namespace) -> list[Trial]:
    """A council's share of a sample: a larger one holds a smaller one, and most stay when the policy is edited."""
    own = [each for each in trials if each.council == council]
    return sorted(own, key=lambda each: sha256(f"{options.seed} {each.name}".encode()).digest())[: options.sample]


def _unsound(trials: Sequence[Trial], kept: Path, processes: int, *, whole_system: bool) -> set[str]:
    """The tests that fail though nothing was changed: they would notice every mutant."""
    results = Results(kept / "sound.jsonl")
    asked: dict[str, tuple[str, Trial]] = {}
    for trial in trials:
        for test in trial.tests:
            asked.setdefault(key_of(trial.whole, (test,), whole_system=whole_system), (test, trial))
    missing = [key for key in asked if results.get(key) is None]
    # Together first: mostly all pass, and one process for all of a council's is quicker than one for each.
    groups: dict[str, list[str]] = {}
    for key in missing:
        groups.setdefault(asked[key][1].council, []).append(key)
    questions = []
    for council, keys in groups.items():
        tests = tuple(sorted({asked[key][0] for key in keys}))
        questions.append((council, _as_it_is(asked[keys[0]][1], tests, whole_system=whole_system)))
    alone = []
    for name, verdict in answers(questions, processes):
        keys = groups[name]
        if verdict.outcome == "survived":
            for key in keys:
                results.keep(key, verdict)
        else:
            alone += keys
    again = [(key, _as_it_is(asked[key][1], (asked[key][0],), whole_system=whole_system)) for key in alone]
    for key, verdict in answers(again, processes):
        if verdict.outcome != "stopped":
            results.keep(key, verdict)
    return {
        test for key, (test, *_) in asked.items() if (held := results.get(key)) is None or held.outcome in NOT_PASSED
    }


def _as_it_is(trial: Trial, tests: tuple[str, ...], *, whole_system: bool) -> Callable[[], Verdict]:
    return as_question(trial.policy, trial.text, tests, whole_system=whole_system, policies=SHIPPED_POLICIES)


def _verdicts(
    trials: Sequence[Trial], kept: Path, processes: int, *, whole_system: bool, but: set[str]
) -> dict[tuple[str, str], Verdict]:
    found: dict[tuple[str, str], Verdict] = {}
    results = {each.council: Results(kept / f"{each.council}.jsonl") for each in trials}
    asked, keys = [], dict[str, tuple[Trial, str]]()
    for number, trial in enumerate(trials):
        tests = tuple(each for each in trial.tests if each not in but)
        key = key_of(trial.changed, tests, whole_system=whole_system)
        if held := results[trial.council].get(key):
            found[trial.name] = held
            _say(trial, held)
            continue
        keys[str(number)] = trial, key
        asked.append((str(number), _lazily(trial, tests, whole_system=whole_system)))
    for asked_as, verdict in answers(asked, processes):
        trial, key = keys[asked_as]
        if verdict.outcome != "stopped":
            results[trial.council].keep(key, verdict)
        found[trial.name] = verdict
        _say(trial, verdict)
    return found


def _lazily(trial: Trial, tests: tuple[str, ...], *, whole_system: bool) -> Callable[[], Verdict]:
    return lambda: judge(trial.policy, trial.changed, tests, whole_system=whole_system, policies=SHIPPED_POLICIES)


def _say(trial: Trial, verdict: Verdict) -> None:
    if verdict.outcome in {"survived", "untested"}:
        print(
            f"survived: {trial.policy.relative_to(SHIPPED_POLICIES)}:{trial.mutant.line} {trial.mutant.name}",
            flush=True,
        )


def table_of(verdicts: dict[tuple[str, str], Verdict], excused: Iterable[tuple[str, str]]) -> Table:
    """By council, how many mutants were killed and how many survived, and those that are no question apart."""
    excused = set(excused)
    table = Table("council", title="mutants of the policies")
    for column in (*COUNTED, "killed of those that could be"):
        table.add_column(column, justify="right")
    counts = {council: Counter[str]() for council in sorted({council for council, _ in verdicts})}
    for name, verdict in verdicts.items():
        outcome = COUNTED_AS.get(verdict.outcome, verdict.outcome)
        counts[name[0]]["equivalent" if outcome == "survived" and name in excused else outcome] += 1
    for council, count in counts.items():
        table.add_row(council, *(str(count[each]) for each in COUNTED), _share(count))
    whole = sum(counts.values(), Counter[str]())
    table.add_section()
    table.add_row("all", *(str(whole[each]) for each in COUNTED), _share(whole))
    return table


def _share(count: Counter[str]) -> str:
    could = count["killed"] + count["survived"]
    return f"{count['killed'] / could:.0%}" if could else "–"


if __name__ == "__main__":
    main()
