"""Options that several commands share stand once: the fields of a dataclass that is one parameter of a command."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, Protocol, TypeVar, get_type_hints

T = TypeVar("T")

asked: ContextVar[Mapping[str, Any]] = ContextVar("asked", default={})  # noqa: B039 - nobody changes it
"""What was given to the command that runs, by the names of its options."""


class Group(Protocol):
    """Options that belong to one parameter of a command, which says so in its annotation."""

    def parameters(self) -> list[Parameter]:
        """The options."""

    def taken(self, given: Mapping[str, Any]) -> Any:
        """What the command is given of what was typed."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The options that a dataclass stands for, of which the command is given one."""

    kind: type

    def parameters(self) -> list[Parameter]:
        """Its fields."""
        return parameters_of(self.kind)

    def taken(self, given: Mapping[str, Any]) -> Any:
        """The dataclass made of them."""
        return taken(self.kind, given)


def spread(command: Callable[..., Any]) -> Callable[..., None]:
    """The command as the program calls it: after its own options come those of each parameter that is a dataclass.

    Their names, types and defaults are the fields'; the command is given the dataclass made of what was typed. Where
    the command states one of the fields itself, its own statement counts for both. So do those of each parameter whose
    annotation holds a `Group`.
    """
    hints = get_type_hints(command, include_extras=True)
    shared = {name: group for name, kind in hints.items() if (group := _group_of(kind)) is not None}
    own = [
        each.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[each.name])
        for each in signature(command).parameters.values()
        if each.name not in shared
    ]
    further = {each.name: each for group in shared.values() for each in group.parameters()}

    @wraps(command)
    def called(**given: Any) -> None:
        asked.set(given)
        made = {name: group.taken(given) for name, group in shared.items()}
        command(**made, **{each.name: given[each.name] for each in own})

    stated = {each.name for each in own}
    return with_parameters(called, [*own, *(each for name, each in further.items() if name not in stated)])


def _group_of(kind: Any) -> Group | None:
    if isinstance(kind, type) and is_dataclass(kind):
        return Shared(kind)
    return next((each for each in getattr(kind, "__metadata__", ()) if hasattr(each, "taken")), None)


def taken(kind: type[T], given: Mapping[str, Any]) -> T:
    """The dataclass made of its options among what was given."""
    return kind(**{each.name: given[each.name] for each in fields(kind)})  # type: ignore[arg-type]  # a dataclass


def parameters_of(kind: type) -> list[Parameter]:
    """The options that a dataclass stands for. `kind` is a dataclass whose fields are annotated as options."""
    hints = get_type_hints(kind, include_extras=True)
    return [
        Parameter(each.name, Parameter.KEYWORD_ONLY, annotation=hints[each.name], default=_default(each))
        for each in fields(kind)
    ]


def with_parameters(command: Callable[..., None], parameters: list[Parameter]) -> Callable[..., None]:
    """The command with these parameters, by which the program parses what is typed, instead of its own.

    Where the authority is one of them, it comes first.
    """
    parameters = sorted(parameters, key=lambda each: each.name != "authority")
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # what `inspect.signature` looks for
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _default(each: Field[Any]) -> Any:
    return Parameter.empty if each.default is MISSING else each.default
