"""What became of each mutant, in a file for each council, so that a run goes on where the last one ended."""

import csv
import json
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from tests.beside import ROOT
from tests.mutants.running import Verdict

FOLDER = ROOT / ".mutants"
EQUIVALENTS = Path(__file__).parent / "equivalents.csv"

MISSED = ("survived", "untested", "stopped")
"""What may be said of a mutant that no test can notice."""


def key_of(text: str, tests: Sequence[str], *, whole_system: bool) -> str:
    """The name of a question: the mutant's text, the tests that are asked, and what stands in their files.

    Another policy or another test is another question. The program itself and what several tests share are not in it.
    """
    files = sorted({each.partition("::")[0] for each in tests})
    said = [text, *tests, *map(_digest, files), str(whole_system)]
    return sha256("\n".join(said).encode()).hexdigest()[:24]


@cache
def _digest(file: str) -> str:
    path = ROOT / file
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


class Results:
    """The verdicts on a council's mutants, kept as they come. A line that was not written whole counts for nothing."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: dict[str, Verdict] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                try:
                    key, outcome, by = json.loads(line)
                except ValueError:
                    continue  # the run was ended while it wrote this line: the mutant is tried again
                self._held[key] = Verdict(outcome, by)

    def get(self, key: str) -> Verdict | None:
        return self._held.get(key)

    def keep(self, key: str, verdict: Verdict) -> None:
        """Keep it on the disk, for the next run."""
        self._held[key] = verdict
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key, verdict.outcome, verdict.by]) + "\n")


def equivalents(path: Path = EQUIVALENTS) -> dict[tuple[str, str], str]:
    """The mutants that no test can notice, each of its council (or of its group, by file and name), with the reason."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(of, " ".join(mutant)): reason for of, *mutant, reason in list(csv.reader(file))[1:]}


def not_needed(
    named: Iterable[tuple[str, str]], made: set[tuple[str, str]], verdicts: dict[tuple[str, str], Verdict]
) -> list[str]:
    """What the file of equivalents says without need: of a mutant that is not made, or that a test notices."""
    found = []
    for each in named:
        if each not in made:
            found.append(f"{each[0]} has no mutant {each[1]}")
        elif each in verdicts and verdicts[each].outcome not in MISSED:
            found.append(f"{each[0]} {each[1]}: {verdicts[each].outcome} by {verdicts[each].by}")
    return found
