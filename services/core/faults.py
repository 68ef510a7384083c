"""What those who write commands read in place of the validator's own words: a pattern is for machines."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import StringConstraints
from pydantic_core import ErrorDetails

from events.base import Ref
from events.directory import Hashed
from services.core.command import CommandId, Month, RecordRef, ShortRef
from services.obligations.periods import PeriodKey
from services.policy.part import Key

NO_DATE = "is not a valid date; write 2026-01-31"

RULES: Mapping[str, str] = {
    "missing": "is needed",
    "extra_forbidden": "is not a field of this command",
    "dict_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "model_attributes_type": "must be a JSON object",
    "date_parsing": NO_DATE,
    "date_from_datetime_parsing": NO_DATE,
    "date_from_datetime_inexact": NO_DATE,
    "date_type": NO_DATE,
}


def _pattern(kind: Any) -> str:
    return next(str(each.pattern) for each in get_args(kind) if isinstance(each, StringConstraints))


PATTERNS: Mapping[str, str] = {
    _pattern(kind): rule
    for kind, rule in (
        (
            Ref,
            "is not a valid reference: up to 64 letters, digits, hyphens and underscores, a letter or digit first",
        ),
        (ShortRef, "is not a valid reference: up to 56 letters, digits, hyphens and underscores"),
        (CommandId, "is not a valid id: up to 64 letters, digits, hyphens and underscores"),
        (RecordRef, "names no record: write its kind before it, as in dispute/D-1, entry/E-1 or round/2026-05"),
        (Month, "is not a valid month; write 2026-01"),
        (PeriodKey, "is not the name of a period; write 2026-03, 2026-Q1, 2026-T1, 2026-H1 or 2026"),
        (Hashed, "is not a valid SHA-256: 64 digits, 0 to 9 and a to f"),
        (Key, "is not a valid key of the policy: small letters, digits and underscores, beginning with a letter"),
    )
}


def rule_of(fault: ErrorDetails) -> str:
    """The rule that a field broke, in words."""
    if fault["type"] == "string_pattern_mismatch":
        return PATTERNS.get(fault["ctx"]["pattern"], "has a form that this field does not take")
    return RULES.get(fault["type"], fault["msg"].removeprefix("Value error, "))
