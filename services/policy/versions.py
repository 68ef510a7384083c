"""The versions of one authority's framework, and which of them holds on a day."""

from dataclasses import dataclass
from datetime import date

from events.errors import NotFound
from services.policy.model import Policy


@dataclass(frozen=True)
class Policies:
    """Every version of one authority's framework, oldest first."""

    authority: str
    versions: tuple[Policy, ...]

    def in_force(self, day: date) -> Policy:
        """The version in force on a day; before the first one, the first."""
        held = [policy for policy in self.versions if policy.effective_from <= day]
        return held[-1] if held else self.versions[0]

    def version(self, version: str) -> Policy:
        """The version by which an event was judged. Raises NotFound if the folder no longer holds it."""
        for policy in self.versions:
            if policy.version == version:
                return policy
        raise NotFound(f"policy of {self.authority}, version", version)

    @property
    def newest(self) -> Policy:
        """The version with the latest date."""
        return self.versions[-1]
