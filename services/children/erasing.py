"""Erasing a child's key as an act that somebody answers for: the key goes, and an event says which, why and by whom.

The key goes first: an event about a key that stands would be a lie for ever. A run that is cut short in between is
finished by its repeat, which finds the tombstone and no event about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from events.children import ChildErased, Reason
from events.errors import Conflict
from services.children.custodian import ATTEMPTS, Custodian, aggregate_of, contended
from services.core.writing import Store
from services.keyring.record import KeyRecord


class Keys(Protocol):
    """What erasing needs of the keyring."""

    def erase(self, child: str) -> bool:
        """Destroy the child's key; False if that was done before."""
        ...

    def tombstones(self, child: str) -> Sequence[KeyRecord]:
        """What stands in place of each of the child's keys that are erased."""
        ...


@dataclass(frozen=True, slots=True)
class Erasing:
    """Who erases and why."""

    by: Custodian
    reason: Reason

    def erase(self, child: str, keys: Keys, store: Store) -> Literal["erased", "recorded", "done before"]:
        """Destroy the key and record it; `recorded` where only the event was lacking. A repeat changes nothing.

        What is recorded is each key of the child that is gone and of which nothing is told yet: one that was erased by
        a run that was cut short is told of though the child has had another key since. NotFound if the child never had
        a key, Refused under a legal hold, in both cases with nothing written.
        """
        did = keys.erase(child)
        new = [self._record(child, tombstone, store) for tombstone in keys.tombstones(child)]
        return "erased" if did else "recorded" if any(new) else "done before"

    def _record(self, child: str, tombstone: KeyRecord, store: Store) -> bool:
        fact = ChildErased(version=tombstone.version, key_id=tombstone.key_id, reason=self.reason)
        name = f"erased-{child}-{tombstone.name.replace('.', '-')}"
        for _ in range(ATTEMPTS):
            history = store.load(aggregate_of(child))
            told = (each.fact for each in history if isinstance(each.fact, ChildErased))
            if any((each.version, each.key_id) == (fact.version, fact.key_id) for each in told):
                return False
            try:
                self.by.tell(child, fact, history, store, name=name, occurred=tombstone.erased)
            except Conflict:
                continue
            return True
        raise contended(child)
