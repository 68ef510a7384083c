"""Cells that a person opens in a spreadsheet: no text of ours is ever taken for a formula there."""

from datetime import date, datetime
from typing import Any

import orjson

from services.clock import LONDON

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet takes a cell that begins so for something to be worked out; some take the wide forms, too."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def not_a_formula(held: Any) -> Any:
    """A cell of a CSV file as no spreadsheet takes it for something to be worked out."""
    text = as_text(held)
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text


def as_text(held: Any) -> Any:
    """What stands in a cell: numbers and words as they are, instants as England's clocks show them."""
    match held:
        case datetime():
            return held.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
        case date():
            return held.isoformat()
        case bool():
            return "yes" if held else "no"
        case dict() | list():
            return orjson.dumps(held).decode()
    return held
