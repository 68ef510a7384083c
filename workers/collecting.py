"""How often a process looks for objects that hold one another: seldom, since what it reads comes in thousands."""

import gc


def collect_seldom() -> None:
    """Take what was loaded as kept for good, and look through what came since once in 50,000 objects.

    Python's own seven hundred made up a third of the processor's time of a report. A repeat changes nothing.
    """
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
