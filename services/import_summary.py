"""What became of the lines of an import: counted, and named where something was refused or should be looked at."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.core.command import Command


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was not carried out: its number, its command as far as it could be read, and why.

    Where a field of the command was refused, `field` names it and `rule` is the reason without it. `file` is the file
    that it stands in, as it was named.
    """

    line: int
    command: str
    reason: str
    field: str = ""
    rule: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """A line that was carried out but should be looked at again: its number, its command, why, and its file."""

    line: int
    command: str
    warning: str
    file: str = ""


Result = Literal["accepted", "repeated"] | Rejection


@dataclass(slots=True)
class Summary:
    """What became of the lines.

    Of those that were accepted, `history` counts what was recorded as history, `unnamed` what happened now and
    brought no id (imported again, it happens again), and `unverified` what the directory did not bear out.
    """

    accepted: int = 0
    repeated: int = 0
    events: int = 0
    history: int = 0
    unnamed: int = 0
    unverified: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """The number of lines that were not carried out."""
        return len(self.rejections)

    def count(self, result: Result, command: Command, *, live: bool) -> None:
        """Count one line; `live` says that also what happened before now is told of."""
        match result:
            case "accepted":
                self.accepted += 1
                self.history += command.at is not None and not live
                self.unnamed += command.at is None and command.id is None
            case "repeated":
                self.repeated += 1
            case rejection:
                self.rejections.append(rejection)


def counted(rejections: Sequence[Rejection]) -> list[tuple[str, int]]:
    """The reasons for refusal with how often each was given, most frequent first."""
    return Counter(each.reason for each in rejections).most_common()
