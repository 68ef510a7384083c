"""The columns of a view as the API shows them: the schema of each, what a filter by it takes, and what is hidden."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, Boolean, Date, Integer, String
from sqlalchemy.types import TypeEngine, to_instance

from events.errors import Refused
from projections.dates import Instant
from projections.view import Row, Shape, Spec

SEALED = re.compile(r"sealed:[0-9]+(?:\.[0-9a-f]{16})?:[A-Za-z0-9_-]+:[A-Za-z0-9_-]{38,}")
KEPT_BACK = "[sealed]"
"""Stands in the place of a sealed text: whoever may read a view may not read the texts for that."""

IN_A_BODY = frozenset({"child"})
"""The columns by which nobody filters in an address: addresses stay in histories and logs."""

OF_A_CHILD = "child/"
LARGEST = 2**63 - 1

_KINDS: tuple[tuple[type[TypeEngine[Any]], Any, Mapping[str, Any]], ...] = (
    (Instant, datetime, {"type": "string", "format": "date-time"}),
    (Date, date, {"type": "string", "format": "date"}),
    (Boolean, bool, {"type": "boolean"}),
    (Integer, int, {"type": "integer", "minimum": -LARGEST - 1, "maximum": LARGEST}),
    (String, str, {"type": "string", "maxLength": 200}),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view: `key` if it is a part of what tells its row from others, which is never empty.

    One that is worked out when it is asked for (`kept` False) is told, and no rows can be asked for by it.
    """

    name: str
    type: TypeEngine[Any]
    key: bool = False
    kept: bool = True

    @property
    def filtered(self) -> bool:
        """Whether rows can be asked for by it: a structure is no value to be equal to."""
        return self.kept and not isinstance(self.type, JSON)

    @property
    def filter_schema(self) -> dict[str, Any]:
        """What a filter takes."""
        return dict(self._kind[1])

    @property
    def schema(self) -> dict[str, Any]:
        """What a row holds."""
        if isinstance(self.type, JSON):
            return {}
        kind, _ = self._kind
        held = {name: value for name, value in self._kind[1].items() if name in {"type", "format"}}
        return held if self.key and kind is not str else held | {"type": [held["type"], "null"]}

    def read(self, written: str) -> Any:
        """The value that was written in an address or in a cursor. Refused, naming the column, for another kind."""
        kind, schema = self._kind
        try:
            value = _adapter(kind).validate_python(written)
        except ValidationError as error:
            raise Refused(self.name, f"is not a valid {schema.get('format', schema['type'])}") from error
        if isinstance(value, datetime):
            value = value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, int) and not -LARGEST - 1 <= value <= LARGEST:
            raise Refused(self.name, "is a number larger than any that is kept")
        if isinstance(value, str) and "\x00" in value:
            raise Refused(self.name, "holds the control character U+0000")
        return value

    @property
    def _kind(self) -> tuple[Any, Mapping[str, Any]]:
        return next((python, schema) for kind, python, schema in _KINDS if isinstance(self.type, kind))


@lru_cache(maxsize=16)
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def columns_of(shape: Shape, spec: Spec) -> tuple[Column, ...]:
    """Every column of a table but the authority, whose rows alone are ever shown; and what is told beside."""
    kept = (
        Column("about", String(130), key=True),
        *(Column(name, to_instance(kind), key=name in spec.key) for name, kind in spec.columns.items()),
    )
    told = shape.beside
    if told is None:
        return kept
    heads = shape.by_name[told.heads].columns if told.heads else {}
    return (
        *kept,
        *(Column(name, to_instance(kind)) for name, kind in heads.items()),
        *(Column(name, to_instance(kind), kept=False) for name, kind in told.columns.items()),
    )


def shown(row: Row) -> Row:
    """The row without its authority, and with no sealed text in it."""
    return {str(name): without_texts(held) for name, held in row.items() if name != "authority"}


def without_texts(held: Any) -> Any:
    """The value with each sealed text in it kept back."""
    match held:
        case str():
            return SEALED.sub(KEPT_BACK, held) if "sealed:" in held else held
        case dict():
            return {name: without_texts(each) for name, each in held.items()}
        case list():
            return [without_texts(each) for each in held]
    return held


def filters_from(asked: Mapping[str, str], columns: tuple[Column, ...], *, in_address: bool) -> dict[str, Any]:
    """The values by which rows are asked for. Refused for what is no column, and for a child in an address."""
    known = {each.name: each for each in columns if each.filtered}
    found = {}
    for name, written in asked.items():
        if name not in known:
            rule = "is neither a column of this view nor an option"
            if any(each.name == name for each in columns):
                rule = "is told of each row, and no rows can be asked for by it"
            raise Refused(_shown(name), rule)
        if in_address and (name in IN_A_BODY or (name == "about" and written.startswith(OF_A_CHILD))):
            raise Refused(name, "a child is never named in an address: ask by POST, in the body")
        found[name] = known[name].read(written)
    return found


def _shown(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "?", name)[:64]


def filterable(columns: tuple[Column, ...], *, in_address: bool) -> Iterator[Column]:
    """The columns by which rows can be asked for, in an address or in a body."""
    return (each for each in columns if each.filtered and not (in_address and each.name in IN_A_BODY))
