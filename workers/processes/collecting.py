"""How often a process looks for objects that hold one another: seldom, since what it reads comes in thousands."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

BETWEEN_COLLECTIONS = 1_000_000
"""Objects that a rebuild may make before cycles among them are looked for: several times as many as a batch of events
makes. Those of a batch are gone after it; looked for among them, each would be gone through once, to find nothing."""

SELDOM = (50_000, 50, 50)


def collect_seldom() -> None:
    """Take what was loaded as kept for good, and look through what came since once in 50,000 objects.

    Python's own seven hundred made up a third of the processor's time of a report. A repeat changes nothing.
    """
    gc.enable()
    if gc.get_threshold() != SELDOM:  # what is frozen is kept for ever: garbage that came meanwhile as well
        gc.freeze()
        gc.set_threshold(*SELDOM)


@contextmanager
def short_lived() -> Iterator[None]:
    """A process that loads much, does one thing and ends: nothing that it loads is looked through, at its end neither.

    Whatever it does next says from when on it is (`collect_seldom`). To look through what was loaded took a fifth of
    the processor's time of a question, and found nothing.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # at its end Python looks through all that is left
        gc.enable()


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for cycles rarely: events and rows hold none, and to look through each batch took a sixth of a rebuild.

    Nor does what an import keeps in memory, where it took a thirtieth.
    """
    before = gc.get_threshold()
    gc.set_threshold(BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
