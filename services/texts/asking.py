"""Who asks for texts, and for which: for whoever gathers them, and may find that there is none to be opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.core.own_names import OPERATOR, SYSTEM_ROLE

if TYPE_CHECKING:
    from events.reads import Door

OPEN = "texts.open"
"""What a policy gives to the roles that need to know; where it says nothing, nobody opens a text (A-ALL-15)."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text that somebody asks for: of which record, for which field it was sealed, and of which of its items."""

    record: str
    field: str
    sealed: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and through which door. With `role`, in that one alone; with `claimed`, in one of those.

    Without either, in the first role that the policy lets open the text and that they hold.
    """

    person: str
    door: "Door"
    role: str | None = None
    claimed: frozenset[str] | None = None

    def roles(self, allowed: Sequence[str]) -> list[str]:
        """The roles in which they may ask, of those that the policy lets open texts."""
        asked = [each for each in allowed if self.role in (None, each)]
        return [each for each in asked if self.claimed is None or each in self.claimed]


def operator(door: "Door" = "cli") -> Reader:
    """Who runs an installation of their own, and names nobody: they hold its keys, and their reading is on record."""
    return Reader(OPERATOR, door, SYSTEM_ROLE)
