"""The adopted policies of one authority as their events leave them. Applying an event only assigns."""

from dataclasses import dataclass, field

from events.envelope import Envelope
from events.policies import PolicyAdopted
from events.recorded import Recorded
from services.core.folded import Folded
from services.policy.adopted import AdoptedPolicy, opened


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

    def versions(self) -> tuple[AdoptedPolicy, ...]:
        """The policies, oldest first by the day from which they are in force.

        BrokenHistory where one cannot be read any more.
        """
        return tuple(
            sorted(
                (opened(fact, told.recorded) for fact, told in self.adopted), key=lambda policy: policy.effective_from
            )
        )
