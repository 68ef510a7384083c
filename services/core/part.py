"""What a part of the domain declares of itself, in its `module`: everything else follows from it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from events.base import Fact
from events.recorded import Recorded
from services.core.command import Command, command_name
from services.core.record import Kind, Record, Stages
from services.core.situation import Decided, Situation
from services.obligations.model import OwedBy
from services.policy.describe.wording import article
from services.policy.model import Policy

Decide = Callable[[Any, Any, Situation], Iterable[Fact]]
"""What follows from a command on its record, given the command and the record's state; Refused if nothing may."""

Gate = Callable[[Any, Situation], None]
"""Refused unless the command may be carried out now."""

Warn = Callable[[Recorded, Record, Policy, OwedBy], Iterable[str]]
"""What is odd about an event, given its record as the event leaves it. A warning refuses nothing."""


def _open(_command: Command, _situation: Situation) -> None:
    """There is nothing to be asked first."""


@dataclass(frozen=True)
class Act:
    """A command with what is decided from it.

    `before` is asked before the actor's role is, `gate` after it: both refuse what the record does not allow now.
    `stages` are those in which the act may be given, of a record whose kind has stages; None where that is asked of the
    kind (see `Kind.stages`), or nowhere. An act that begins a record has none. `words` say what a role may do to whom
    a policy gives the act, where its name does not say it as `audit.moderate` does. `of` is the key of a policy without
    which nobody is ever asked for it: one that is silent there need not speak of the act.
    """

    command: type[Command]
    decide: Decide
    before: Gate = _open
    gate: Gate = _open
    stages: Stages | None = None
    words: str = ""
    of: str = ""

    def __post_init__(self) -> None:
        """Refuse to be an act whose name is not enough, and which has no words."""
        if not self.words and "_" in command_name(self.command):
            raise ValueError(f"{command_name(self.command)} needs words: its name does not say what it is")

    @property
    def in_words(self) -> str:
        """What it is to do it: `moderate an audit`."""
        thing, _, verb = command_name(self.command).partition(".")
        return self.words or f"{verb} {article(thing)}"


@dataclass(frozen=True)
class Reaction:
    """What a fact of one record means for others: further facts, in the same batch.

    `decide` is given the fact and the situation in which it was decided, whose `record` is as it stood before.
    """

    to: tuple[type[Fact], ...]
    decide: Callable[[Any, Situation], Iterator[Decided]]


@dataclass(frozen=True)
class Part:
    """A part of the domain: its kinds of record, its acts, its reactions and its warnings.

    `gates` are asked before acts of other parts, by the name of the command. `warnings` look at the events of the
    part's own kinds of record. `powers` are acts that a policy gives to roles like any other, and that no command
    orders, each with its words.
    """

    name: str
    kinds: tuple[Kind, ...] = ()
    acts: tuple[Act, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    gates: Mapping[str, Gate] = field(default_factory=dict)
    warnings: tuple[Warn, ...] = ()
    powers: Mapping[str, str] = field(default_factory=dict)
