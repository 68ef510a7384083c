"""The history behind a desk while it carries out one request: what it must stand at, and where its events came to lie.

The version that a caller expects is looked at where the record is loaded to be decided on. What is decided is appended
after just that version or not at all: whoever else wrote first has the desk load again, and the other version is seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from events.recorded import Recorded
from services.core.writing import Store
from services.snapshots import Folding, Opened
from workers.doors.problems import MOVED_ON, Stopped

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Expected:
    """At which of these versions a record must be, or at any (`versions` None): that it is there."""

    versions: frozenset[int] | None

    def holds(self, version: int) -> bool:
        """Whether that is one of them."""
        return version in self.versions if self.versions is not None else version > 0

    def require(self, version: int) -> None:
        """Stopped with the kind MOVED_ON where the record is at none of them."""
        if not self.holds(version):
            raise Stopped(MOVED_ON, f"the record is at version {version}", field="If-Match")


@dataclass(slots=True)
class Watched:
    """A store as a desk sees it. One thread at a time, and one request at a time (`begin`)."""

    store: Store
    aggregate: str = ""
    command_id: str | None = None
    expected: Expected | None = None
    positions: dict[str, int] = field(default_factory=dict)

    def begin(self, aggregate: str, command_id: str | None, expected: Expected | None) -> None:
        """Watch over the next command: of this record and id, which stands at that version unless it is a repeat."""
        self.aggregate, self.command_id, self.expected = aggregate, command_id, expected
        self.positions.clear()

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """As the store. Stopped where the record of the command is not at the version that its caller expects."""
        history = self.store.load(aggregate_id, after=after)
        if self.expected is not None and aggregate_id == self.aggregate and not after:
            repeat = self.command_id and any(each.envelope.command_id == self.command_id for each in history)
            if not repeat:
                self.expected.require(history[-1].originator_version if history else 0)
        return history

    def unwritten(self, aggregate_ids: Iterable[str]) -> frozenset[str]:
        """As the store."""
        return self.store.unwritten(aggregate_ids)

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        """As the store. Where the record is at another version, all of it is looked at: it may be a repeat."""
        found = self.store.opened(aggregate_id, folding)
        if self.expected is not None and aggregate_id == self.aggregate and not self.expected.holds(found.version):
            self.load(aggregate_id)
        return found

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        """As the store, and the positions are kept."""
        positions = self.store.append(*recorded, expected=expected)
        self.positions = {each.envelope.event_id: position for each, position in zip(recorded, positions, strict=True)}
        return positions
