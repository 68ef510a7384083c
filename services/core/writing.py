"""Writing events whose texts were sealed with keys that somebody else may erase.

A process remembers a key for a while, so it can seal a text with one that is erased elsewhere, and nobody could ever
read it. So the keys are looked at before the events are written, and once more afterwards. If one is gone before,
nothing is written and the command is decided again, with the key that stands then. If it went in between, what was
written stays, for nothing is ever taken back, and whoever wrote it is told that its texts are gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from events.errors import Conflict, TextsErased
from events.recorded import Recorded
from services.core.digests import Keys
from services.snapshots import Folding, Opened

S = TypeVar("S")


class Loader(Protocol):
    """From what records are opened."""

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """Every event of an aggregate above the version `after`, strongly consistent."""
        ...

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        """The aggregate from a snapshot on, if there is one that is believed; strongly consistent all the same."""
        ...


class Store(Loader, Protocol):
    """What the desk needs of a store (see `services.store.application.History`)."""

    def unwritten(self, aggregate_ids: Iterable[str]) -> frozenset[str]:
        """Those of the aggregates that certainly have no event."""
        ...

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        """Write all or nothing; Conflict if an aggregate has moved on."""
        ...


def write(events: Sequence[Recorded], texts: frozenset[str], store: Store, keys: Keys) -> None:
    """Append the events, in one batch; `texts` are what was sealed for them, or the heads of it.

    Conflict if somebody wrote first or erased a key, with nothing written. TextsErased if a key was erased in between:
    the events are written.
    """
    if gone := keys.gone(texts):
        raise Conflict(f"child {', '.join(sorted(gone))}: the key was erased; decide again")
    store.append(*events)
    if gone := keys.gone(texts):
        raise TextsErased(gone)
