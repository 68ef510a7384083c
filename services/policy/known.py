"""What the parts of the domain know, as far as a policy is checked against it and told in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.policy.model import Policy


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The acts that can be given to roles, each in words, and the kinds of record that owe something.

    `of` holds the acts that belong to what a policy may be silent about, each with the key that speaks of it.
    A catalogue has one, known by itself and not by what it holds.
    """

    acts: Mapping[str, str]
    owing: frozenset[str]
    of: Mapping[str, str] = field(default_factory=dict)

    def unasked(self, policy: "Policy", act: str) -> bool:
        """Whether the policy is silent about what the act belongs to, so that nobody is ever asked for it."""
        return act in self.of and not reduce(getattr, self.of[act].split("."), policy)
