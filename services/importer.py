"""Importing commands, one JSON object a line: all or nothing for each command, and safe to run twice.

Commands are decided in the order of the file on histories kept in memory and appended in batches, each batch
whole or not at all. A command that is refused is reported with its line and leaves nothing behind; another run
decides it afresh, when what it lacked may be there. While an import of history is open, the notices that follow
from it wait (see `services.imports`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, Protocol

from events.commands import CommandNamed
from events.envelope import Envelope
from events.errors import Conflict, NotFound, Refused
from events.imports import ImportClosed, ImportOpened
from events.recorded import Recorded
from services.command import Command
from services.commands import parse, read_command
from services.desk import ATTEMPTS, Desk
from services.imports import import_aggregate, is_open
from services.own_names import IMPORTER
from services.repeats import Repeats

CHUNK = 500
"""Lines decided between two appends. A line may give several events; a batch takes a thousand at most."""

BATCH = 900
"""Events at which a chunk is appended early, so that the next command still fits into the batch."""

LARGEST_MEMORY = 20_000
"""Aggregates kept in memory before they are dropped and loaded again when needed."""

ROLE = "system"


class KeyMaker(Protocol):
    """Makes the keys of many children at once."""

    def ensure(self, children: Iterable[str]) -> None:
        """Make each key that is missing."""
        ...


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was not carried out: its number, its command as far as it could be read, and why.

    Where a field of the command was refused, `field` names it and `rule` is the reason without it.
    """

    line: int
    command: str
    reason: str
    field: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """A line that was carried out but should be looked at again: its number, its command, and why."""

    line: int
    command: str
    warning: str


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What was decided of a line; it counts once its events are appended."""

    line: int
    command: Command
    result: Literal["accepted", "repeated"] | Rejection
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Summary:
    """What became of a file."""

    accepted: int = 0
    repeated: int = 0
    events: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """The number of lines that were not carried out."""
        return len(self.rejections)

    def count(self, result: Literal["accepted", "repeated"] | Rejection) -> None:
        """Count one line."""
        match result:
            case "accepted":
                self.accepted += 1
            case "repeated":
                self.repeated += 1
            case rejection:
                self.rejections.append(rejection)


Progress = Callable[[int], None]
"""Is told how many lines have been dealt with since it was last told."""


@dataclass(slots=True)
class _Session:
    """One file's import at one desk: opened with the first historical event, closed at the end.

    `counts` are of this authority's lines alone: what became of another's is not told in its stream. A line whose
    authority nobody can tell, or has no desk, is counted in the summary only.
    """

    desk: Desk
    import_id: str
    repeats: Repeats = field(default_factory=Repeats)
    history: list[Recorded] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def aggregate(self) -> str:
        return import_aggregate(self.import_id)

    def begin(self) -> None:
        self.history = list(self.desk.store.load(self.aggregate))

    def opening(self) -> list[Recorded]:
        """The event that opens the import, unless it is open."""
        return [] if is_open(self.history) else [self._event(ImportOpened(file_hash=self.import_id))]

    def close(self) -> None:
        if is_open(self.history):
            counts = {each: self.counts[each] for each in ("accepted", "repeated", "refused")}
            self.desk.store.append(self._event(ImportClosed(**counts)))

    def _event(self, fact: ImportOpened | ImportClosed) -> Recorded:
        now = self.desk.clock()
        version = len(self.history) + 1
        event_id = f"import-{self.import_id}-{version}.0"
        policy = self.desk.policies.newest.version
        envelope = Envelope(event_id, self.desk.authority, IMPORTER, ROLE, now, now, self.import_id, "", policy)
        return Recorded(self.aggregate, version, fact, envelope)


class Importer:
    """Imports one file of commands for any of the authorities that it has a desk for."""

    def __init__(self, desks: Mapping[str, Desk], keys: Mapping[str, KeyMaker], import_id: str) -> None:
        self.desks = desks
        self.keys = keys
        self.summary = Summary()
        self._sessions = {authority: _Session(desk, import_id) for authority, desk in desks.items()}

    def run(self, lines: Iterable[bytes], progress: Progress | None = None) -> Summary:
        """Carry out every line. A repeat of the same file finds everything done and writes nothing.

        Raises Unavailable if the store cannot be reached or is full; what was appended before stays, and the
        same file can be imported again.
        """
        for session in self._sessions.values():
            session.begin()
        numbered = enumerate(lines, start=1)
        while chunk := list(islice(numbered, CHUNK)):
            self._chunk(chunk)
            if progress is not None:
                progress(len(chunk))
        self.summary.rejections.sort(key=lambda rejection: rejection.line)
        for session in self._sessions.values():
            session.close()
        return self.summary

    def _chunk(self, chunk: Sequence[tuple[int, bytes]]) -> None:
        commands = list(self._parsed(chunk))
        for authority, desk in self.desks.items():
            own = [(number, command) for number, command in commands if command.authority == authority]
            self.keys[authority].ensure({child for _, each in own for child in each.children})
            waiting = iter(own)
            while part := list(self._decide(desk, waiting)):
                self._append(desk, part)
            if len(desk.matters) > LARGEST_MEMORY:
                desk.forget()

    def _parsed(self, chunk: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, Command]]:
        known = ", ".join(self.desks)
        for number, line in chunk:
            if not line.strip():
                continue
            try:
                command = parse(line)
            except Refused as refusal:
                self.summary.rejections.append(Rejection(number, read_command(line), str(refusal)))
                continue
            if command.authority in self.desks:
                yield number, command
            else:
                reason = f"authority: no policy here for {command.authority}; known: {known}"
                self.summary.rejections.append(Rejection(number, command.command, reason))

    def _decide(self, desk: Desk, commands: Iterator[tuple[int, Command]]) -> Iterator[_Verdict]:
        """Decide until a batch is full."""
        for number, command in commands:
            yield self._one(desk, number, command)
            if len(desk.pending) >= BATCH:
                return

    def _one(self, desk: Desk, number: int, command: Command) -> _Verdict:
        try:
            session = self._sessions[desk.authority]
            outcome = desk.decide(command, imported=session.import_id, repeats=session.repeats)
        except Refused as refusal:
            reason = Rejection(number, command.command, str(refusal), refusal.field, refusal.rule)
            return _Verdict(number, command, reason)
        except NotFound as missing:
            return _Verdict(number, command, Rejection(number, command.command, str(missing)))
        return _Verdict(number, command, outcome.result, outcome.warnings)

    def _append(self, desk: Desk, part: Sequence[_Verdict]) -> None:
        try:
            self._flush(desk, part)
        except Conflict:
            # Somebody changed one of these audits meanwhile: decide each command afresh, on its own.
            self._sessions[desk.authority].repeats.back()
            for verdict in part:
                self._alone(desk, verdict)

    def _alone(self, desk: Desk, verdict: _Verdict) -> None:
        for _ in range(ATTEMPTS):
            desk.forget()
            desk.look_up(verdict.command)
            self._sessions[desk.authority].begin()
            again = self._one(desk, verdict.line, verdict.command)
            try:
                return self._flush(desk, [again])
            except Conflict:
                self._sessions[desk.authority].repeats.back()
                continue
        reason = "others keep changing the same record; import the file again"
        self._count(desk, Rejection(verdict.line, verdict.command.command, reason))
        return None

    def _flush(self, desk: Desk, part: Sequence[_Verdict]) -> None:
        """Append what was decided and count it; an import of history is opened by the first event of it."""
        session = self._sessions[desk.authority]
        events = sum(not isinstance(each.fact, CommandNamed) for each in desk.pending)
        opening = session.opening() if any(each.envelope.imported for each in desk.pending) else []
        desk.pending[:0] = opening
        desk.flush()
        session.history.extend(opening)
        session.repeats.keep()
        self.summary.events += events
        for verdict in part:
            self._count(desk, verdict.result)
            name = verdict.command.command
            self.summary.warnings += [Warned(verdict.line, name, each) for each in verdict.warnings]

    def _count(self, desk: Desk, result: Literal["accepted", "repeated"] | Rejection) -> None:
        """Count a line for the file, and for its authority."""
        self.summary.count(result)
        self._sessions[desk.authority].counts["refused" if isinstance(result, Rejection) else result] += 1


def counted(rejections: Sequence[Rejection]) -> list[tuple[str, int]]:
    """The reasons for refusal with how often each was given, most frequent first."""
    return Counter(each.reason for each in rejections).most_common()
