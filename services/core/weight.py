"""About how many bytes events and states take in memory: what bounds the histories that a desk keeps open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from events.recorded import Recorded
from services.core.writing import Loader
from services.snapshots import Folding, Opened

S = TypeVar("S")

EVENT = 2_000
"""An event with its envelope and its share of what its record keeps, but for the texts and lists in its fact."""

RECORD = 2_500
"""A record that is open, without its events and its state: also one of which there is none yet."""

VALUE = 60
"""A value within a list or a mapping, or a text, beside its letters."""


def weight(*events: Recorded) -> int:
    """The bytes of these events, by their number and by the length of what their facts say. Never less for more."""
    return sum([EVENT + sum(map(weight_of, vars(each.fact).values())) for each in events])


def weight_of(value: Any) -> int:
    """The bytes of a value with all that it holds: of a fact, or of the state that a snapshot keeps."""
    return _weigh(value.__class__)(value)


@cache
def _weigh(kind: type) -> Callable[[Any], int]:
    """What weighs the values of a class: to ask each of them what it is takes twice as long as to weigh it."""
    if issubclass(kind, str):
        return lambda value: VALUE + len(value)
    if issubclass(kind, Mapping):
        return lambda value: VALUE + sum([weight_of(name) + weight_of(each) for name, each in value.items()])
    if issubclass(kind, list | tuple | set | frozenset):
        return lambda value: VALUE + sum(map(weight_of, value))
    parts = _parts(kind)
    return lambda value: VALUE + sum([weight_of(getattr(value, name)) for name in parts])


def _parts(kind: type) -> tuple[str, ...]:
    """What a value of the kind holds, by name; nothing for a number or a date."""
    if issubclass(kind, BaseModel):
        return tuple(kind.model_fields)
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()


@dataclass(slots=True)
class Scale:
    """What was put on it, in all and by record. It holds nothing of it: what it is asked by is gone once dropped."""

    held: int = 0
    _by: dict[str, int] = field(default_factory=dict)

    def add(self, record: str, size: int) -> None:
        """Put so many bytes of a record on it."""
        self.held += size
        self._by[record] = self._by.get(record, 0) + size

    def remove(self, record: str) -> None:
        """Take off it all that is the record's."""
        self.held -= self._by.pop(record, 0)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a record is read from, now or once more of it is asked for: `told` is given the bytes of all that was."""

    store: Loader
    told: Callable[[int], None]

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """As the store."""
        found = self.store.load(aggregate_id, after=after)
        self.told(weight(*found))
        return found

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        """As the store."""
        found = self.store.opened(aggregate_id, folding)
        self.told(weight(*found.facts) + (0 if found.state is None else weight_of(found.state)))
        return found
