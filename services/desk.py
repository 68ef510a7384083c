"""Where commands are carried out: load, decide, append. All or nothing for each command, and a repeat changes nothing.

A desk serves one authority. `carry_out` does one command at a time; the importer decides many on histories that
it keeps in memory and appends them together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from events.audits import ActRefused
from events.base import Fact
from events.commands import CommandNamed
from events.envelope import Envelope
from events.errors import Conflict, Refused, SeparationOfDuties
from events.recorded import Recorded
from services.audits.closing import require_allowed
from services.audits.commands import AllocateAudit
from services.audits.earlier import require_earlier_audits
from services.audits.follow_on import follow_on
from services.audits.rules import require_act
from services.audits.state import Audit
from services.audits.warnings import warnings_on_audit
from services.clock import Clock, local_date
from services.command import Command, Decided, Situation
from services.commands import AUDIT_DECISIONS, RECORD_DECISIONS
from services.escalations.warnings import too_late
from services.identity import Identities, Keys, Known, Said, random_id
from services.judging import began_under, on_form_of
from services.keyring.texts import head_of
from services.named import named_aggregate, record_named
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.outcome import Outcome, repeated
from services.people.directory import DIRECTORY, Directory
from services.people.kept import KeptDirectory
from services.people.may import Council, Roll
from services.policy.load import Policies
from services.policy.model import Policy
from services.records import STATES, Record, State, record_of
from services.registers.warnings import warnings_of
from services.repeats import Repeats
from services.rounds.gate import joins_round, require_round
from services.rounds.state import Round
from services.rounds.warnings import warning_of_round
from services.sampling.joining import joins, marks
from services.sampling.month import Month
from services.writing import Store, write

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of our clock an act may be dated before it counts as in the future."""

ATTEMPTS = 5
"""How often a command is decided again after somebody else changed the same audit first."""


@dataclass(slots=True)
class Desk:
    """Carries out commands for one authority. `name` gives a keyed name to content (see `MasterKey.name`).

    A command that happens now and brings no id gets one of `new_id`: it is nobody's repeat.
    Every act is held against the directory on its day (see `services.people.may`). With `unverified` that is not asked
    of history: an act with a date of its own stands although the directory does not bear it out, and says so for ever.
    """

    authority: str
    store: Store
    keys: Keys
    name: Callable[[bytes], str]
    policies: Policies
    clock: Clock
    new_id: Callable[[], str] = random_id
    unverified: bool = False
    matters: dict[str, Record] = field(default_factory=dict)
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
                self.matters[DIRECTORY] = self.people.brought_up_to_date(self.store)
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
        self.matters.clear()
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
        matter, said = self._matter(command.aggregate), Said.by(command)
        place = repeats.place(command.aggregate, said.whole) if repeats else 0
        outcome = self._carried_out(command, matter, said, place, imported)
        if repeats and (outcome.events or outcome.result == "repeated"):
            repeats.took(command.aggregate, said.whole, place)
        return outcome

    def _carried_out(self, command: Command, matter: Record, said: Said, place: int, imported: str) -> Outcome:
        known = Identities(self.name, self.keys, self.new_id).of(
            command, said, key=_key_of(command, matter.state), place=place, commands=matter.state.commands
        )
        if known.repeat:
            return repeated(matter.state, known.id)
        if command.id is not None and command.id in self.named:
            raise Refused("id", f"{command.id} is the id of a command carried out before, on {self.named[command.id]}")
        now = self.clock()
        at = command.at or now
        if at > now + CLOCK_SKEW:
            raise Refused("at", f"{local_date(at)} lies in the future")
        policy = on_form_of(self.policies.in_force(local_date(at)), began_under(matter.history, self.policies))
        roll = Roll(Council(self._directory(), policy), local_date(at), self.unverified and command.at is not None)
        if command.aggregate == DIRECTORY:
            roll.open_while_it_begins()
        try:
            decided = self._decided(command, matter, policy, at, roll)
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
            state = self._matter(each.originator_id).state
            if isinstance(state, Audit):
                yield from warnings_on_audit(each, state, policy, self._owed_by)
            yield from warnings_of(each.fact, policy)
            if isinstance(state, Round) and (warning := warning_of_round(each.fact, state, policy)):
                yield warning
        for aggregate in dict.fromkeys(each.originator_id for each in events if not each.envelope.imported):
            if missed := too_late(events, self._matter(aggregate).history, self.policies, self.clock()):
                yield missed

    def _decided(self, command: Command, matter: Record, policy: Policy, at: datetime, roll: Roll) -> list[Decided]:
        state = matter.state
        child = _key_of(command, state)

        def seal(field: str, text: str) -> str:
            if child is None:
                raise Refused(field, "without a child there is no key for a free text")
            return self._seal(child, field, text)

        owed = partial(obligations, matter.history, self.policies)
        situation = Situation(
            policy, at, seal, owed, self._directory, self._seal, self._history, self._owed_by, self._began, roll
        )
        if not isinstance(state, Audit):
            require_act(command, None, situation)
            decide = RECORD_DECISIONS[type(command)]
            found = decide(command, state, situation)
            return [*(Decided(command.aggregate, fact) for fact in found), *marks(found, policy)]
        if state.has("audit.allocated"):
            require_allowed(command, state, situation)
        elif isinstance(command, AllocateAudit):
            require_act(command, None, situation)
            require_earlier_audits(command, policy, self._audit)
            require_round(command, situation)
        facts: Sequence[Fact] = AUDIT_DECISIONS[type(command)](command, state, situation)
        own = [Decided(command.aggregate, fact) for fact in facts]
        reference = command.aggregate.partition("/")[2]
        joined = joins(reference, state, facts, situation, self._month)
        of_round = joins_round(reference, state, facts, situation)
        followed = follow_on(reference, state, facts, situation, self._audit)
        return [*own, *followed, *joined, *of_round]

    def _seal(self, child: str, field: str, text: str) -> str:
        sealed = self.keys.seal(child, field, text)
        self.sealed.add(head_of(sealed))
        return sealed

    def _month(self, aggregate: str) -> Month:
        state = self._matter(aggregate).state
        return state if isinstance(state, Month) else Month()

    def _history(self, aggregate: str) -> Sequence[Recorded]:
        known = aggregate in self.matters or aggregate.partition("/")[0] in STATES
        return self._matter(aggregate).history if known else self.store.load(aggregate)

    def _owed_by(self, aggregate: str) -> tuple[Obligation, ...]:
        return obligations(self._history(aggregate), self.policies)

    def _began(self, aggregate: str) -> Policy | None:
        return began_under(self._history(aggregate), self.policies)

    def _directory(self) -> Directory:
        state = self._matter(DIRECTORY).state
        return state if isinstance(state, Directory) else Directory()

    def _audit(self, reference: str) -> Audit | None:
        state = self._matter(f"audit/{reference}").state
        return state if isinstance(state, Audit) else None

    def _take(self, decided: Sequence[Decided], envelope: Envelope, command: Command) -> tuple[Recorded, ...]:
        """Have the facts wait for the next flush; with them, that the command's own id is taken from now on."""
        events = []
        for number, each in enumerate(decided):
            matter = self._matter(each.aggregate)
            recorded = Recorded(
                originator_id=each.aggregate,
                originator_version=matter.state.version + 1,
                fact=each.fact,
                envelope=envelope.numbered(number),
            )
            matter.take(recorded)
            events.append(recorded)
        self.pending.extend(events)
        if command.id is not None and events:
            self.named[command.id] = command.aggregate
            fact = CommandNamed(record=command.aggregate)
            self.pending.append(Recorded(named_aggregate(command.id), 1, fact, envelope.numbered(len(events))))
        return tuple(events)

    def _matter(self, aggregate: str) -> Record:
        matter = self.matters.get(aggregate)
        if matter is None:
            matter = self.matters[aggregate] = record_of(aggregate, self.store.load(aggregate))
        return matter


def _correlation(aggregate: str) -> str:
    """What everything about one record has in common: an audit's reference; another's with its kind."""
    return aggregate.removeprefix("audit/").removesuffix("/people").replace("/", "-")


def _key_of(command: Command, state: State) -> str | None:
    """Whose key seals the texts of the command; None where there is none."""
    return command.named_child or getattr(state, "child", None) or command.own_key
