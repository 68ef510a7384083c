"""Erasing a child's key as an act that somebody answers for: the key goes, and an event says which, why and by whom.

The key goes first: an event about a key that stands would be a lie for ever. A run that is cut short in between is
finished by its repeat, which finds the tombstone and no event about it.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from events.children import ChildErased, Reason
from events.envelope import Envelope
from events.errors import Conflict, Refused
from events.recorded import Recorded
from services.clock import Clock, local_date
from services.keyring.record import KeyRecord
from services.people.directory import DIRECTORY, Directory
from services.people.may import Council, Roll
from services.policy.model import Policy
from services.writing import Store

ATTEMPTS = 5

ACT = "child.erase"
"""What a policy gives to the roles that may erase; where it says nothing of it, nobody may."""


class Keys(Protocol):
    """What erasing needs of the keyring."""

    def erase(self, child: str) -> bool:
        """Destroy the child's key; False if that was done before."""
        ...

    def tombstone(self, child: str) -> KeyRecord | None:
        """What stands in place of the key that was erased last."""
        ...


@dataclass(frozen=True, slots=True)
class Erasing:
    """Who erases, in which role and why, in which authority, under which version of its policy."""

    authority: str
    actor: str
    role: str
    reason: Reason
    policy_version: str
    clock: Clock

    def require_allowed(self, policy: Policy, store: Store) -> None:
        """Refused unless the policy lets the role erase, and the directory says that the person holds it today.

        The directory is read whole: the custodian's account may not read snapshots.
        """
        allowed = policy.acts.get(ACT, ())
        if self.role not in allowed:
            rule = f"{self.role} may not {ACT}; the policy gives it to {', '.join(allowed) or 'nobody'}"
            raise Refused("role", rule)
        directory = Directory()
        for each in store.load(DIRECTORY):
            directory.apply(each)
        today = local_date(self.clock())
        Roll(Council(directory, policy), today).require_role("role", self.actor, self.role)

    def erase(self, child: str, keys: Keys, store: Store) -> Literal["erased", "recorded", "done before"]:
        """Destroy the key and record it; `recorded` where only the event was lacking. A repeat changes nothing.

        NotFound if the child never had a key, Refused under a legal hold, in both cases with nothing written.
        """
        did = keys.erase(child)
        tombstone = keys.tombstone(child)
        if tombstone is None:  # it was taken away in this moment by somebody who may
            raise Conflict(f"key of child {child}: others keep changing it; try again")
        new = self._record(child, tombstone, store)
        return "erased" if did else "recorded" if new else "done before"

    def _record(self, child: str, tombstone: KeyRecord, store: Store) -> bool:
        aggregate = f"child/{child}"
        fact = ChildErased(version=tombstone.version, key_id=tombstone.key_id, reason=self.reason)
        for _ in range(ATTEMPTS):
            history = store.load(aggregate)
            told = (each.fact for each in history if isinstance(each.fact, ChildErased))
            if any((each.version, each.key_id) == (fact.version, fact.key_id) for each in told):
                return False
            try:
                store.append(
                    Recorded(
                        aggregate,
                        (history[-1].originator_version if history else 0) + 1,
                        fact,
                        self._envelope(child, tombstone),
                    )
                )
            except Conflict:
                continue
            return True
        raise Conflict(f"{aggregate}: others keep changing the same record; try again")

    def _envelope(self, child: str, tombstone: KeyRecord) -> Envelope:
        now = self.clock()
        return Envelope(
            event_id=f"erased-{child}-{tombstone.name.replace('.', '-')}.0",
            authority=self.authority,
            actor=self.actor,
            role=self.role,
            occurred=tombstone.erased or now,
            recorded=now,
            correlation=f"child-{child}",
            causation="",
            policy_version=self.policy_version,
        )
