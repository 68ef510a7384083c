"""What the parts of the domain know, as far as a policy is checked against it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """The acts that can be given to roles, and the kinds of record that owe something."""

    acts: frozenset[str]
    owing: frozenset[str]
