"""How often a process looks for objects that hold one another: seldom, since what it reads comes in thousands."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

BETWEEN_COLLECTIONS = 200_000
"""Objects that a rebuild may make before cycles among them are looked for: about as many as a batch of events makes."""


def collect_seldom() -> None:
    """Take what was loaded as kept for good, and look through what came since once in 50,000 objects.

    Python's own seven hundred made up a third of the processor's time of a report. A repeat changes nothing.
    """
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for cycles rarely: events and rows hold none, and to look through each batch took a sixth of a rebuild."""
    before = gc.get_threshold()
    gc.set_threshold(BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
