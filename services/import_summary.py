"""What became of the lines of an import: counted, and named where something was refused or should be looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from services.core.command import Command
from services.spilled import Spilled


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


def rejections() -> Spilled[Rejection]:
    """None yet of the lines that were refused; they are told in their order."""
    return Spilled(
        lambda each: (each.file, each.line),
        lambda each: [each.line, each.command, each.reason, each.field, each.rule, each.file],
        lambda values: Rejection(*values),
    )


def warnings() -> Spilled[Warned]:
    """None yet of the lines that should be looked at again; they are told in their order."""
    return Spilled(
        lambda each: (each.file, each.line),
        lambda each: [each.line, each.command, each.warning, each.file],
        lambda values: Warned(*values),
    )


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
    rejections: Spilled[Rejection] = field(default_factory=rejections)
    warnings: Spilled[Warned] = field(default_factory=warnings)

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


MOST_REASONS = 20_000
"""Reasons that are counted at once. A reason may name its record, so that there are as many as lines."""


def counted(rejections: Iterable[Rejection]) -> list[tuple[str, int]]:
    """The reasons for refusal with how often each was given, most frequent first.

    Of very many different ones those that were rare so far are counted anew, or not at all.
    """
    found = Counter[str]()
    for each in rejections:
        found[each.reason] += 1
        if len(found) > MOST_REASONS:
            found = Counter(dict(found.most_common(MOST_REASONS // 2)))
    return found.most_common()
