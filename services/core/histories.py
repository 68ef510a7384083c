"""The histories that a desk has open: what its decisions ask of any record, and what waits to be written of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from events.base import Fact
from events.commands import CommandNamed
from events.recorded import Recorded
from services.core.digests import Keys
from services.core.named import named_aggregate, record_named
from services.core.record import Record
from services.core.weight import RECORD, Scale, Weighed, weight
from services.core.writing import Loader, Store
from services.directory.state import DIRECTORY, Directory
from services.obligations.engine import obligations
from services.obligations.model import Obligation, Wanted
from services.policy.model import Policy
from services.policy.versions import Policies
from services.snapshots import Folding, Opened

S = TypeVar("S")


@dataclass(slots=True)
class Histories:
    """The records in memory, each loaded when it is first asked for and taken further by every decision.

    `pending` is what was decided and not written yet, `sealed` the heads of the texts in it. `named` says of the ids
    that commands brought along on which record each was used, as far as that is known here. `scale` has the bytes of
    the records, of their events that were loaded or written and of the states that snapshots gave; `_last` names the
    records of what was handed over last, which may still be on its way.
    """

    opened: Callable[[str, Loader], Record]
    store: Store
    keys: Keys
    policies: Policies
    records: dict[str, Record] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    pending: list[Recorded] = field(default_factory=list)
    sealed: set[str] = field(default_factory=set)
    scale: Scale = field(default_factory=Scale)
    _last: frozenset[str] = frozenset()

    @property
    def held(self) -> int:
        """About how many bytes are in memory."""
        return self.scale.held

    def record(self, aggregate: str) -> Record:
        """The record as the last decision left it. NotFound for a kind that no part declares."""
        record = self.records.get(aggregate)
        if record is None:
            self.scale.add(aggregate, RECORD)
            record = self.records[aggregate] = self.opened(
                aggregate, Weighed(self.store, partial(self.scale.add, aggregate))
            )
        return record

    def expect(self, aggregates: Iterable[str]) -> None:
        """Learn together which of these records have no event yet. Any other is loaded once it is asked for."""
        unknown = [each for each in dict.fromkeys(aggregates) if each not in self.records]
        for name in self.store.unwritten(unknown) if unknown else ():
            self.scale.add(name, RECORD)
            self.records[name] = self.opened(name, _Nothing())

    def directory(self) -> Directory:
        """The people and units of the authority."""
        state = self.record(DIRECTORY).state
        return state if isinstance(state, Directory) else Directory()

    def owed_by(
        self, aggregate: str, wanted: Wanted, then: tuple[Fact, datetime] | None = None
    ) -> tuple[Obligation, ...]:
        """The obligations of a record, of the rules that are wanted; as they will be once `then` has happened."""
        history = self.record(aggregate).history
        if then is not None:
            history = [*history, _next(history[-1], *then)]
        return obligations(history, self.policies, wanted)

    def began(self, aggregate: str) -> Policy | None:
        """The version of the policy that a record began under; None where it is no piece of work."""
        began = self.record(aggregate).standing.began
        return None if began is None else self.policies.version(began)

    def seal(self, child: str, field: str, text: str) -> str:
        """Encrypt a text with the child's key, for something that is being decided."""
        sealed = self.keys.seal(child, field, text)
        from services.keyring.texts import head_of  # noqa: PLC0415 - whoever seals nothing loads no cipher

        self.sealed.add(head_of(sealed))
        return sealed

    def look_up(self, command_id: str) -> None:
        """See whether the id of a command is taken in the store, and remember by which record."""
        if record := record_named(self.store.load(named_aggregate(command_id))):
            self.named[command_id] = record

    def handed_over(self) -> tuple[tuple[Recorded, ...], frozenset[str]]:
        """What waits to be written, with the heads of its texts; afterwards nothing waits any more."""
        events, texts = tuple(self.pending), frozenset(self.sealed)
        for each in events:
            holder = each.fact.record if isinstance(each.fact, CommandNamed) else each.originator_id
            if holder in self.records:
                self.scale.add(holder, weight(each))
        self._last = frozenset([each.originator_id for each in events])
        for name in self._last & self.records.keys():
            self.records[name] = self.records.pop(name)  # behind all that were written before
        self.pending.clear()
        self.sealed.clear()
        return events, texts

    def shed(self, most: int) -> None:
        """Drop the records that were written longest ago, until no more than about so many bytes are in memory.

        Not the directory, which every act asks for, and nothing that is not certainly in the store: what waits to be
        written, and what was handed over last. What is dropped is loaded again once it is asked for.
        """
        needed = {DIRECTORY, *self._last, *(each.originator_id for each in self.pending)}
        for name in [each for each in self.records if each not in needed]:
            if self.held <= most:
                break
            del self.records[name]
            self.scale.remove(name)
        self.named = {each: name for each, name in self.named.items() if name in self.records}


class _Nothing:
    """What a record without an event is read from."""

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """No event."""
        del aggregate_id, after
        return ()

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        """No snapshot and no event."""
        del aggregate_id, folding
        return Opened(None, 0, ())


def _next(last: Recorded, fact: Fact, at: datetime) -> Recorded:
    """What is being decided as if it stood behind the last event."""
    return replace(
        last,
        originator_version=last.originator_version + 1,
        fact=fact,
        envelope=replace(last.envelope, occurred=at),
    )
