"""About how many bytes events take while they are in memory: what bounds the histories that a desk keeps open."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from events.recorded import Recorded
from services.core.writing import Loader
from services.snapshots import Folding, Opened

S = TypeVar("S")

EVENT = 2_000
"""An event with its envelope and its share of what its record keeps, but for the texts and lists in its fact."""

VALUE = 60
"""A value within a list or a mapping, or a text, beside its letters."""


def weight(events: Iterable[Recorded]) -> int:
    """The bytes of these events, by their number and by the length of what their facts say. Never less for more."""
    return sum(EVENT + sum(map(_of, vars(each.fact).values())) for each in events)


def _of(value: Any) -> int:
    if isinstance(value, str):
        return VALUE + len(value)
    if isinstance(value, Mapping):
        return VALUE + sum(_of(name) + _of(each) for name, each in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return VALUE + sum(map(_of, value))
    held = getattr(value, "__dict__", None)
    return VALUE + (sum(map(_of, held.values())) if isinstance(held, dict) else 0)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a record is read from, now or once more of it is asked for: `told` is given all the events that were."""

    store: Loader
    told: Callable[[Iterable[Recorded]], None]

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """As the store."""
        found = self.store.load(aggregate_id, after=after)
        self.told(found)
        return found

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        """As the store."""
        found = self.store.opened(aggregate_id, folding)
        self.told(found.facts)
        return found
