"""Whether an import is still bringing in history: until it has ended, its part of history is not complete."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from events.imports import ImportClosed
from events.recorded import Recorded


class Loader(Protocol):
    """Loads the events of one aggregate, strongly consistent."""

    def load(self, aggregate_id: str) -> tuple[Recorded, ...]:
        """Every event of the aggregate in its order."""
        ...


def import_aggregate(import_id: str) -> str:
    """The aggregate that tells of one import."""
    return f"import/{import_id}"


def is_open(history: Sequence[Recorded]) -> bool:
    """Whether an import with this history has begun (or begun again) and not ended."""
    return bool(history) and not isinstance(history[-1].fact, ImportClosed)


class Imports:
    """Which imports are open, for whoever works many records out: of one that has ended that is asked once.

    What it brought in before its end stands complete, whatever it brings in when it is begun again; so for a history
    that holds nothing of it from after that end, it is not asked again.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._ended: dict[str, int] = {}
        self._open: set[str] | None = None

    def of_many(self) -> "Imports":
        """The same for histories that were loaded together: also of an import that is open that is asked once.

        Not for longer: its end may be on its way.
        """
        found = Imports(self._loader)
        found._ended, found._open = self._ended, set()
        return found

    def behind(self, history: Iterable[Recorded]) -> frozenset[str]:
        """The imports behind a history that are still open. Raises as the loader does."""
        last: dict[str, int | None] = {}
        for each in history:
            if name := each.envelope.imported:
                last[name] = each.position
        return self.are_open(last)

    def are_open(self, last: Mapping[str, int | None]) -> frozenset[str]:
        """Those of these imports that are open, each named with the position of the last that is known of it."""
        return frozenset(name for name, position in last.items() if self._is_open(name, position))

    def end_after(self, last: Mapping[str, int]) -> frozenset[str]:
        """Those of these imports whose end stands, or is to come, after the position that each is named with."""
        still_open = self.are_open(last)
        return still_open | {name for name, position in last.items() if position < self._ended.get(name, 0)}

    def _is_open(self, name: str, last: int | None) -> bool:
        if last is not None and last < self._ended.get(name, 0):
            return False
        if self._open is not None and name in self._open:
            return True
        history = self._loader.load(import_aggregate(name))
        if is_open(history):
            if self._open is not None:
                self._open.add(name)
            return True
        if history and (end := history[-1].position) is not None:
            self._ended[name] = end
        return False
