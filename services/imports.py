"""Whether an import is still bringing in history: until it has ended, its part of history is not complete."""

from collections.abc import Iterable, Sequence
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


def open_imports(loader: Loader, history: Iterable[Recorded]) -> frozenset[str]:
    """The imports behind a history that are still open."""
    named = {each.envelope.imported for each in history} - {""}
    return frozenset(each for each in named if is_open(loader.load(import_aggregate(each))))
