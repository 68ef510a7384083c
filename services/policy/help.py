"""What is wrong with the shape of a policy file, in words that say what to write instead."""

import re
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, StringConstraints, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from services.policy.bases import EXTENDS
from services.policy.model import EventName, Owed, Policy
from services.policy.near import near
from services.policy.part import Key


def _pattern_of(kind: Any) -> str:
    """The pattern that a name of this kind must keep."""
    held = kind.metadata if isinstance(kind, FieldInfo) else kind.__metadata__
    return next(str(each.pattern) for each in held if isinstance(each, StringConstraints))


WHOLE = "write a whole number, without quotes or a unit"
DAY = "write year, month and day, such as 2026-03-31"
SWITCH = "write true or false"
KEYS_BENEATH = "write keys with their values, such as `title: Team Manager`"

PLAIN = {
    "missing": "this key is lacking, and it is needed",
    "int_parsing": WHOLE,
    "int_type": WHOLE,
    "int_from_float": WHOLE,
    "decimal_parsing": "write a number",
    "decimal_type": "write a number",
    "date_parsing": DAY,
    "date_type": DAY,
    "date_from_datetime_parsing": DAY,
    "time_parsing": "write an hour, such as 08:00",
    "time_type": "write an hour, such as 08:00",
    "bool_parsing": SWITCH,
    "bool_type": SWITCH,
    "tuple_type": "write a list: `[a, b]`, or a line beginning with `- ` for each",
    "dict_type": KEYS_BENEATH,
    "model_type": KEYS_BENEATH,
    "string_type": "write a word or a text, and neither a list nor keys",
    "string_too_short": "nothing is written here",
    "less_than_equal": "write {le} or less",
    "greater_than_equal": "write {ge} or more",
    "string_too_long": "write {max_length} characters at most",
}
"""What to write, by the kind of mistake; places in braces are what the model says of the key."""

NAMES: dict[str, str] = {
    _pattern_of(
        Key
    ): "write a name of small letters, digits and `_`, such as team_manager; what people read is the title",
    _pattern_of(EventName): "write what happened as `policy reference` names it, such as audit.submitted",
    _pattern_of(Policy.model_fields["authority"]): "write small letters, digits and hyphens, such as new-town",
    _pattern_of(Policy.model_fields["version"]): "write up to 20 letters, digits, points and hyphens, such as 2026.1",
}
"""What to write in the place of a name that is none, by the pattern that it must keep."""


OF_OBLIGATIONS = "nobody owes an alert: what somebody owes until something meets it belongs in `obligations:`"
OF_ALERTS = "somebody owes an obligation, and what is only told belongs in `alerts:`"


def mistakes(error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    """Each place whose shape is wrong, once, with what to write there instead.

    A list that is short only because what stands in it is wrong is no mistake of its own.
    """
    found = error.errors()
    places = [_without_choice(each["loc"]) for each in found]
    said = {
        place: in_words(each)
        for place, each in reversed(list(zip(places, found, strict=True)))
        if not (each["type"] == "too_short" and any(other[: len(place)] == place != other for other in places))
    }
    return [(place, said[place]) for place in dict.fromkeys(places) if place in said]


def _without_choice(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The place as a file has it: without the name that pydantic gives to one of several shapes of a word."""
    shapes = ("constrained-str", "literal[")
    return place[:-1] if place and str(place[-1]).startswith(shapes) else place


def in_words(error: ErrorDetails) -> str:  # noqa: PLR0911 - one line for each sort of mistake
    """The rule that a value or key breaks. A misspelt key is answered with the nearest one of its place."""
    held = error["input"]
    match error["type"]:
        case "extra_forbidden" if _at(error, "alerts") and error["loc"][-1] in Owed.model_fields:
            return OF_OBLIGATIONS
        case "extra_forbidden":
            return f"no such key{near(error['loc'][-1], _keys_beside(error['loc']))}"
        case "string_type" if isinstance(held, bool):
            written = str(held).lower()
            return f'{written} is read as yes or no: quote it, "{written}"'
        case "string_type" if isinstance(held, int | float):
            return f'{held} is read as a number: quote it, "{held}"'
        case "literal_error":
            return f"{_said(error).replace('Input should be', 'write', 1)}{near(held, _values(error), few=0)}"
        case "too_short":
            return _too_few(error["ctx"]["min_length"])
        case "string_pattern_mismatch":
            return f"{_shown(held)}: {NAMES.get(error['ctx']['pattern'], _said(error))}"
        case "missing" if _at(error, "obligations") and error["loc"][-1] == "owner":
            return f"{PLAIN['missing']}: {OF_ALERTS}"
    plain = PLAIN.get(error["type"], _said(error))
    return plain.format(**error.get("ctx", {})) if error["type"] in PLAIN else plain


def _too_few(wanted: int) -> str:
    return "the list is empty: write one at least" if wanted == 1 else f"write {wanted} at least"


def _shown(held: object) -> str:
    """What stands in the file, as far as it fits into a line."""
    text = str(held)
    return f"{text[:40]!r}{'…' if len(text) > 40 else ''}"  # noqa: PLR2004 - one line


def _at(error: ErrorDetails, rules: str) -> bool:
    return len(error["loc"]) > 2 and error["loc"][0] == rules  # noqa: PLR2004 - the list, the rule and its key


def _said(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ")


def _values(error: ErrorDetails) -> list[str]:
    """The values that could stand there."""
    return re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", ""))


def _keys_beside(place: tuple[int | str, ...]) -> list[str]:
    """The keys that could stand there: those of the part of the policy that the place leads to."""
    parts: set[type[BaseModel]] = {Policy}
    for step in place[:-1]:
        fields = [part.model_fields[step] for part in parts if isinstance(step, str) and step in part.model_fields]
        if fields:  # else it is the place in a list, or a name of the file's own
            parts = {model for field in fields for model in _models(field.annotation)}
    of_files = {EXTENDS} if parts == {Policy} else set()
    return sorted({name for part in parts for name in part.model_fields} | of_files)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in typing.get_args(annotation):
        yield from _models(each)
