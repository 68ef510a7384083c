"""Taking a case list into history: read to its end first, then written part by part, and usable once it is closed.

Nothing is written before the whole file was read, so that a file which cannot be read leaves nothing. A run that is cut
short leaves a list that is not closed, which nobody can use; the same file again goes on with the children that are
not on it yet, and a list that is complete is found done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Protocol

from events.errors import Refused
from services.cases.commands import CaseToList, ImportCases
from services.cases.csv_file import open_plain
from services.cases.merging import Merging
from services.cases.own import Own
from services.cases.reading import CaseReader, Finding
from services.cases.refs import Refs, read_refs, services_of
from services.cases.state import CaseList
from services.cases.workbook import looks_packed, open_workbook
from services.clock import local_date
from services.core.desk import Desk
from services.core.record import Record
from services.directory.state import Directory

PART = 250
"""Cases in one event: about 120,000 bytes, a thirtieth of the largest message."""

READER = b"4"
"""Changes whenever a file would be read or merged otherwise: an unfinished list is never finished by another rule."""

ANNEX_A, CSV = "annex_a", "csv"
PLAIN = frozenset({".csv", ".tsv", ".txt"})

Progress = Callable[[int], None]


class Keys(Protocol):
    """What the taking in needs of the keyring, beside the sealing that the desk does."""

    def references(self, given: Iterable[str]) -> dict[str, str]:
        """The reference of the child of each number, the same in every list, with a key that can be used."""
        ...

    def forget(self, children: Iterable[str]) -> None:
        """Let go of keys that were held."""
        ...


@dataclass(slots=True)
class Report:
    """What became of a file. `rows` counts rows about children, `taken` children; findings go to `keep` one by one.

    `kept` holds the first findings, `counts` how often each reason was given for each sheet and column. `skipped`
    counts sheets with children of which nothing was taken, `keyed` what stands under a keyed name, by kind.
    """

    keep: Callable[[Finding], None] | None = None
    limit: int = 1_000
    reference: str = ""
    kind: str = ""
    rows: int = 0
    taken: int = 0
    events: int = 0
    left_out: int = 0
    skipped: int = 0
    repeated: bool = False
    missing: tuple[str, ...] = ()
    keyed: dict[str, int] = field(default_factory=dict)
    kept: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def tell(self, finding: Finding) -> None:
        """Take in one finding."""
        self.left_out += finding.lost == "row"
        self.skipped += finding.lost == "sheet of children"
        self.counts[finding.sheet, finding.column, finding.reason, finding.lost] += 1
        if len(self.kept) < self.limit:
            self.kept.append(finding)
        if self.keep is not None:
            self.keep(finding)


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that somebody handed in: as of which day, with which references, by whom and in which role."""

    file: Path
    as_of: date
    actor: str
    role: str
    refs: Path | None = None
    own: Own = field(default_factory=Own)


def digest_of(handed: Handed, desk: Desk) -> str:
    """The keyed name of the file's content with all that decides what is made of it. Refused if it cannot be read."""
    digest = sha256()
    for part in (READER, desk.authority.encode(), handed.as_of.isoformat().encode(), handed.own.named().encode()):
        digest.update(part + b"\0")
    for name, each in (("file", handed.file), ("refs", handed.refs)):
        if each is None:
            continue
        try:
            with each.open("rb") as opened:
                while piece := opened.read(1024 * 1024):
                    digest.update(piece)
        except OSError as error:
            raise Refused(name, f"{each} cannot be read: {error.strerror}") from error
        digest.update(b"\0")
    return desk.name(b"case list:" + digest.digest())


def read_cases(handed: Handed, desk: Desk, directory: Directory, report: Report, progress: Progress) -> Merging:
    """Read the file to its end: every child's case. Refused if it cannot be read or holds no child at all."""
    given = read_refs(handed.refs) if handed.refs else {}
    known = {*directory.placements, *(tenure.person for tenure in directory.tenures)}
    refs = Refs(desk.authority, desk.name, known, given)
    policy = desk.policies.in_force(local_date(desk.clock()))
    reader = CaseReader(handed.as_of, refs, report.tell, policy.tool.strands, services_of(policy), handed.own, progress)
    merging = Merging(lambda number: desk.name(f"order of a list:{number}".encode()), report.tell)
    with handed.file.open("rb") as opened:
        packed = looks_packed(opened.read(8))
    if not packed and handed.file.suffix.lower() not in PLAIN:
        raise Refused("file", f"{handed.file} is not a workbook; save the lists as .xlsx or .csv")
    report.kind = ANNEX_A if packed else CSV
    with (open_workbook if packed else open_plain)(handed.file) as sheets:
        merging.take(reader.rows(sheets))
    report.rows = reader.read
    report.missing = tuple(each.name for each in reader.missing()) if packed else ()
    report.keyed = {kind: len(made) for kind, made in sorted(refs.unknown.items())}
    if not merging.count:
        raise Refused("file", f"{handed.file} holds no child that can be taken: {_why(report)}")
    return merging


def store_cases(
    handed: Handed, desk: Desk, keys: Keys, merging: Merging, report: Report, known: Record
) -> Iterator[int]:
    """Write the list part by part, and close it; gives the number of children dealt with after each part.

    `known` is the list as it stands. Conflict if somebody else writes it meanwhile. A repeat of a complete list writes
    nothing.
    """
    state: CaseList = known.state
    if state.closed is not None:
        report.repeated, report.taken = True, state.closed.taken
        return
    done = frozenset(state.children)
    if done:
        yield len(done)
    known.history.clear()
    desk.histories.records[known.aggregate] = known
    parts = _with_last(_parts(merging, keys, done))
    for part, last in parts:
        command = ImportCases(
            command="cases.import",
            authority=desk.authority,
            actor=handed.actor,
            role=handed.role,
            list=report.reference,
            kind=report.kind,
            file_hash=report.reference,
            as_of=handed.as_of,
            cases=part,
            closes=last,
            left_out=report.left_out if last else 0,
        )
        report.events += len(desk.decide(command).events)
        desk.flush()
        # What was written is not needed again, and would grow with the list.
        known.history.clear()
        keys.forget(command.children)
        yield len(part)
    report.taken = merging.count


def _parts(merging: Merging, keys: Keys, done: frozenset[str]) -> Iterator[tuple[CaseToList, ...]]:
    """The cases of children who are not on the list yet, part by part."""
    waiting = iter(merging.numbers())
    while numbers := tuple(islice(waiting, PART)):
        refs = keys.references(numbers)
        if part := tuple(merging.case(each, refs[each]) for each in numbers if refs[each] not in done):
            yield part


def _with_last(parts: Iterator[tuple[CaseToList, ...]]) -> Iterator[tuple[tuple[CaseToList, ...], bool]]:
    """Each part with whether it is the last; an empty last one where nothing is left but to close the list."""
    held = next(parts, ())
    for part in parts:
        yield held, False
        held = part
    yield held, True


def _why(report: Report) -> str:
    if not report.counts:
        return "it has no rows"
    (sheet, column, reason, _), _ = report.counts.most_common(1)[0]
    return f"{' '.join(filter(None, (sheet, column)))}: {reason}"
