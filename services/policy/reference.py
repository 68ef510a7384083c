"""The reference of the language: every key with what it promises, what it may be, its default and an example.

The page is made of the model and of `keys.yaml`. Nothing in it is written twice, and a key without words has no place:
asking for the page raises KeyError for one.
"""

import typing
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from services.policy.expressions import Addressee, Moment, Span
from services.policy.files import Files
from services.policy.model import Policy
from services.policy.tasks import TaskClock, Way
from services.policy.yearly import Yearly

KEYS = Path(__file__).with_name("keys.yaml")
ALIKE: Mapping[type[BaseModel], type[BaseModel]] = {TaskClock: Way}
"""Parts whose keys are those of another part as well."""

NAMES: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a day, such as 2026-03-31",
    time: "an hour, such as 08:00",
    Decimal: "a number",
    Span: "a span, such as `5 working days`",
    Moment: "a day, such as `due - 1 week`",
    Yearly: "days of a year, such as `25 December to 1 January`",
    Addressee: "somebody, such as `team_manager of child`",
}


def reference() -> str:
    """The page, in Markdown: a chapter for each part of the language, in the order in which a file leads to them."""
    lines = [
        "# The policy language",
        "",
        "Made from the model. Each key: what it promises, what it may be, an example. Below the keys stand the words",
        "that rules are written with: who is told, from which day, what can happen, and which acts there are.",
    ]
    for part in parts():
        lines += ["", f"## {part.__name__}", "", *_about(part), ""]
        for name, field in part.model_fields.items():
            says, example = words_of(part, name)
            lines += [f"- **`{field.alias or name}`** ({_kind(field)}). {says}", "", *_shown(field, name, example), ""]
    return "\n".join(lines).rstrip() + "\n"


@cache
def parts() -> tuple[type[BaseModel], ...]:
    """Every part of the language, each once: the whole policy first, and last what its files say beside it."""
    found: dict[type[BaseModel], None] = {}

    def walk(part: type[BaseModel]) -> None:
        if part not in found:
            found[part] = None
            for field in part.model_fields.values():
                for each in _models(field.annotation):
                    walk(each)

    walk(Policy)
    walk(Files)
    return tuple(found)


def words_of(part: type[BaseModel], name: str) -> tuple[str, str]:
    """What a key promises, and its example as a file has it. Raises KeyError for a key that nobody has described."""
    homes = (part, *part.__mro__, *((ALIKE[part],) if part in ALIKE else ()))
    held = next((_keys()[home.__name__] for home in homes if name in _keys().get(home.__name__, {})), None)
    if held is None:
        raise KeyError(f"{part.__name__}.{name}")
    says, example = held[name]
    return str(says), _example(part, name, str(example))


def described() -> Iterator[tuple[str, str]]:
    """Every part and key that has words."""
    return ((part, key) for part, keys in _keys().items() for key in keys)


@cache
def _keys() -> Mapping[str, Mapping[str, list[str]]]:
    held: Mapping[str, Mapping[str, list[str]]] = yaml.load(KEYS.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts alone
    return held


def _example(part: type[BaseModel], name: str, example: str) -> str:
    """The example; where the words stand on several parts, or a choice is meant, the first that there is."""
    if not example.startswith("$"):
        return example
    choices = list(_choices(part.model_fields[name].annotation))
    return f"[{choices[0]}]" if get_origin(part.model_fields[name].annotation) is tuple else str(choices[0])


def _choices(kind: Any) -> Iterator[object]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    else:
        for each in get_args(kind):
            yield from _choices(each)


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for each in get_args(kind):
        yield from _models(each)


def _about(part: type[BaseModel]) -> list[str]:
    return [line.strip() for line in (part.__doc__ or "").strip().splitlines()]


def _kind(field: FieldInfo) -> str:
    """What a key may be, and what it is where a file says nothing."""
    kind = _named(field.annotation)
    if field.is_required():
        return f"{kind}; needed"
    usual = field.get_default(call_default_factory=True)
    if usual is None or usual in ((), {}) or isinstance(usual, BaseModel):
        return kind
    shown = str(usual).lower() if isinstance(usual, bool) else usual
    return f"{kind}; else {', '.join(map(str, shown)) if isinstance(shown, tuple) else shown}"


def _named(kind: Any) -> str:  # noqa: PLR0911 - one line for each sort of type
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in inner)
    if origin in {Union, UnionType}:
        return " or ".join(dict.fromkeys(_named(each) for each in inner if each is not type(None)))
    if origin is tuple:
        return f"a list: {_named(inner[0])}"
    if origin is dict:
        return f"by name: {_named(inner[1])}"
    if origin is typing.Annotated:
        return _named(inner[0])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return NAMES.get(kind, getattr(kind, "__name__", str(kind)))


def _shown(field: FieldInfo, name: str, example: str) -> list[str]:
    return ["  ```yaml", f"  {field.alias or name}: {example}", "  ```"]
