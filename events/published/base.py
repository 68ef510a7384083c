"""What every published type has in common, and the only kinds of field that one may have.

A published message leaves the council's own system. So no field of it can hold free text, a child or a child's number:
a type that tries is refused when it is defined.
"""

import re
import types
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from events.base import Ref
from events.errors import ContractError
from events.subjects import MAJORS

NAME = re.compile(r"[a-z]+\.[a-z_]+")
NEVER = re.compile(r"child|text|note|comment|reason|rationale")
"""What no field is called: the first is nobody's business outside, the others would be free text."""

Term = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]
"""A word of the council's own framework: a role, a grade, a section, an obligation's key. Never what people type."""

RecordName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}/[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""What it is about: kind and opaque reference, such as `audit/A-17`."""

OpaqueId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""Tells one thing from another and says nothing else."""

PLAIN = (Ref, Term, RecordName, OpaqueId, bool, int, date, AwareDatetime, type(None))
"""Each kind of plain field."""


def _may_be_published(hint: Any) -> bool:
    if any(hint is plain or hint == plain for plain in PLAIN):
        return True
    arguments = get_args(hint)
    match get_origin(hint):
        case origin if origin is Literal:
            return True
        case origin if origin in {Union, types.UnionType}:
            return all(map(_may_be_published, arguments))
        case origin if origin is tuple:
            return len(arguments) == len(("each", ...)) and arguments[1] is ... and _may_be_published(arguments[0])
    return isinstance(hint, type) and issubclass(hint, Part) and not issubclass(hint, Published)


def opened(schema: Any) -> Any:
    """A schema that lets further fields pass, wherever in it."""
    match schema:
        case dict():
            return {name: opened(each) for name, each in schema.items() if name != "additionalProperties"}
        case list():
            return [opened(each) for each in schema]
    return schema


class Part(BaseModel):
    """A part of a message. ContractError where a field could hold what must never be published."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_serialization_defaults_required=True
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Refuse every field that is not of a kind above."""
        hints = get_type_hints(cls, include_extras=True)
        for name in cls.model_fields:
            if NEVER.search(name):
                raise ContractError(cls.__name__, f"field {name}: nothing of that name is published")
            if not _may_be_published(hints[name]):
                raise ContractError(cls.__name__, f"field {name}: could hold free text; see the kinds of field")


class Published(Part):
    """One published type: what other services may rely on, apart from the stored events.

    It is registered by being defined, under its `name` and its `major` version: ContractError where the name is
    malformed or taken. A field may be added to it, with a default; whatever changes a meaning takes a new major
    version, published beside the former one until the `sunset` of that: the last day on which facts are told so.
    """

    name: ClassVar[str]
    major: ClassVar[int] = 1
    sunset: ClassVar[date | None] = None
    record: RecordName

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Register the type, unless it is only a base of types, which has no name."""
        super().__pydantic_init_subclass__(**kwargs)
        name = cls.__dict__.get("name")
        if name is None:
            return
        if not NAME.fullmatch(name) or cls.major not in MAJORS:
            raise ContractError(name, "a published name is two dotted lower-case words, its version 1 to 9")
        if not (cls.__doc__ or "").strip():
            raise ContractError(name, "a published type says in its docstring what happened")
        if "sentence" not in cls.__dict__:
            raise ContractError(name, "a published type says its sentence")
        if (name, cls.major) in TYPES:
            raise ContractError(name, f"version {cls.major} of it is taken")
        TYPES[name, cls.major] = cls

    def sentence(self) -> str:
        """What happened, in one plain sentence; what it is about stands beside it."""
        raise NotImplementedError  # what is only a base of types is never published

    @classmethod
    def event_type(cls) -> str:
        """The type as a message names it, such as `sightline.escalation.raised.v1`."""
        return f"sightline.{cls.name}.v{cls.major}"

    @classmethod
    def schema_id(cls) -> str:
        """The name of its JSON Schema."""
        return f"urn:sightline:schema:{cls.name}:v{cls.major}"

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema (2020-12) of its data. It lets further fields pass: some may be added."""
        found = opened(cls.model_json_schema(mode="serialization"))
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": cls.schema_id(), **found}


TYPES: dict[tuple[str, int], type[Published]] = {}
"""Every published type, by name and major version. `events.published` fills it with those of this room."""
