"""What an import has decided and not yet written: how much of it goes in one batch, and one that is on its way."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from events.errors import TextsErased
from events.recorded import Recorded
from services.core.command import Command
from services.import_summary import Result
from services.store.attempts import MAX_BATCH

BATCH = 900
"""Events at which a batch is full: a line may give several, and a batch takes a thousand at most."""

MOST_EVENTS = MAX_BATCH - 1
"""Events of one batch at most, whatever its last line gave: the import's own opening goes with the first."""

MOST_LINES = 1_000
"""Lines at which a batch is full, however few events they gave: what is a repeat, or refused, gives none."""

FORETOLD = 150
"""Events of the next batch that whoever writes it is told of together, while more of it is decided."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided of a line; it counts once its events are appended."""

    line: int
    command: Command
    result: Result
    warnings: tuple[str, ...] = ()
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """A part that is on its way to the stream: its events without names of commands, and the import's own."""

    part: Sequence[Verdict]
    events: int
    opening: Sequence[Recorded]
    done: Future[TextsErased | None]


def erased_meanwhile(append: Callable[[], None]) -> TextsErased | None:
    """Append what was decided; what is to be said where a key was erased in that moment, for the events stand."""
    try:
        append()
    except TextsErased as erased:
        return erased
    return None
