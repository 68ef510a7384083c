"""Where commands are carried out: load, decide, append. All or nothing for each command, and a repeat changes nothing.

A desk serves one authority. `carry_out` does one command at a time; the importer decides many on histories that
it keeps in memory and appends them together. The desk leads: each step of the way is a module of its own.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial

from events.errors import Conflict, Refused, SeparationOfDuties
from services.clock import Clock
from services.core.catalogue import Catalogue
from services.core.command import Command
from services.core.deciding import decide
from services.core.digests import Keys
from services.core.histories import Histories
from services.core.identity import Identities
from services.core.kept import KeptDirectory
from services.core.outcome import Outcome, accepted, repeated
from services.core.random_ids import random_id
from services.core.repeats import Repeats
from services.core.taking import take
from services.core.writing import Store, write
from services.directory.state import DIRECTORY
from services.policy.versions import Policies

ATTEMPTS = 5
"""How often a command is decided again after somebody else changed the same record first."""


def _nothing_to_ask(_command: Command) -> None:
    """The world outside has no say."""


@dataclass(slots=True)
class Desk:
    """Carries out the commands of a catalogue for one authority.

    `name` gives a keyed name to content (see `MasterKey.name`). A command that happens now and brings no id gets one of
    `new_id`: it is nobody's repeat. Every act is held against the directory on its day (see `services.directory.may`).
    With `unverified` that is not asked of history: an act with a date of its own stands although the directory does not
    bear it out, and says so for ever. `outside` is asked of a command that happens now, once it may be given: it
    refuses what the world outside does not bear out. `histories` is what is in memory until `forget`. Whoever lets
    several desks work at once for one authority gives them one `turn`: who came too late tries again alone.
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
    outside: Callable[[Command], None] = _nothing_to_ask
    people: KeptDirectory = field(default_factory=KeptDirectory)
    turn: Callable[[], AbstractContextManager[object]] = nullcontext
    histories: Histories = field(init=False)
    _grown: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Begin with nothing in memory."""
        self.forget()

    def carry_out(self, command: Command) -> Outcome:
        """Decide and append; a command carried out before gives `repeated` and changes nothing.

        Raises Refused or NotFound with nothing written, but for a refusal of the separation of duties, which is
        recorded. Conflict only if others keep changing the same record.
        """
        outcome = self._attempted(command, again=False)
        if outcome is None:
            with self.turn():
                attempts = (self._attempted(command, again=True) for _ in range(ATTEMPTS - 1))
                outcome = next(filter(None, attempts), None)
        if outcome is None:
            raise Conflict(f"{command.command}: others keep changing the same record; try again")
        return outcome

    def _attempted(self, command: Command, *, again: bool) -> Outcome | None:
        """What became of the command; None where somebody else changed one of its records first."""
        self.forget()
        if command.aggregate != DIRECTORY:
            directory = self.people.brought_up_to_date(self.store, self.catalogue)
            self.histories.records[DIRECTORY] = directory
            self._grown.update([DIRECTORY] if directory.is_worth_keeping else [])
        if again:
            self.look_up(command)
        try:
            outcome = self.decide(command)
        except SeparationOfDuties:
            if self._flushed():
                raise
            return None
        return outcome if self._flushed() else None

    def _flushed(self) -> bool:
        try:
            self.flush()
        except Conflict:
            return False
        return True

    def forget(self) -> None:
        """Drop what is in memory; the next decision loads it again."""
        self.histories = Histories(self.catalogue.opened, self.store, self.keys, self.policies)

    def look_up(self, command: Command) -> None:
        """After a Conflict: see whether the command's own id is taken, so that the next decision says where."""
        if command.id:
            self.histories.look_up(command.id)

    def expect(self, commands: Iterable[Command]) -> None:
        """Learn for all of these commands at once which of their records are new; what they decide stays the same."""
        names = (each.aggregate for each in commands)
        self.histories.expect(each for each in names if self.catalogue.knows(each))

    def flush(self) -> None:
        """Append what was decided since the last flush, in one batch. On any error but one nothing of it was written.

        The one is TextsErased, see `services.core.writing`.
        """
        self.handed_over()()

    def handed_over(self) -> Callable[[], None]:
        """What appends what was decided since the last flush, as `flush` does: once, and on whatever thread.

        Meanwhile the next may be decided on what is in memory. Whoever does so forgets all of it after a Conflict.
        """
        events, texts = self.histories.handed_over()
        if not events:
            return lambda: None
        written = (self.histories.records.get(name) for name in {each.originator_id for each in events})
        self._grown.update(each.aggregate for each in written if each is not None and each.is_worth_keeping)
        return partial(write, events, texts, self.store, self.keys)

    def grown(self) -> frozenset[str]:
        """The records of which a snapshot is worth keeping, as far as this was not asked before.

        Whoever has the desk keeps them, once what was decided is written and answered.
        """
        found = frozenset(self._grown)
        self._grown.clear()
        if self.people.record is not None:
            self.people.record.kept = self.people.record.version
        return found

    def decide(self, command: Command, *, imported: str = "", repeats: Repeats | None = None) -> Outcome:
        """Decide a command on the histories in memory; what follows waits for `flush`.

        `imported` names the import that brings it in as history. `repeats` follows its file: with it, a line of history
        that says what stood before, and was undone since, is a further act.
        """
        if command.authority != self.authority:
            raise Refused("authority", f"this desk is {self.authority}'s, the command is for {command.authority}")
        histories = self.histories
        record = histories.record(command.aggregate)
        if command.id is not None and command.at is None and record.may_have_had(None):
            histories.look_up(command.id)
        known = Identities(self.name, self.keys, self.new_id).of(command, record, histories.named, repeats)
        if known.repeat:
            outcome = repeated(record, known.id)
        else:
            now, unverified = self.clock(), self.unverified
            decision = decide(command, record, self.catalogue, histories, now, unverified=unverified)
            if command.at is None and decision.refusal is None:
                self.outside(command)
            events = take(decision, command, record, known, imported, histories)
            outcome = accepted(events, decision, self.catalogue, histories)
        if repeats and (outcome.events or known.repeat):
            repeats.took(command.aggregate, known.said, known.place)
        return outcome
