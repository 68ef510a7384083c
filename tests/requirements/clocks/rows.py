"""How a line of the tables of clocks is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What follows from a life: everything that is owed in the end, and everything that was sent, in its order."""

    name: str
    covers: tuple[str, ...]
    owed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
