"""YAML with the line of every key, so that an error can name it.

A policy is edited in one place and read again as a whole, so what stands beneath each of its first keys is kept by its
text: the other keys of an edited policy are not read again.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.reader import Reader

from events.errors import PolicyError
from services.policy.key_path import KeyPath
from services.policy.text import unreadable


class _Told(yaml.constructor.SafeConstructor):
    """A value that is not of the kind that its tag names is a mistake of the file, at its line."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - as it is called
        try:
            return super().construct_object(node, deep)
        except (ValueError, KeyError, AttributeError) as error:  # what the kinds of YAML 1.1 raise for it, unmarked
            kind = node.tag.rpartition(":")[2]
            said = f"{node.value!r} is no {kind}: leave the tag out"
            raise yaml.constructor.ConstructorError(None, None, said, node.start_mark) from error


class _Plain(_Told, yaml.SafeLoader):
    """YAML as a reader takes it: `on` and `no` are words and 08:00 is a time, unlike in YAML 1.1; dates are text."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":int", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))


def _quick() -> Callable[[str], Any]:
    """The same with the parser of libyaml where it is there, in a quarter of the time: every process reads policies.

    It composes in Python, which stops at a text that is nested too deeply; composing in C, it would end the process.
    """
    if not yaml.__with_libyaml__:
        return _Plain

    class Quick(Composer, _Told, yaml.CSafeLoader):
        yaml_implicit_resolvers = _Plain.yaml_implicit_resolvers

        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

    return Quick


_Quick = _quick()

KEPT = 16
"""Texts that stay as they were read: a check asks three times for what stands where, and five frameworks extend the
three parts of one base."""

ENTRIES = 128
"""First keys whose texts stay as they were read: five frameworks and their base have a hundred and seven."""

_BEGINS = re.compile(r"^(?=[^ #\n])", re.MULTILINE)
_NOTHING = re.compile(r"(?: *(?:#.*)?\n)*")
_KEY = re.compile(r"[A-Za-z]\w*:[ \n]")
_ELSEWHERE = re.compile(f"[\r\x85\u2028\u2029\ufeff]|{Reader.NON_PRINTABLE.pattern}")
_ANCHOR = re.compile(r"&[\w-]+")

QUOTES = "put a text with a colon into quotes"
HINTS = {
    "found character '\\t'": "indent with blanks, not with tabs",
    "but got ':'": QUOTES,
    "mapping values are not allowed": QUOTES,
}
"""What is mostly behind what the reader of YAML says."""


def _hint(problem: str | None) -> str:
    return next((f" ({hint})" for said, hint in HINTS.items() if said in (problem or "")), "")


@lru_cache(maxsize=KEPT)
def read_yaml(path: Path, text: str) -> tuple[object, dict[KeyPath, int]]:
    """The content of the file's text and the line of each key; who asks again has the very same, and changes nothing.

    Raises PolicyError for text that is no YAML or a key given twice.
    """
    if (known := _by_entries(text)) is not None:
        return known
    try:
        try:
            return _read(_Quick(text), path)
        except yaml.YAMLError:
            return _read(_Plain(text), path)  # it names what is wrong, and its HINTS, as the documentation does
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyError(
            f"{path}:{line}", "(file)", f"not valid YAML: {error.problem}{_hint(error.problem)}"
        ) from error
    except RecursionError as error:
        raise PolicyError(f"{path}:1", "(file)", "a part of the file contains itself") from error
    except yaml.YAMLError as error:
        raise unreadable(path, error) from error


def _by_entries(text: str) -> tuple[object, dict[KeyPath, int]] | None:
    """What `read_yaml` gives, put together of the texts of the first keys; None where they do not stand by themselves.

    They do where each is sound YAML alone: what begins in one and ends in another (a quotation, a list in brackets, an
    anchor) leaves neither so. What says something about the whole, ends lines in a way of its own or may not stand
    anywhere, is read as one.
    """
    head, *entries = _BEGINS.split(text)
    anchors = _ANCHOR.findall(text)
    if not entries or not _NOTHING.fullmatch(head) or _ELSEWHERE.search(text) or len(anchors) > len(set(anchors)):
        return None
    line = head.count("\n")
    content: dict[object, object] = {}
    lines: dict[KeyPath, int] = {(): line + 1}
    for each in entries:
        read = _entry(each)
        if read is None or read[0] in content:
            return None
        key, content[key], within = read
        lines.update((place, line + below) for place, below in within)
        line += each.count("\n")
    return content, lines


@lru_cache(maxsize=ENTRIES)
def _entry(text: str) -> tuple[object, object, tuple[tuple[KeyPath, int], ...]] | None:
    """The one key that the text holds, what it says, and the lines beneath it; None where the text is anything else."""
    if not _KEY.match(text):
        return None
    try:
        content, lines = _read(_Quick(text), Path())
    except (yaml.YAMLError, PolicyError, RecursionError):  # it is told of the whole, by its line there
        return None
    if not isinstance(content, dict) or len(content) != 1:
        return None
    [(key, said)] = content.items()
    return key, said, tuple((place, line) for place, line in lines.items() if place)


def _read(loader: Any, path: Path) -> tuple[object, dict[KeyPath, int]]:
    node = loader.get_single_node()
    if node is None:
        raise PolicyError(f"{path}:1", "(file)", "the file is empty")
    lines = dict(_lines(node, (), path))
    return loader.construct_document(node), lines


def _lines(node: yaml.Node, at: KeyPath, path: Path) -> Iterator[tuple[KeyPath, int]]:
    yield at, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                where = ".".join(map(str, at)) or "(file)"
                raise PolicyError(f"{path}:{key.start_mark.line + 1}", where, "a key is a plain word")
            if key.value in seen:
                where = ".".join(map(str, (*at, key.value)))
                raise PolicyError(f"{path}:{key.start_mark.line + 1}", where, "the key is given twice")
            seen.add(key.value)
            yield from _lines(value, (*at, key.value), path)
            yield (*at, key.value), key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*at, index), path)


def line_of(lines: dict[KeyPath, int], key: KeyPath) -> int:
    """The line of a key, or of the nearest key around it."""
    while key not in lines and key:
        key = key[:-1]
    return lines.get(key, 1)
