"""What history tells of children's keys, held against what the key bucket says: names alone, for no key is read.

Only the custodian's account writes tombstones and holds. An event that tells of one which is not there tells of
something that did not happen, whoever wrote it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from events.children import ChildErased, ChildHeld, ChildHoldReleased
from events.recorded import Recorded
from services.keyring.entries import ERASED, KEPT, erased_entry, kept_entry

FINISH = "repeat the command, which finishes it"


@dataclass(slots=True)
class Told:
    """Collects what is told, event by event.

    `needed` are the entries of the bucket that there must be, with the first event that says so; `released` the last
    holds that were told to have ended, by child, with their numbers.
    """

    needed: dict[str, Recorded] = field(default_factory=dict)
    released: dict[str, int] = field(default_factory=dict)

    def take(self, recorded: Recorded) -> None:
        """Take in the next event."""
        child = recorded.reference
        match recorded.fact:
            case ChildErased(version=version, key_id=key_id):
                self.needed.setdefault(erased_entry(child, version, key_id), recorded)
            case ChildHeld(number=number) | ChildHoldReleased(number=number) as fact:
                if number:  # what a record of the first days says has none
                    self.needed.setdefault(kept_entry(child, number), recorded)
                if isinstance(fact, ChildHoldReleased):
                    self.released[child] = number

    def never_done(self, names: Iterable[str]) -> Iterator[tuple[Recorded, str]]:
        """The events that tell of what never happened; `names` are the bucket's tombstones and holds."""
        found = frozenset(names)
        for name, recorded in self.needed.items():
            if name not in found:
                what = "an erasure" if name.startswith(f"{ERASED}.") else "a hold"
                yield recorded, f"it tells of {what} of which the key bucket knows nothing"

    def unfinished(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The children of whom something was begun that is not told of, or was told of and not ended, and what."""
        last: dict[str, int] = defaultdict(int)
        for name in names:
            if name.startswith(f"{ERASED}.") and name not in self.needed:
                yield name.split(".")[1], f"a key was erased, or is about to be, and no event tells of it; {FINISH}"
            elif name.startswith(f"{KEPT}."):
                _, child, number = name.split(".")
                last[child] = max(last[child], int(number))
        for child, ended in self.released.items():
            if last[child] == ended:
                yield child, f"a hold was told to have ended and was not released; {FINISH}"
