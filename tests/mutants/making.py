"""The mutants of a policy file: each with one entry removed, one figure moved by one, or one word exchanged.

They are made in the text where they stand, so that everything else of the file stays as it is: tests that edit the
file find their places. What is mutated is what decides; words that are only read (titles, sources) are left alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.events import AliasEvent

from services.policy.key_path import KeyPath

ALIAS = "!alias"
READ_ONLY = frozenset(
    {"source", "title", "name", "authority", "version", "effective_from", "framework", "lines", "knowingly", "called"}
)
"""Keys beneath which nothing is decided: names, what people read, and where it stands in the paper."""

NAMES = frozenset({"grades", "overall", "sections", "sets", "strands", "age_bands"})
PERSONS = ("auditor", "moderator", "worker", "action_owner")
"""Who may stand in the place of a role: those whom the audit itself names."""

UNITS = (
    ("working days", "days"),
    ("working day", "day"),
    ("days", "working days"),
    ("day", "working day"),
    ("weeks", "months"),
    ("week", "month"),
    ("months", "weeks"),
    ("month", "quarter"),
    ("quarter", "month"),
    ("half-year", "quarter"),
    ("year", "quarter"),
    ("hours", "days"),
    ("team", "service"),
    ("service", "team"),
)
"""What a unit is exchanged for: the first that a text has."""

NUMBER = re.compile(r"(?<![\w.–-])\d+(?![\w.]|[–-]\d)")
HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
ANCHOR = re.compile(r"&(\w+)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Mutant:
    """One change of a policy: where, what, and what stands there then instead of the text from `start` to `end`."""

    key: KeyPath
    place: str
    change: str
    line: int
    start: int
    end: int
    instead: str = ""

    @property
    def name(self) -> str:
        return f"{self.place}: {self.change}"

    def of(self, text: str) -> str:
        """The file's text with this change."""
        return f"{text[: self.start]}{self.instead}{text[self.end :]}"


class _Reader(Composer, yaml.CSafeLoader):
    """Composes the nodes with their places; an alias stands for itself, not for what it repeats."""

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(AliasEvent):
            event: Any = self.get_event()
            return yaml.ScalarNode(ALIAS, event.anchor, event.start_mark, event.end_mark)
        return super().compose_node(parent, index)  # type: ignore[arg-type]  # the stubs know no index of a pair


def nodes(text: str) -> Iterator[tuple[KeyPath, str, yaml.Node]]:
    """Each value of a file with its keys, and with its place in the names that the file gives."""
    yield from _beneath((), "", _root(text))


def _root(text: str) -> yaml.Node:
    found = _Reader(text).get_single_node()
    assert isinstance(found, yaml.MappingNode), "a policy is a mapping"
    return found


def _beneath(key: KeyPath, place: str, node: yaml.Node) -> Iterator[tuple[KeyPath, str, yaml.Node]]:
    yield key, place, node
    if isinstance(node, yaml.MappingNode):
        for held, value in node.value:
            yield from _beneath((*key, held.value), f"{place}.{held.value}".lstrip("."), value)
    elif isinstance(node, yaml.SequenceNode):
        for number, (value, word) in enumerate(zip(node.value, _words(node), strict=True)):
            yield from _beneath((*key, number), f"{place}.{word}", value)


def _words(items: yaml.SequenceNode) -> list[str]:
    """What each item of a list is called: by its name or its own text, and by its place where two would be alike."""
    words = [_called(each, str(number)) for number, each in enumerate(items.value)]
    return [word if words.count(word) == 1 else f"{word}#{number}" for number, word in enumerate(words)]


def _called(node: yaml.Node, otherwise: str) -> str:
    if isinstance(node, yaml.ScalarNode):
        return f"[{node.value}]"
    if isinstance(node, yaml.MappingNode):
        held = {key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
        named = [held[each] for each in ("name", "block", "title", "of", "entries") if each in held]
        return named[0] if "name" in held else "/".join(named) or otherwise
    return otherwise


def mutants_of(text: str, seed: int = 0, whole: str = "") -> list[Mutant]:
    """Every mutant of the file, in its order. The same seed exchanges for the same roles.

    What is exchanged are the roles and grades of the `whole` policy, of which the file may be a part.
    """
    root = _root(text)
    held = {key.value: value for key, value in _root(whole or text).value}
    roles = [key.value for key, _ in held["roles"].value] if "roles" in held else []
    words = _Exchange(roles, _grades(held.get("grades")), seed)
    found = [*_removed(text, (), "", root), *_changed(text, words)]
    return sorted(found, key=lambda each: (each.line, each.name))


def _grades(node: yaml.Node | None) -> tuple[list[str], list[str]]:
    """The names of the sets of grades, and the grades best first."""
    if not isinstance(node, yaml.MappingNode):
        return [], []
    held = {key.value: value for key, value in node.value}
    sets = [key.value for key, _ in held["sets"].value] if "sets" in held else []
    lists = [held[each] for each in ("overall", "sections") if isinstance(held.get(each), yaml.SequenceNode)]
    return sets, list(dict.fromkeys(grade.value for each in lists for grade in each.value))


# Removing


def _removed(text: str, key: KeyPath, place: str, node: yaml.Node) -> Iterator[Mutant]:
    if isinstance(node, yaml.MappingNode):
        pairs = node.value
        for number, (held, value) in enumerate(pairs):
            if held.value in READ_ONLY or held.value == "<<":
                continue
            if not _is_flag(value):
                span = _pair(text, node, number)
                at = (*key, held.value)
                yield from _without(text, span, (at, f"{place}.{held.value}".lstrip("."), held))
            yield from _removed(text, (*key, held.value), f"{place}.{held.value}".lstrip("."), value)
    elif isinstance(node, yaml.SequenceNode):
        for number, (value, word) in enumerate(zip(node.value, _words(node), strict=True)):
            yield from _without(text, _item(text, node, number), ((*key, number), f"{place}.{word}", value))
            yield from _removed(text, (*key, number), f"{place}.{word}", value)


def _is_flag(node: yaml.Node) -> bool:
    """A flag is turned; to remove it as well would mostly be the same."""
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in {"true", "false"}


def _without(text: str, span: tuple[int, int], of: tuple[KeyPath, str, yaml.Node]) -> Iterator[Mutant]:
    (start, end), (key, place, node) = span, of
    shared = [each for each in ANCHOR.findall(text, start, end) if re.search(rf"\*{each}\b", text[end:])]
    if not shared:  # what others repeat cannot be taken away here alone: its parts are mutated for all of them
        yield Mutant(key, place, "removed", node.start_mark.line + 1, start, end)


def _end(node: yaml.Node) -> int:
    """Where what it says ends; the mark of a block stands at whatever comes next."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _pair(text: str, node: yaml.MappingNode, number: int) -> tuple[int, int]:
    pairs = node.value
    start, end = pairs[number][0].start_mark.index, _end(pairs[number][1])
    if not node.flow_style:
        if number + 1 < len(pairs):
            return start, pairs[number + 1][0].start_mark.index
        if len(pairs) == 1:
            return start, end  # the key above it then holds nothing
        return text.rindex("\n", 0, start), end
    if number + 1 < len(pairs):
        return start, pairs[number + 1][0].start_mark.index
    return (_end(pairs[number - 1][1]), end) if number else (start, end)


def _item(text: str, node: yaml.SequenceNode, number: int) -> tuple[int, int]:
    items = node.value
    start, end = items[number].start_mark.index, _end(items[number])
    if not node.flow_style:
        return text.rindex("\n", 0, text.rindex("-", 0, start)), end
    if number + 1 < len(items):
        return start, items[number + 1].start_mark.index
    return (_end(items[number - 1]), end) if number else (start, end)


# Moving and exchanging


@dataclass(frozen=True)
class _Exchange:
    roles: Sequence[str]
    grades: tuple[list[str], list[str]]
    seed: int

    def of(self, key: KeyPath, place: str, node: yaml.ScalarNode) -> Iterator[tuple[str, str]]:
        """What a value is changed to, each with what is said of it."""
        said = node.value
        plain = not node.style
        if plain and said in {"true", "false"}:
            yield f"{said} turned", "false" if said == "true" else "true"
            return
        for each in self._moved(said):
            yield f"{said} moved to {each}", each
        for each in self._exchanged(key, place, said):
            yield f"{said} exchanged for {each}", each

    def _moved(self, said: str) -> Iterator[str]:
        if DAY.fullmatch(said):
            yield (date.fromisoformat(said) + timedelta(days=1)).isoformat()
            return
        if HOUR.search(said):
            yield HOUR.sub(lambda found: f"{(int(found[1]) + 1) % 24:02}:{found[2]}", said, count=1)
            return
        for found in NUMBER.finditer(said):
            yield f"{said[: found.start()]}{int(found[0]) + 1}{said[found.end() :]}"

    def _exchanged(self, key: KeyPath, place: str, said: str) -> Iterator[str]:
        first, _, rest = said.partition(" ")
        sets, scale = self.grades
        if first in {*self.roles, *PERSONS} and (not rest or rest.startswith("of ")):
            others = [each for each in self.roles if each != first]
            if others:
                another = Random(f"{self.seed} {place}").choice(others)  # noqa: S311 - a seed, and no secret
                yield f"{another} {rest}".strip()
        elif said in sets:
            if len(sets) > 1:
                yield sets[(sets.index(said) + 1) % len(sets)]
        elif said in scale:
            yield scale[(scale.index(said) + 1) % len(scale)]
        elif not {"options", "questions", "strands", "sections", "age_bands"} & {key[-2:][0]}:
            unit = next((each for each in UNITS if re.search(rf"\b{each[0]}\b", said)), None)
            if unit:
                yield re.sub(rf"\b{unit[0]}\b", unit[1], said, count=1)


def _changed(text: str, words: _Exchange) -> Iterator[Mutant]:
    for key, place, node in nodes(text):
        if READ_ONLY & set(key) or not isinstance(node, yaml.ScalarNode) or node.tag == ALIAS:
            continue
        start, end = node.start_mark.index, node.end_mark.index
        if "\n" in text[start:end] or text[start:end].startswith("&"):
            continue
        for change, value in words.of(key, place, node):
            written = f"{node.style}{value}{node.style}" if node.style in {'"', "'"} else value
            yield Mutant(key, place, change, node.start_mark.line + 1, start, end, written)
