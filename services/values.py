"""States as plain values that JSON can hold, and back: dataclasses, facts, dates, and collections of them.

Every value that JSON would change says its kind, so that what comes back is equal to what was given. Nothing here is a
format that stays: who reads it has the very text of the program that wrote it.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any

from events import registry
from events.base import Fact

ROOMS = ("events.", "services.")
"""Whose classes may stand in a state."""

PLAIN = frozenset({type(None), str, int, bool, float})
"""What JSON holds as it is."""

_COLLECTIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
}


def to_plain(value: Any) -> Any:
    """The value in plain terms. TypeError for what nobody could make again of them."""
    kind: type[object] = type(value)
    said = value if kind in PLAIN else _said_of(kind)(value)  # type: ignore[arg-type]  # every class can be hashed
    return said if kind in PLAIN else [_called(kind), *said]


def from_plain(plain: Any) -> Any:
    """The value that was put in these terms. ValueError or TypeError for what is none."""
    if not isinstance(plain, list):
        return plain
    if not plain or plain[0] not in _MADE:
        raise ValueError("a value of no kind that is known")
    return _MADE[plain[0]](*plain[1:])


def _called(kind: type[object]) -> str:
    if issubclass(kind, Fact):
        return "fact"
    return "of" if is_dataclass(kind) else kind.__name__


@cache
def _said_of(kind: type[object]) -> Callable[[Any], list[Any]]:
    """How values of that very class are said behind its name."""
    if issubclass(kind, Fact):
        return lambda value: [value.stored_name, registry.encode(value).decode()]
    if is_dataclass(kind) and kind.__module__.startswith(ROOMS):
        name, names = f"{kind.__module__}:{kind.__qualname__}", _names(kind)
        return lambda value: [name, [to_plain(getattr(value, each)) for each in names]]
    if kind in {date, datetime}:
        return lambda value: [value.isoformat()]
    if kind is dict:
        return lambda value: [[[to_plain(name), to_plain(each)] for name, each in value.items()]]
    if kind in _COLLECTIONS.values():
        return lambda value: [[to_plain(each) for each in value]]
    raise TypeError(f"{kind.__name__} has no plain form")


def _fact(name: str, body: str) -> Fact:
    return registry.decode(name, body.encode())


def _of(name: str, held: list[Any]) -> Any:
    kind = _named(name)
    return kind(**dict(zip(_names(kind), map(from_plain, held), strict=True)))  # type: ignore[arg-type]  # as above


def _collected(make: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    return lambda held: make([from_plain(each) for each in held])


_MADE: Mapping[str, Callable[..., Any]] = {
    "fact": _fact,
    "of": _of,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "dict": lambda pairs: {from_plain(name): from_plain(each) for name, each in pairs},
    **{name: _collected(make) for name, make in _COLLECTIONS.items()},
}


@cache
def _names(kind: type[object]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))  # type: ignore[arg-type]  # a dataclass, as who asks has seen


@cache
def _named(name: str) -> type[object]:
    """The dataclass of that name. ValueError or TypeError for what is none of ours."""
    module, _, within = name.partition(":")
    if not module.startswith(ROOMS):
        raise ValueError(f"{module} is no module of ours")
    found: Any = import_module(module)
    for part in within.split("."):
        found = getattr(found, part)
    if not isinstance(found, type) or not is_dataclass(found):
        raise TypeError(f"{name} is no dataclass")
    return found
