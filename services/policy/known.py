"""What the parts of the domain know, as far as a policy is checked against it and told in words."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The acts that can be given to roles, each in words, and the kinds of record that owe something.

    A catalogue has one, known by itself and not by what it holds.
    """

    acts: Mapping[str, str]
    owing: frozenset[str]
