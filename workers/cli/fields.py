"""The fields of a command as arguments and options, and what was typed as the fields of a line of JSON.

An option has the name of its field. A text is read from standard input where `-` is typed, so that no shell keeps it. A
list takes its option again and again; answers and sections are written NAME=VALUE, or NAME:=JSON for what is no word.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from inspect import Parameter
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import orjson
import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from events.errors import Refused
from services.core.command import Command, SetAside, made_fields
from services.core.soundness import require_sound
from services.modules import CATALOGUE
from services.record_command import RecordCommand

HEAD = ("command", "authority", "actor", "role")
"""What a call says of itself, beside the fields of its command."""

RECORD = "record"
STDIN = "-"
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")

Form = Literal["word", "choice", "yes or no", "number", "list", "named", "objects"]

WRITTEN: Mapping[Form, str] = {
    "list": "may be given again",
    "named": "NAME=VALUE, or NAME:=JSON; may be given again",
    "objects": "a JSON object, as in a line of a file; may be given again",
}


@dataclass(slots=True)
class Input:
    """Standard input, which one field of a call may be read from."""

    read_for: str = ""

    def read(self, name: str) -> str:
        """Everything of it. Refused, naming the field, if another one took it, or if it is no UTF-8."""
        if self.read_for:
            raise Refused(name, f"standard input was read for {self.read_for} already")
        self.read_for = name
        try:
            return sys.stdin.buffer.read().decode()
        except UnicodeDecodeError as error:
            raise Refused(name, "standard input is not text in UTF-8") from error


@dataclass(frozen=True, slots=True)
class Typed:
    """One field of a command as it is typed. `name` is that of its parameter, `key` the one in a line of JSON.

    `first` names the first field of the model that a NAME stands for: NAME=VALUE gives that one.
    """

    name: str
    key: str
    form: Form
    info: FieldInfo
    text: bool = False
    first: str = ""
    choices: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """Under which names it is typed: that of the field and, where it may be given again, that of one of them."""
        whole = f"--{self.key.replace('_', '-')}"
        if self.form == "yes or no":
            return (f"{whole}/--no-{whole.removeprefix('--')}",)
        return tuple(dict.fromkeys((_one_of(whole), whole))) if self.form in WRITTEN else (whole,)

    def parameter(self) -> Parameter:
        """The option for it. None is needed for the call: what is missing is refused as in a line of a file."""
        kind: Any = Literal[self.choices] if self.choices else bool if self.form == "yes or no" else str
        kind = list[kind] if self.form in WRITTEN else kind
        option = typer.Option(*self.options, help=self._help() or None, show_default=False)
        return Parameter(self.name, Parameter.KEYWORD_ONLY, annotation=Annotated[kind | None, option], default=None)

    def argument(self) -> Parameter:
        """The argument for it: it names what the command is about."""
        argument = typer.Argument(
            metavar=CATALOGUE.word(self.key).upper(), help=self.info.description, show_default=False
        )
        return Parameter(self.name, Parameter.KEYWORD_ONLY, annotation=Annotated[str, argument])

    def value(self, given: Any, stdin: Input) -> Any:
        """What was typed as it stands in a line. Refused, naming the field, for what is not well written."""
        match self.form:
            case "list":
                return [self._word(each, stdin) for each in given]
            case "named":
                return self._named(given, stdin)
            case "objects":
                return [_json(self.key, each) for each in given]
            case "number" if NUMBER.fullmatch(given):
                return orjson.Fragment(given)
            case "word":
                return self._word(given, stdin)
        return given

    def _word(self, given: str, stdin: Input) -> str:
        return stdin.read(self.key) if self.text and given == STDIN else given

    def _named(self, given: Sequence[str], stdin: Input) -> dict[str, Any]:
        held: dict[str, Any] = {}
        for each in given:
            name, sign, value = each.partition("=")
            whole = name.endswith(":")
            name = name.removesuffix(":")
            if not sign:
                raise Refused(self.key, f"{each!r} is neither NAME=VALUE nor NAME:=JSON")
            if name in held:
                raise Refused(f"{self.key}.{name}", "is given twice")
            word = _json(f"{self.key}.{name}", value) if whole else self._word(value, stdin)
            held[name] = {self.first: word} if self.first and not whole else word
        return held

    def _help(self) -> str:
        default = self.info.default
        told = (
            self.info.description.rstrip(".") if self.info.description else "",
            "needed" if self.info.is_required() else "",
            WRITTEN.get(self.form, ""),
            f"{'a VALUE of ' if self.form == 'named' else ''}- is read from standard input" if self.text else "",
            f"without it: {default}" if isinstance(default, str) and default else "",
        )
        words = "; ".join(filter(None, told))
        return f"{words[:1].upper()}{words[1:]}." if words else ""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a command: the one that names its record, and the others. `record` None: see `RecordCommand`."""

    record: Typed | None
    others: tuple[Typed, ...] = field(default=())

    @classmethod
    def of(cls, command: type[Command], group: str) -> "Fields":
        """The fields of a command of that group: the one of the group's name, or the first that is needed, names it."""
        # What every command has, such as when it happened, comes after what is its own.
        infos = sorted(command.model_fields.items(), key=lambda each: each[0] in Command.model_fields)
        beside = {*HEAD, *made_fields(command)}
        typed = {name: typed_of(name, info) for name, info in infos if name not in beside}
        if issubclass(command, RecordCommand):
            return cls(None, tuple(each for each in typed.values() if each.name not in RecordCommand.NAMED_BY))
        words = [each for each in typed.values() if each.form == "word"]
        needed = next(each for each in words if each.info.is_required())
        record = next((each for each in words if each.name == group), needed)
        return cls(record, tuple(each for each in typed.values() if each is not record))

    def parameters(self) -> list[Parameter]:
        """What can be typed for them."""
        about = typer.Argument(metavar="RECORD", help="An audit, or another record by its kind, such as dispute/D-1.")
        named = Parameter(RECORD, Parameter.KEYWORD_ONLY, annotation=Annotated[str, about])
        return [self.record.argument() if self.record else named, *(each.parameter() for each in self.others)]

    def line(self, given: Mapping[str, Any], stdin: Input) -> dict[str, Any]:
        """What was typed as the fields of a line; what was left out is left out."""
        if self.record is None:
            held = RecordCommand.naming(given[RECORD])
        else:
            held = {self.record.key: given[self.record.name]}
        typed = ((each, given[each.name]) for each in self.others)
        return held | {each.key: each.value(value, stdin) for each, value in typed if value is not None}


def typed_of(name: str, info: FieldInfo) -> Typed:
    """How a field is typed, by its type alone."""
    key = info.alias or name
    kind = _plain(info.annotation)
    text = SetAside in info.metadata or _seals(info.annotation)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is dict:
        model = _model(inner[1])
        return Typed(
            name, key, "named", info, text=text and not model, first=next(iter(model.model_fields), "") if model else ""
        )
    if origin is tuple:
        return Typed(name, key, "objects" if _model(inner[0]) else "list", info)
    if origin is Literal:
        return Typed(name, key, "choice", info, choices=inner)
    if kind is bool:
        return Typed(name, key, "yes or no", info)
    return Typed(name, key, "number" if kind in (int, Decimal) else "word", info, text=text)


def read_fields(file: str, stdin: Input) -> dict[str, Any]:
    """The fields of a command in a file of one JSON object, or on standard input where it is `-`.

    Refused if it cannot be read, is no JSON object, or says what the call itself says.
    """
    if file == STDIN:
        text = stdin.read("from")
    else:
        try:
            with open(file, encoding="utf-8-sig") as opened:  # noqa: PTH123 - `-` is no path
                text = opened.read()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(
                "from", f"{file} cannot be read: {getattr(error, 'strerror', 'it is not valid UTF-8')}"
            ) from error
    held = _json("from", text)
    if not isinstance(held, dict):
        raise Refused("from", "must be a JSON object with fields of the command")
    for name in HEAD:
        if name in held:
            raise Refused(name, "is said by the call, and not in the file of --from")
    return held


def _json(name: str, text: str) -> Any:
    try:
        held = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(name, f"not valid JSON: {error.msg}") from error
    require_sound(text)
    return held


def _one_of(option: str) -> str:
    """The option for one of several: `--section` for `--sections`."""
    if option.endswith("ies"):
        return f"{option.removesuffix('ies')}y"
    return option.removesuffix("s")


def _plain(annotation: Any) -> Any:
    """The type without what is said about it, and without None."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation):
            annotation = next(each for each in get_args(annotation) if each is not NoneType)
        else:
            return annotation


def _model(annotation: Any) -> type[BaseModel] | None:
    kind = _plain(annotation)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _seals(annotation: Any) -> bool:
    """Whether it holds a text that is sealed before it is stored."""
    return any(each is SetAside or _seals(each) for each in _within(annotation))


def _within(annotation: Any) -> Iterator[Any]:
    yield from get_args(annotation)
    yield from getattr(annotation, "__metadata__", ())
