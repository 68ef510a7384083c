"""What becomes of each requirement: three tables, and the ids that they must hold.

`table.csv` has a row for every requirement, `worked_cases.csv` for every worked case and `readings.csv` for every
reading of what a framework leaves open. Their columns:

- `status`: `carried` (a test fails when it breaks), `partly`, `not software`, and for what stands around the audits
  `programme` (rounds, samples, quotas, observations, registers, learning) or `reports` (reports, packs, forums)
- `tests`: those that carry it, filled in from the `covers` marks by `python -m tests.requirements --refresh`
- `reason`: what is missing, or why no program can do it

`digests.csv` has a short hash of each id's row in the catalogues, so that a change there is noticed here.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.beside import lying_beside

HERE = Path(__file__).parent
TABLES = ("table", "worked_cases", "readings")
STATUSES = ("carried", "partly", "not software", "programme", "reports")
AUTHORITIES = {"TOR": "Torbay", "HAL": "Halton", "SOU": "Southwark", "ESX": "East Sussex", "SWI": "Swindon"}

CATALOGUES = {
    "table": ("torbay", "halton", "southwark", "east-sussex", "swindon"),
    "worked_cases": ("worked-cases",),
    "readings": ("ambiguities",),
}
PREFIXES = "|".join(AUTHORITIES)
STARTS = {
    "table": re.compile(rf"\| ((?:{PREFIXES})-N?[\d.]+) \|"),
    "worked_cases": re.compile(rf"### ((?:{PREFIXES}|ALL)-C\d+) "),
    "readings": re.compile(rf"\| (A-(?:{PREFIXES}|ALL)-\d+) \|"),
}
"""How the row or the section of an id begins in a catalogue."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    id: str
    status: str
    tests: tuple[str, ...]
    reason: str


def read(table: str) -> list[Row]:
    """The rows of one table, as they stand."""
    with (HERE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return [
        Row(line["id"], line["status"], tuple(filter(None, line["tests"].split("; "))), line["reason"])
        for line in lines
    ]


def write(table: str, rows: Iterable[Row]) -> None:
    """Put `rows` in the place of the table."""
    _write(table, ("id", "status", "tests", "reason"), ((r.id, r.status, "; ".join(r.tests), r.reason) for r in rows))


def read_digests() -> dict[str, dict[str, str]]:
    """The hashes that are kept here: of each table, each id's."""
    with (HERE / "digests.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return {table: {line["id"]: line["digest"] for line in lines if line["table"] == table} for table in TABLES}


def write_digests(folder: Path) -> None:
    """Keep the hashes of the catalogues as they stand in `folder`."""
    found = [(table, *each) for table in TABLES for each in digests_of(folder, table).items()]
    _write("digests", ("table", "id", "digest"), found)


def digests_of(folder: Path, table: str) -> dict[str, str]:
    """The hash of each id's row in the catalogues; of a worked case, of all its lines up to the next heading."""
    parts: dict[str, list[str]] = {}
    for name in CATALOGUES[table]:
        current: list[str] = []
        for line in (folder / f"{name}.md").read_text(encoding="utf-8").splitlines():
            if start := STARTS[table].match(line):
                current = parts.setdefault(start[1], [])
            elif table != "worked_cases" or line.startswith("#"):
                current = []
            current.append(" ".join(line.split()))
    return {each: sha256("\n".join(filter(None, lines)).encode()).hexdigest()[:12] for each, lines in parts.items()}


def catalogues() -> Path | None:
    """The folder of the catalogues, where it lies beside the project; None where there is none."""
    found = lying_beside("requirements/torbay.md")
    return found.parent if found else None


def authority_of(requirement: str) -> str:
    """The authority that a requirement is of."""
    return AUTHORITIES[requirement.partition("-")[0]]


def counts(rows: Iterable[Row]) -> Iterator[tuple[str, dict[str, int]]]:
    """For each authority, in the order of the catalogues, how many rows have each status."""
    found = {name: dict.fromkeys(STATUSES, 0) for name in AUTHORITIES.values()}
    for row in rows:
        found[authority_of(row.id)][row.status] += 1
    yield from found.items()


def _write(name: str, head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> None:
    with (HERE / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(lines)
