"""YAML with the line of every key, so that an error can name it."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer

from events.errors import PolicyError
from services.policy.text import unreadable

KeyPath = tuple[str | int, ...]


class _Plain(yaml.SafeLoader):
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

    class Quick(Composer, yaml.CSafeLoader):
        yaml_implicit_resolvers = _Plain.yaml_implicit_resolvers

        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

    return Quick


_Quick = _quick()

KEPT = 16
"""Texts that stay as they were read: a check asks three times for what stands where, and five frameworks extend the
three parts of one base."""

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
