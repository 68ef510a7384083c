"""Every command and every kind of record, made from the parts of the domain: tables that others look in."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from events.errors import NotFound
from events.recorded import Recorded
from services.core.command import Command, command_name
from services.core.part import Act, Gate, Part, Warn
from services.core.reactions import Reactions
from services.core.reading import Reader
from services.core.record import Kind, Record
from services.core.writing import Loader
from services.kinds import Kinds
from services.policy.known import Known

T = TypeVar("T")


class Catalogue:
    """What the parts declare, by the questions that are asked of it. Refuses to be made of parts that contradict.

    `parse` makes a line a command, `json_schema` describes all of them (see `services.core.reading`). `gates` holds by
    the name of a command what is asked before it: by its own act, then by other parts. `warnings` holds by the name of
    a kind what is looked for in the events of its records, `reactions` what facts mean for other records.
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = tuple(parts)
        self.kinds: Mapping[str, Kind] = _once((each.name, each) for part in self.parts for each in part.kinds)
        self.acts: Mapping[str, Act] = _once(
            (command_name(each.command), each) for part in self.parts for each in part.acts
        )
        others = ((name, gate) for part in self.parts for name, gate in part.gates.items())
        own = ((name, act.gate) for name, act in self.acts.items())
        self.gates: Mapping[str, tuple[Gate, ...]] = _gathered((*own, *others))
        self.reactions = Reactions(each for part in self.parts for each in part.reactions)
        self.warnings: Mapping[str, tuple[Warn, ...]] = _gathered(
            (kind.name, warn) for part in self.parts for kind in part.kinds for warn in part.warnings
        )
        words = _once((each.word, name) for name, each in self.kinds.items())
        self.named = Kinds(
            {name: word for word, name in words.items()},
            tuple(each.name for each in self.kinds.values() if each.owes),
            {each.name: part.name for part in self.parts for each in part.kinds},
        )
        reader = Reader(self.commands, self.stored)
        self.parse, self.json_schema = reader.parse, reader.json_schema

    @property
    def owing(self) -> tuple[str, ...]:
        """The kinds of record that owe something: what is done about them starts clocks."""
        return self.named.owing

    @cached_property
    def worked_out(self) -> tuple[str, ...]:
        """How the names of the records begin whose obligations are worked out: armed, swept, planned and shown."""
        return tuple(f"{kind}/" for kind in self.owing)

    @cached_property
    def powers(self) -> Mapping[str, str]:
        """Every act that a policy can give to roles, with what it is in words."""
        orders = {name: act.in_words for name, act in self.acts.items()}
        return orders | {power: words for part in self.parts for power, words in part.powers.items()}

    def word(self, kind: str) -> str:
        """What people call a kind; what is no kind is called as it is."""
        return self.named.word(kind)

    def called(self, record: str) -> str:
        """A record as people read it and may write it, such as `task/T-2026-05`, by its stored name."""
        return self.named.called(record)

    def stored(self, record: str) -> str:
        """The stored name of a record, by that or by the one that people read."""
        return self.named.stored(record)

    @cached_property
    def known(self) -> Known:
        """What a policy is checked against."""
        of = {name: act.of for name, act in self.acts.items() if act.of}
        return Known(self.powers, frozenset(self.owing), of)

    @property
    def commands(self) -> Mapping[str, type[Command]]:
        """Every command by its name."""
        return {name: act.command for name, act in self.acts.items()}

    def knows(self, aggregate: str) -> bool:
        """Whether it is the name of a record of one of the kinds."""
        return aggregate.partition("/")[0] in self.kinds

    def kind_of(self, aggregate: str) -> Kind:
        """The kind of a record, by its name. NotFound for a kind that no part declares."""
        kind = self.kinds.get(aggregate.partition("/")[0])
        if kind is None:
            raise NotFound("kind of record,", aggregate.partition("/")[0])
        return kind

    def record(self, aggregate: str, history: Iterable[Recorded]) -> Record:
        """The record as its history leaves it. NotFound for a kind that no part declares."""
        return Record.of(aggregate, self.kind_of(aggregate), history)

    def opened(self, aggregate: str, store: Loader) -> Record:
        """The record as it stands in a store, from its snapshot on. NotFound for a kind that no part declares."""
        return Record.opened(aggregate, self.kind_of(aggregate), store)

    def record_of(self, history: Sequence[Recorded]) -> Record:
        """The record that a history, of one event at least, belongs to."""
        return self.record(history[0].originator_id, history)


def _gathered(named: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, tuple[T, ...]] = {}
    for name, each in named:
        found[name] = (*found.get(name, ()), each)
    return found


def _once(named: Iterable[tuple[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, each in named:
        if name in found:
            raise ValueError(f"{name} is declared twice")
        found[name] = each
    return found
