"""The adopted policies of one authority as their events leave them. Applying an event only assigns."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from events.envelope import Envelope
from events.policies import PolicyAdopted
from events.recorded import Recorded
from services.core.folded import Folded
from services.policy.versions import Name

if TYPE_CHECKING:
    from services.policy.adopted import AdoptedPolicy


@dataclass(slots=True)
class Adoptions(Folded):
    """What was adopted, and how, in the order in which it was recorded; `version` is that of the last event."""

    version: int = 0
    adopted: list[tuple[PolicyAdopted, Envelope]] = field(default_factory=list)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        self.version = recorded.originator_version
        if isinstance(recorded.fact, PolicyAdopted):
            self.adopted.append((recorded.fact, recorded.envelope))

    def named_on(self, day: date) -> Name | None:
        """By what events name the policy in force on a day, as of `Policies`; None where nothing was adopted.

        What the policies say is not read for it.
        """
        told = sorted((fact for fact, _ in self.adopted), key=lambda fact: fact.since)
        held = [fact for fact in told if fact.since <= day] or told[:1]
        return Name(held[-1].version, held[-1].digest) if held else None

    def versions(self) -> "tuple[AdoptedPolicy, ...]":
        """The policies, oldest first by the day from which they are in force.

        BrokenHistory where one cannot be read any more.
        """
        from services.policy.adopted import opened  # noqa: PLC0415 - to name them, what they say is not needed

        return tuple(
            sorted(
                (opened(fact, told.recorded) for fact, told in self.adopted), key=lambda policy: policy.effective_from
            )
        )
