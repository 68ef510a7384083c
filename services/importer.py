"""Importing commands, one JSON object a line: all or nothing for each command, and safe to run twice.

Commands are decided in the order of the file on histories kept in memory and appended in batches, each batch
whole or not at all. While one is written the next is decided on it; where somebody else wrote first, both are decided
again. A batch costs the server about the same however many events it has, so each is begun once it is full. A command
that is refused is reported with its line and leaves nothing behind; another run decides it afresh, when what it lacked
may be there. While an import of history is open, the notices that follow from it wait (see `services.imports`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Protocol

from events.commands import CommandNamed
from events.errors import Conflict, NotFound, Refused
from events.recorded import Recorded
from services.clock import local_date
from services.core.command import Command
from services.core.desk import ATTEMPTS, Desk
from services.core.reading import read_command
from services.import_batches import BATCH, FORETOLD, MOST_EVENTS, MOST_LINES, Verdict, Writing, erased_meanwhile
from services.import_lines import LARGEST_CHUNK, HistoryFile, chunks
from services.import_session import Importing, Session
from services.import_summary import Rejection, Result, Summary, Warned

LARGEST_MEMORY = 128 * 2**20
"""Bytes of histories, about, that are kept in memory before what was written longest ago is dropped from it."""


class KeyMaker(Protocol):
    """Makes the keys of many children at once."""

    def ensure(self, children: Iterable[str]) -> None:
        """Make each key that is missing."""
        ...


Foretell = Callable[[Sequence[Recorded]], None]
"""Is told what the next append will be of, a part at a time, so that it can be made ready."""

Progress = Callable[[int], None]
"""Is told how many lines have been decided since it was last told."""


class Importer:
    """Imports one history of commands, in one file or several, for any of the authorities that it has a desk for.

    `by` says whose act the import is, on its own record; who acted in it is told by its lines. `foretell` has, for each
    authority whose store wants to know, what is told of a batch before it is appended.
    """

    def __init__(
        self,
        desks: Mapping[str, Desk],
        keys: Mapping[str, KeyMaker],
        import_id: str,
        by: Importing | None = None,
        foretell: Mapping[str, Foretell] | None = None,
    ) -> None:
        self.desks = desks
        self.keys = keys
        self.summary = Summary()
        self._sessions = {authority: Session(desk, import_id, by or Importing()) for authority, desk in desks.items()}
        self._parse = next(iter(desks.values())).catalogue.parse
        self._file = ""
        self._live_since: date | None = None
        self._decided: dict[str, list[Verdict]] = {authority: [] for authority in desks}
        self._under_way: dict[str, Writing] = {}
        self._foretell = foretell or {}
        self._foretold = dict.fromkeys(desks, 0)
        self._bytes = 0

    def run(self, lines: Iterable[bytes], progress: Progress | None = None) -> Summary:
        """Carry out every line of one file (see `run_files`)."""
        return self.run_files([HistoryFile("", lines)], progress)

    def run_files(
        self, files: Sequence[HistoryFile], progress: Progress | None = None, *, live_since: date | None = None
    ) -> Summary:
        """Carry out every line, file after file, as one history that is judged when the last line was taken.

        A repeat finds done what is history or has an id, and writes nothing of it. With `live_since` what happened
        since that day is live: what follows from it is told; a line that is older is refused. Raises Unavailable if the
        store cannot be reached or is full; what was appended before stays, and the same files can be imported again.
        Forbidden, with nothing of that authority's history written, for whom its directory does not bear out.
        """
        self._live_since = live_since
        for session in self._sessions.values():
            session.begin(files[0].former if len(files) == 1 else "")
        with ThreadPoolExecutor(1, "sightline-import") as self._writer:
            for file in files:
                self._take(file, progress)
        for session in self._sessions.values():
            session.close()
        return self.summary

    def _take(self, file: HistoryFile, progress: Progress | None) -> None:
        """Carry out every line of one file."""
        self._file = file.name
        for session in self._sessions.values():
            session.turn_to(file.former)
        for chunk in chunks(file.lines):
            self._chunk(chunk)
            if progress is not None:
                progress(len(chunk))
        for desk in self.desks.values():
            while self._decided[desk.authority]:
                self._append(desk)
            self._settled(desk)

    def _chunk(self, chunk: Sequence[tuple[int, bytes]]) -> None:
        commands = list(self._parsed(chunk))
        for authority, desk in self.desks.items():
            own = [(number, command) for number, command in commands if command.authority == authority]
            self.keys[authority].ensure({child for _, each in own for child in each.children})
            desk.expect(command for _, command in own)
            self._decide(desk, own)
            if desk.histories.held > LARGEST_MEMORY:
                desk.histories.shed(LARGEST_MEMORY // 2)
        self._bytes += sum(len(line) for _, line in chunk)
        if self._bytes >= LARGEST_CHUNK:  # long texts: what waits is bounded by bytes too
            self._bytes = 0
            for desk in self.desks.values():
                if self._decided[desk.authority]:
                    self._append(desk)

    def _parsed(self, chunk: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, Command]]:
        known = ", ".join(self.desks)
        for number, line in chunk:
            if not line.strip():
                continue
            try:
                command = self._parse(line)
            except Refused as refusal:
                self.summary.rejections.append(Rejection(number, read_command(line), str(refusal), file=self._file))
                continue
            if command.authority in self.desks:
                yield number, command
            else:
                reason = f"authority: no policy here for {command.authority}; known: {known}"
                self.summary.rejections.append(Rejection(number, command.command, reason, file=self._file))

    def _decide(self, desk: Desk, commands: Iterable[tuple[int, Command]]) -> None:
        """Decide these lines behind those that were decided before, and have each batch written once it is full."""
        for number, command in commands:
            decided = self._decided[desk.authority]
            decided.append(self._one(desk, number, command))
            waiting = len(desk.histories.pending)
            if waiting > MOST_EVENTS:
                self._split(desk)
            elif waiting >= BATCH or len(decided) >= MOST_LINES:
                self._append(desk)
            elif waiting - self._foretold[desk.authority] >= FORETOLD:
                self._say_what_waits(desk)

    def _split(self, desk: Desk) -> None:
        """Have what waits written without its last line, which gave more than one append takes with all before it.

        All of it is decided again, the last line in a batch of its own. One that is too much by itself is refused.
        """
        *before, last = self._decided[desk.authority]
        self._decided[desk.authority], events = [], len(desk.histories.pending)
        self._settled(desk)
        self._sessions[desk.authority].back()
        desk.forget()
        self._foretold[desk.authority] = 0
        if before:
            self._decide(desk, [(each.line, each.command) for each in before])
            self._append(desk)
            self._decide(desk, [(last.line, last.command)])
            return
        reason = f"it leaves {events} events, and no act leaves more than {MOST_EVENTS}"
        refused = Rejection(last.line, last.command.command, reason, file=self._file)
        self._decided[desk.authority].append(Verdict(last.line, last.command, refused))

    def _say_what_waits(self, desk: Desk) -> None:
        """Tell whoever writes of what was decided since the last time."""
        if foretell := self._foretell.get(desk.authority):
            foretell(desk.histories.pending[self._foretold[desk.authority] :])
        self._foretold[desk.authority] = len(desk.histories.pending)

    def _one(self, desk: Desk, number: int, command: Command) -> Verdict:
        session = self._sessions[desk.authority]
        try:
            self._require_recent(command)
            imported = "" if self._live_since else session.import_id
            outcome = desk.decide(command, imported=imported, repeats=session.repeats)
        except Refused as refusal:
            reason = Rejection(number, command.command, str(refusal), refusal.field, refusal.rule, self._file)
            return Verdict(number, command, reason)
        except NotFound as missing:
            return Verdict(number, command, Rejection(number, command.command, str(missing), file=self._file))
        unverified = any(each.envelope.unverified for each in outcome.events)
        return Verdict(number, command, outcome.result, outcome.warnings, unverified)

    def _require_recent(self, command: Command) -> None:
        """Refused for what is too old to be told as if it had happened now."""
        since = self._live_since
        if since is not None and command.at is not None and local_date(command.at) < since:
            raise Refused("at", f"{local_date(command.at)} is before {since}: as history it is taken without --as-live")

    def _append(self, desk: Desk) -> None:
        """Have what was decided written, while the next is decided on it; what was on its way comes first."""
        part, self._decided[desk.authority] = self._decided[desk.authority], []
        if self._settled(desk):
            self._under_way[desk.authority] = self._begun(desk, part)
        else:
            self._decide(desk, [(each.line, each.command) for each in part])

    def _settled(self, desk: Desk) -> bool:
        """Wait until what is on its way is written; whether what was decided meanwhile stands."""
        writing = self._under_way.pop(desk.authority, None)
        if writing is None:
            return True
        try:
            self._finish(desk, writing)
        except Conflict:
            # Somebody changed one of these records meanwhile: decide each command afresh, on its own.
            self._sessions[desk.authority].back()
            for verdict in writing.part:
                self._alone(desk, verdict)
            return False
        return True

    def _alone(self, desk: Desk, verdict: Verdict) -> None:
        for _ in range(ATTEMPTS):
            desk.forget()
            desk.look_up(verdict.command)
            self._sessions[desk.authority].reload()
            again = self._one(desk, verdict.line, verdict.command)
            try:
                return self._finish(desk, self._begun(desk, [again]))
            except Conflict:
                self._sessions[desk.authority].back()
                continue
        desk.forget()
        reason = "others keep changing the same record; import the file again"
        self._count(desk, verdict.command, Rejection(verdict.line, verdict.command.command, reason, file=self._file))
        return None

    def _begun(self, desk: Desk, part: Sequence[Verdict]) -> Writing:
        """Begin to append what was decided; an import of history is opened by the first event of it."""
        session = self._sessions[desk.authority]
        self._say_what_waits(desk)
        self._foretold[desk.authority] = 0
        events = sum(not isinstance(each.fact, CommandNamed) for each in desk.histories.pending)
        opening = session.opening() if any(each.envelope.imported for each in desk.histories.pending) else []
        desk.histories.pending[:0] = opening
        session.hand_over()
        return Writing(part, events, opening, self._writer.submit(erased_meanwhile, desk.handed_over()))

    def _finish(self, desk: Desk, writing: Writing) -> None:
        """Wait until it is written, and count it."""
        session = self._sessions[desk.authority]
        erased = writing.done.result()
        session.history.extend(writing.opening)
        session.keep()
        self.summary.events += writing.events
        for verdict in writing.part:
            self._count(desk, verdict.command, verdict.result)
            self.summary.unverified += verdict.unverified
            name = verdict.command.command
            lost = [str(erased)] if erased and erased.children & _whose(desk, verdict.command) else []
            self.summary.warnings.extend(
                Warned(verdict.line, name, each, self._file) for each in (*verdict.warnings, *lost)
            )

    def _count(self, desk: Desk, command: Command, result: Result) -> None:
        """Count a line for the file, and for its authority."""
        self.summary.count(result, command, live=self._live_since is not None)
        self._sessions[desk.authority].counts["refused" if isinstance(result, Rejection) else result] += 1


def _whose(desk: Desk, command: Command) -> frozenset[str]:
    """The children whom a command is about, by itself or by its record."""
    record = desk.histories.records.get(command.aggregate)
    child = record.child if record else None
    return frozenset(command.children) | ({child} if child else frozenset())
