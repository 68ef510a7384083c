"""What a mistake in a policy file consists of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """An edit of Torbay's file; `mark` is text on the line that must be named, in the edited file."""

    id: str
    old: str
    new: str
    mark: str
    key: str
    rule: str
