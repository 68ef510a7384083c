"""Where commands are carried out: load, decide, append. All or nothing for each command, and a repeat changes nothing.

A desk serves one authority. `carry_out` does one command at a time; the importer decides many on histories that
it keeps in memory and appends them together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from events.commands import ActRefused, CommandNamed
from events.envelope import Envelope
from events.errors import Conflict, Refused, SeparationOfDuties
from events.recorded import Recorded
from services.clock import Clock, local_date
from services.core.catalogue import Catalogue
from services.core.command import Command
from services.core.identity import Identities, Keys, Known, Said, random_id
from services.core.kept import KeptDirectory
from services.core.named import named_aggregate, record_named
from services.core.outcome import Outcome, repeated
from services.core.permission import require_act
from services.core.record import Record
from services.core.repeats import Repeats
from services.core.situation import Decided, Situation
from services.core.stages import require_stage
from services.core.writing import Store, write
from services.directory.may import Council, Roll
from services.directory.state import DIRECTORY, Directory
from services.keyring.texts import head_of
from services.obligations.engine import obligations
from services.obligations.model import Obligation, Wanted
from services.obligations.warnings import too_late
from services.policy.judging import began_under, on_form_of
from services.policy.model import Policy
from services.policy.versions import Policies

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of our clock an act may be dated before it counts as in the future."""

ATTEMPTS = 5
"""How often a command is decided again after somebody else changed the same record first."""


@dataclass(slots=True)
class Desk:
    """Carries out the commands of a catalogue for one authority.

    `name` gives a keyed name to content (see `MasterKey.name`). A command that happens now and brings no id gets one of
    `new_id`: it is nobody's repeat. Every act is held against the directory on its day (see `services.directory.may`).
    With `unverified` that is not asked of history: an act with a date of its own stands although the directory does not
    bear it out, and says so for ever.
    """

    authority: str
    catalogue: Catalogue
    store: Store
    keys: Keys
    name: Callable[[bytes], str]
    policies: Policies
    clock: Clock
    new_id: Callable[[], str] = random_id
    unverified: bool = False
    records: dict[str, Record] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    pending: list[Recorded] = field(default_factory=list)
    sealed: set[str] = field(default_factory=set)
    people: KeptDirectory = field(default_factory=KeptDirectory)

    def carry_out(self, command: Command) -> Outcome:
        """Decide and append; a command carried out before gives `repeated` and changes nothing.

        Raises Refused or NotFound with nothing written, but for a refusal of the separation of duties, which is
        recorded. Conflict only if others keep changing the same audit.
        """
        for attempt in range(ATTEMPTS):
            self.forget()
            if command.aggregate != DIRECTORY:
                self.records[DIRECTORY] = self.people.brought_up_to_date(self.store, self.catalogue)
            if attempt:
                self.look_up(command)
            try:
                outcome = self.decide(command)
            except SeparationOfDuties:
                if self._flushed():
                    raise
                continue
            if self._flushed():
                return outcome
        raise Conflict(f"{command.command}: others keep changing the same record; try again")

    def _flushed(self) -> bool:
        try:
            self.flush()
        except Conflict:
            return False
        return True

    def forget(self) -> None:
        """Drop what is in memory; the next decision loads it again."""
        self.records.clear()
        self.named.clear()
        self.pending.clear()
        self.sealed.clear()

    def look_up(self, command: Command) -> None:
        """After a Conflict: see whether the command's own id is taken, so that the next decision says where."""
        record = record_named(self.store.load(named_aggregate(command.id))) if command.id else None
        if command.id and record:
            self.named[command.id] = record

    def flush(self) -> None:
        """Append what was decided since the last flush, in one batch. On any error but one nothing of it was written.

        The one is TextsErased, see `services.writing`.
        """
        events, texts = tuple(self.pending), frozenset(self.sealed)
        self.pending.clear()
        self.sealed.clear()
        if events:
            write(events, texts, self.store, self.keys)

    def decide(self, command: Command, *, imported: str = "", repeats: Repeats | None = None) -> Outcome:
        """Decide a command on the histories in memory; what follows waits for `flush`.

        `imported` names the import that brings it in as history. `repeats` follows its file: with it, a line of history
        that says what stood before, and was undone since, is a further act.
        """
        if command.authority != self.authority:
            raise Refused("authority", f"this desk is {self.authority}'s, the command is for {command.authority}")
        record, said = self._record(command.aggregate), Said.by(command)
        place = repeats.place(command.aggregate, said.whole) if repeats else 0
        outcome = self._carried_out(command, record, said, place, imported)
        if repeats and (outcome.events or outcome.result == "repeated"):
            repeats.took(command.aggregate, said.whole, place)
        return outcome

    def _carried_out(self, command: Command, record: Record, said: Said, place: int, imported: str) -> Outcome:
        known = Identities(self.name, self.keys, self.new_id).of(
            command, said, key=_key_of(command, record), place=place, commands=record.commands
        )
        if known.repeat:
            return repeated(record, known.id)
        if command.id is not None and command.id in self.named:
            raise Refused("id", f"{command.id} is the id of a command carried out before, on {self.named[command.id]}")
        now = self.clock()
        at = command.at or now
        if at > now + CLOCK_SKEW:
            raise Refused("at", f"{local_date(at)} lies in the future")
        day = local_date(at)
        policy = on_form_of(self.policies.in_force(day), began_under(record.history, self.policies))
        roll = Roll(Council(self._directory(), policy), day, self.unverified and command.at is not None)
        if command.aggregate == DIRECTORY:
            roll.open_while_it_begins()
        try:
            decided = self._decided(command, record, policy, at, roll)
        except SeparationOfDuties as refusal:
            attempted = Decided(command.aggregate, ActRefused(act=command.command, rule=refusal.rule))
            self._take([attempted], self._envelope(command, known, policy, now, imported, roll), command)
            raise
        events = self._take(decided, self._envelope(command, known, policy, now, imported, roll), command)
        return Outcome("accepted", events, tuple(self._warnings(events, policy)))

    def _envelope(
        self, command: Command, known: Known, policy: Policy, now: datetime, imported: str, roll: Roll
    ) -> Envelope:
        return Envelope(
            event_id=known.id,
            authority=self.authority,
            actor=command.actor,
            role=command.role,
            occurred=command.at or now,
            recorded=now,
            correlation=_correlation(command.aggregate),
            causation="",
            policy_version=policy.version,
            imported=imported if command.at else "",
            digest=known.digest(),
            unverified=",".join(roll.doubts),
        )

    def _warnings(self, events: Sequence[Recorded], policy: Policy) -> Iterator[str]:
        for each in events:
            yield from self.catalogue.warnings(each, self._record(each.originator_id), policy, self._owed_by)
        for aggregate in dict.fromkeys(each.originator_id for each in events if not each.envelope.imported):
            if missed := too_late(events, self._record(aggregate).history, self.policies, self.clock()):
                yield missed

    def _decided(self, command: Command, record: Record, policy: Policy, at: datetime, roll: Roll) -> list[Decided]:
        """What follows from the command on its record, and from that on others."""
        act = self.catalogue.acts[command.command]
        situation = self._situation(command, record, policy, at, roll)
        require_act(act, command, situation)
        require_stage(act, command, situation)
        for gate in (act.gate, *self.catalogue.gates(command.command)):
            gate(command, situation)
        own = [Decided(command.aggregate, fact) for fact in act.decide(command, record.state, situation)]
        return [*own, *self.catalogue.follow_on(own, situation)]

    def _situation(self, command: Command, record: Record, policy: Policy, at: datetime, roll: Roll) -> Situation:
        key = _key_of(command, record)

        def seal(field: str, text: str) -> str:
            if key is None:
                raise Refused(field, "without a child there is no key for a free text")
            return self._seal(key, field, text)

        return Situation(
            policy=policy,
            at=at,
            record=record,
            seal=seal,
            owed=partial(obligations, record.history, self.policies),
            directory=self._directory,
            seal_for=self._seal,
            record_of=self._record,
            owed_by=self._owed_by,
            began=self._began,
            roll=roll,
        )

    def _seal(self, child: str, field: str, text: str) -> str:
        sealed = self.keys.seal(child, field, text)
        self.sealed.add(head_of(sealed))
        return sealed

    def _owed_by(self, aggregate: str, wanted: Wanted) -> tuple[Obligation, ...]:
        return obligations(self._record(aggregate).history, self.policies, wanted)

    def _began(self, aggregate: str) -> Policy | None:
        return began_under(self._record(aggregate).history, self.policies)

    def _directory(self) -> Directory:
        state = self._record(DIRECTORY).state
        return state if isinstance(state, Directory) else Directory()

    def _take(self, decided: Sequence[Decided], envelope: Envelope, command: Command) -> tuple[Recorded, ...]:
        """Have the facts wait for the next flush; with them, that the command's own id is taken from now on."""
        events = []
        for number, each in enumerate(decided):
            record = self._record(each.aggregate)
            recorded = Recorded(
                originator_id=each.aggregate,
                originator_version=record.version + 1,
                fact=each.fact,
                envelope=envelope.numbered(number),
            )
            record.take(recorded)
            events.append(recorded)
        self.pending.extend(events)
        if command.id is not None and events:
            self.named[command.id] = command.aggregate
            fact = CommandNamed(record=command.aggregate)
            self.pending.append(Recorded(named_aggregate(command.id), 1, fact, envelope.numbered(len(events))))
        return tuple(events)

    def _record(self, aggregate: str) -> Record:
        record = self.records.get(aggregate)
        if record is None:
            record = self.records[aggregate] = self.catalogue.record(aggregate, self.store.load(aggregate))
        return record


def _correlation(aggregate: str) -> str:
    """What everything about one record has in common: an audit's reference; another's with its kind."""
    return aggregate.removeprefix("audit/").removesuffix("/people").replace("/", "-")


def _key_of(command: Command, record: Record) -> str | None:
    """Whose key seals the texts of the command; None where there is none."""
    return command.named_child or record.child or record.key
