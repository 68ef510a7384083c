"""Legal holds as acts that somebody answers for: what is held cannot be erased until what it is held for is over.

A hold is never lost by a run that is cut short: it is set on the key first and told of then, and a release is told of
first and carried out then. So at any moment what is told to be held is held, and what a crash leaves is finished by the
repeat. A release ends the hold that it has named by its number, and no other: one that is set again meanwhile has a
higher number, stays, and is told of after the release.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from events.children import ChildHeld, ChildHoldReleased, HoldReason
from events.errors import Conflict, NotFound
from events.recorded import Recorded
from services.children.custodian import ATTEMPTS, Custodian, aggregate_of, contended
from services.core.writing import Store
from services.keyring.custody import Kept, Left
from services.keyring.entries import Keeping
from services.keyring.record import KeyRecord

Result = Literal["held", "released", "recorded", "done before"]


class Keys(Protocol):
    """What holding needs of the keyring."""

    def record(self, child: str) -> KeyRecord | None:
        """What there is of the child's key, None if there never was one."""
        ...

    def keeping(self, child: str) -> Keeping:
        """What counts of holds at this moment."""
        ...

    def hold(self, child: str, reason: str, *, after: int) -> Kept:
        """Hold the key for this reason, under a number above `after`."""
        ...

    def release(self, child: str, reason: str, *, number: int) -> bool:
        """End the hold for this reason, if nothing was said since that number."""
        ...


class Held(NamedTuple):
    """What became of a hold, and what it found to hold."""

    result: Result
    left: Left


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds or releases, and for what it is held."""

    by: Custodian
    reason: HoldReason

    def hold(self, child: str, keys: Keys, store: Store) -> Held:
        """Hold the child's key for this reason and record it. A repeat changes nothing.

        `recorded` where only the event was lacking. NotFound, and nothing written, if the child never had a key: a
        slip of the pen must not pass for a hold.
        """
        self._require_key(child, keys)
        did = False
        for _ in range(ATTEMPTS):
            history = store.load(aggregate_of(child))
            last = self._last(history)
            ended = last.number if isinstance(last, ChildHoldReleased) else 0
            kept = keys.hold(child, self.reason, after=ended)
            did = did or kept.new
            if isinstance(last, ChildHeld) and not kept.new:
                return Held("held" if did else "done before", kept.left)
            try:
                self._tell(child, ChildHeld(number=kept.number, reason=self.reason), history, store)
            except Conflict:
                continue
            return Held("held" if did else "recorded", kept.left)
        raise contended(child)

    def release(self, child: str, keys: Keys, store: Store) -> Result:
        """Record that what the child was held for is over, and end the hold. A repeat changes nothing.

        `recorded` where the hold was ended by other means. NotFound if there never was a hold for this reason.
        """
        self._require_key(child, keys)
        told = 0
        for _ in range(ATTEMPTS):
            history = store.load(aggregate_of(child))
            last, stands = self._last(history), keys.keeping(child)
            holds = self.reason in stands.reasons
            if not holds and last is None:
                raise NotFound("legal hold", f"of {child} for {self.reason}")
            if not holds and isinstance(last, ChildHoldReleased):
                return "released" if told else "done before"
            if told and isinstance(last, ChildHeld) and last.number > told:
                return "released"  # and held again since, which is not ours to end
            if not isinstance(last, ChildHoldReleased) or last.number < stands.number:
                try:
                    self._tell(child, ChildHoldReleased(number=stands.number, reason=self.reason), history, store)
                except Conflict:
                    continue
                told = stands.number
            if not holds:
                return "recorded"
            if keys.release(child, self.reason, number=stands.number):
                return "released"
        raise contended(child)

    def _require_key(self, child: str, keys: Keys) -> None:
        if keys.record(child) is None:
            raise NotFound("key of child", child)

    def _last(self, history: Sequence[Recorded]) -> ChildHeld | ChildHoldReleased | None:
        """What was told last of a hold for this reason."""
        told = (each.fact for each in reversed(history) if isinstance(each.fact, ChildHeld | ChildHoldReleased))
        return next((each for each in told if each.reason == self.reason), None)

    def _tell(self, child: str, fact: ChildHeld | ChildHoldReleased, history: Sequence[Recorded], store: Store) -> None:
        act = "held" if isinstance(fact, ChildHeld) else "released"
        name = f"{act}-{child}-{fact.number}-{fact.reason}"
        self.by.tell(child, fact, history, store, name=name, occurred=None)
