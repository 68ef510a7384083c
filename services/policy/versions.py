"""The versions of one authority's framework, and which of them holds on a day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from events.errors import NotFound

if TYPE_CHECKING:
    from services.policy.model import Policy


class Name(NamedTuple):
    """By what an event names the policy that decided it: what the authority calls it, and the hash of its content."""

    version: str
    digest: str


@dataclass
class Policies:
    """Every version of one authority's framework, oldest first.

    A version is never changed, and none is ever taken away; a process that runs for long takes up further ones. `again`
    is asked to do so when a version is named that is not known here yet: somebody else decided by it.
    """

    authority: str
    versions: tuple["Policy", ...]
    again: Callable[[], object] | None = field(default=None, compare=False, repr=False)

    def in_force(self, day: date) -> "Policy":
        """The version in force on a day; before the first one, the first."""
        versions = self.versions
        held = [policy for policy in versions if policy.effective_from <= day]
        return held[-1] if held else versions[0]

    def named_on(self, day: date) -> Name:
        """By what an event names the version in force on a day."""
        policy = self.in_force(day)
        return Name(policy.version, policy.digest)

    def version(self, version: str) -> "Policy":
        """The version by which an event was judged. Raises NotFound where nobody knows it any more."""
        found = self._known(version)
        if found is None and self.again is not None:
            self.again()
            found = self._known(version)
        if found is None:
            raise NotFound(f"policy of {self.authority}, version", version)
        return found

    def take_up(self, versions: tuple["Policy", ...]) -> None:
        """Have these versions from now on, in the place of those that were known."""
        self.versions = versions

    def _known(self, version: str) -> "Policy | None":
        return next((policy for policy in self.versions if policy.version == version), None)

    @property
    def newest(self) -> "Policy":
        """The version with the latest date."""
        return self.versions[-1]
