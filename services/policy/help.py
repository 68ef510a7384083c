"""What is wrong with the shape of a policy file, in words that say what to write instead."""

import re
import typing
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from services.policy.bases import EXTENDS
from services.policy.model import Owed, Policy
from services.policy.near import near

WHOLE = "Input should be a valid integer: a whole number, without quotes or a unit"
DAY = "Input should be a valid date: write year, month and day, such as 2026-03-31"

PLAIN = {
    "missing": "this key is lacking, and it is needed",
    "int_parsing": WHOLE,
    "int_type": WHOLE,
    "date_parsing": DAY,
    "date_type": DAY,
    "date_from_datetime_parsing": DAY,
}
"""What to write, by the kind of mistake."""


OF_OBLIGATIONS = "nobody owes an alert: what somebody owes until something meets it belongs in `obligations:`"
OF_ALERTS = "somebody owes an obligation, and what is only told belongs in `alerts:`"


def in_words(error: ErrorDetails) -> str:
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
            return f"{_said(error)}{near(held, _values(error), few=0)}"
    plain = PLAIN.get(error["type"], _said(error))
    return f"{plain}: {OF_ALERTS}" if _at(error, "obligations") and error["loc"][-1] == "owner" else plain


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
