"""Every command and every kind of record in one place, made from the parts of the domain."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from events.base import Fact
from events.errors import NotFound, Refused
from events.recorded import Recorded
from services.core.command import Aside, Command, command_name
from services.core.faults import rule_of
from services.core.part import Act, Gate, Part, Reaction, Warn
from services.core.record import Kind, Record
from services.core.situation import Decided, Situation
from services.core.soundness import require_single_lines, require_sound
from services.obligations.model import OwedBy
from services.policy.known import Known
from services.policy.model import Policy

COMMAND_IN_A_LINE = re.compile(rb'"command"\s*:\s*"([A-Za-z_]{1,40}(?:\.[A-Za-z_]{1,40})?)"')
"""The name of a command in a line that may be no JSON."""

NEAREST, LONGEST_SHOWN = 3, 60

T = TypeVar("T")


class Catalogue:
    """What the parts declare, by the questions that are asked of it. Refuses to be made of parts that contradict."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = tuple(parts)
        self.kinds: Mapping[str, Kind] = _once((each.name, each) for part in self.parts for each in part.kinds)
        self.acts: Mapping[str, Act] = _once(
            (command_name(each.command), each) for part in self.parts for each in part.acts
        )

    @property
    def owing(self) -> tuple[str, ...]:
        """The kinds of record that owe something: what is done about them starts clocks."""
        return tuple(kind.name for kind in self.kinds.values() if kind.owes)

    @cached_property
    def worked_out(self) -> tuple[str, ...]:
        """How the names of the records begin whose obligations are worked out: armed, swept, planned and shown."""
        return tuple(f"{kind}/" for kind in self.owing)

    @property
    def powers(self) -> Mapping[str, str]:
        """Every act that a policy can give to roles, with what it is in words."""
        orders = {name: act.in_words for name, act in self.acts.items()}
        return orders | {power: words for part in self.parts for power, words in part.powers.items()}

    @cached_property
    def known(self) -> Known:
        """What a policy is checked against."""
        return Known(self.powers, frozenset(self.owing))

    @property
    def commands(self) -> Mapping[str, type[Command]]:
        """Every command by its name."""
        return {name: act.command for name, act in self.acts.items()}

    def knows(self, aggregate: str) -> bool:
        """Whether it is the name of a record of one of the kinds."""
        return aggregate.partition("/")[0] in self.kinds

    def record(self, aggregate: str, history: Iterable[Recorded]) -> Record:
        """The record as its history leaves it. NotFound for a kind that no part declares."""
        kind = self.kinds.get(aggregate.partition("/")[0])
        if kind is None:
            raise NotFound("kind of record,", aggregate.partition("/")[0])
        return Record.of(aggregate, kind, history)

    def record_of(self, history: Sequence[Recorded]) -> Record:
        """The record that a history, of one event at least, belongs to."""
        return self.record(history[0].originator_id, history)

    def gates(self, command: str) -> tuple[Gate, ...]:
        """What must be so before the command is carried out, by the word of other parts."""
        return self._gates.get(command, ())

    @cached_property
    def _gates(self) -> Mapping[str, tuple[Gate, ...]]:
        return _gathered((command, gate) for part in self.parts for command, gate in part.gates.items())

    def follow_on(self, decided: Sequence[Decided], situation: Situation) -> Iterator[Decided]:
        """What the facts that were decided mean for other records."""
        told = {type(each.fact) for each in decided}
        if told.isdisjoint(self._reacted_to):
            return
        for reaction in self._reactions:
            for each in decided:
                if type(each.fact) in reaction.to:
                    yield from reaction.decide(each.fact, situation)

    @cached_property
    def _reactions(self) -> tuple[Reaction, ...]:
        return tuple(each for part in self.parts for each in part.reactions)

    @cached_property
    def _reacted_to(self) -> frozenset[type[Fact]]:
        """The facts that mean anything for other records. A contract is a class of its own, and no other's base."""
        return frozenset(to for each in self._reactions for to in each.to)

    def warnings(self, recorded: Recorded, record: Record, policy: Policy, owed_by: OwedBy) -> Iterator[str]:
        """What is odd about an event, given its record as the event leaves it."""
        for warn in self._warnings.get(record.kind.name, ()):
            yield from warn(recorded, record, policy, owed_by)

    @cached_property
    def _warnings(self) -> Mapping[str, tuple[Warn, ...]]:
        return _gathered((kind.name, warn) for part in self.parts for kind in part.kinds for warn in part.warnings)

    @cached_property
    def _adapter(self) -> TypeAdapter[Command]:
        union: Any = reduce(or_, self.commands.values())
        form: Any = Annotated[union, Field(discriminator="command")]
        return TypeAdapter(form)

    def parse(self, line: bytes | str) -> Command:
        """The command in a line of JSON. Raises Refused naming the first field at fault and its rule."""
        try:
            command = self._adapter.validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            if first["type"] == "json_invalid":
                raise Refused("line", f"this is no JSON: {first['ctx']['error']}") from error
            if first["type"].startswith("union_tag"):
                raise Refused("command", self._which(first["ctx"].get("tag"))) from error
            # The first part of the place is the command's own name, which the reader knows.
            field = ".".join(str(part) for part in first["loc"] if part not in self.acts) or "line"
            raise Refused(field, rule_of(first)) from error
        text = line.decode() if isinstance(line, bytes) else line
        require_sound(text)
        if "\\" in text:  # what needs no escape in JSON is of one line
            require_single_lines(command.model_dump(mode="json", by_alias=True, context=Aside()))
        return command

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of every command, as one schema that picks by `command`."""
        schema = self._adapter.json_schema(ref_template="#/$defs/{model}")
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Sightline command", **schema}

    def _which(self, written: str | None) -> str:
        """What to write instead of an unknown command: the nearest names."""
        if written is None:
            return "is needed, such as audit.allocate; `sightline schema` lists all"
        lower = written.lower()[:LONGEST_SHOWN]
        by_last_word = {name.partition(".")[2]: name for name in self.acts}
        close = get_close_matches(lower, self.acts, n=NEAREST) + [
            by_last_word[word] for word in get_close_matches(lower.rpartition(".")[2], by_last_word, n=NEAREST)
        ]
        nearest = list(dict.fromkeys(close))[:NEAREST]
        shown = written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}…"
        near = f"did you mean {' or '.join(nearest)}?" if nearest else "`sightline schema` lists all"
        return f"there is no command {ascii(shown)[1:-1]}; {near}"


def read_command(line: bytes) -> str:
    """The command that a line names, however broken the line is; empty where it names none that could be one."""
    found = COMMAND_IN_A_LINE.search(line)
    return found[1].decode() if found else ""


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
