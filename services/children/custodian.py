"""Who does something with a child's key that the law asks for, and how it gets on the record of the child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from events.children import ChildErased, ChildHeld, ChildHoldReleased
from events.errors import Conflict
from events.recorded import Recorded
from services.clock import Clock, local_date
from services.core.own_events import own_envelope
from services.core.writing import Store
from services.directory.may import Council, Roll
from services.directory.state import DIRECTORY, Directory
from services.policy.model import Policy

ATTEMPTS = 5

Told = ChildErased | ChildHeld | ChildHoldReleased
"""What is told of a child's keys."""


def aggregate_of(child: str) -> str:
    """The record that tells of a child's keys."""
    return f"child/{child}"


def contended(child: str) -> Conflict:
    """Others keep writing to this record."""
    return Conflict(f"{aggregate_of(child)}: others keep changing the same record; try again")


@dataclass(frozen=True, slots=True)
class Custodian:
    """Who acts, in which role, in which authority and by which policy."""

    authority: str
    actor: str
    role: str
    policy: Policy
    clock: Clock

    def require_allowed(self, act: str, store: Store) -> None:
        """Refused unless the policy gives the act to the role, and the directory says that the person holds it today.

        The directory is read whole: the custodian's account may not read snapshots.
        """
        directory = Directory()
        for each in store.load(DIRECTORY):
            directory.apply(each)
        today = local_date(self.clock())
        Roll(Council(directory, self.policy), today).require_power(act, self.actor, self.role)

    def tell(
        self, child: str, fact: Told, history: Sequence[Recorded], store: Store, *, name: str, occurred: datetime | None
    ) -> None:
        """Append the fact to the child's record. Conflict if it is not as `history` says any more."""
        told = own_envelope(
            name,
            about=aggregate_of(child),
            authority=self.authority,
            policy=self.policy,
            now=self.clock(),
            by=(self.actor, self.role),
            occurred=occurred,
        )
        version = (history[-1].originator_version if history else 0) + 1
        store.append(Recorded(aggregate_of(child), version, fact, told.numbered(0)))
