"""What a cell holds, as people and programs write it: odd blanks, codes in front, errors, dates as text."""

import math
import re
from datetime import date, datetime, timedelta
from typing import Any

FIRST_YEAR, LAST_YEAR = 1900, 2200

ERRORS = frozenset(
    {"#N/A", "#NA", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
"""What a formula leaves that found nothing."""

_NOTHING = frozenset(
    {"", "-", "–", "—", ".", "n/a", "na", "none", "null", "nil", "not applicable", "unknown", "not known", "tbc"}
    | {"unallocated", "not allocated", "no worker", "no team", "vacant"}
)
_CODE = re.compile(r"^[A-Za-z]{1,2}\) *")
_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9/_.-]{0,39}")
_CLOCK = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$")
_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d/%m/%y", "%d %b %y", "%d %B %y", "%Y%m%d")
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b")
_MOST_DAYS = 1_000_000
_MOST_DIGITS = 10**15
"""A spreadsheet keeps fifteen digits of a number; of a longer one it has lost the last."""


UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202c\u2060-\u2069\ufeff]")
"""Characters that are there and not seen, as they come along with a copied text: marks of direction, soft hyphens."""

OBEYED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202d\u202e]")
"""Control characters, and the two that turn round how everything after them is read. Blanks are none."""


class Unusable(ValueError):
    """A cell holds something, but not what its column is for. The text is the reason; it never quotes the cell."""


def text(value: Any) -> str:
    """The text of a cell without odd blanks, unseen marks and a code such as `a)` in front; "" for nothing.

    Unusable for what a formula leaves that found nothing, and for a control character: nobody sees what it says.
    """
    found = _trimmed(value)
    if found.upper() in ERRORS:
        raise Unusable(f"{found.upper()}: the formula found nothing")
    found = _CODE.sub("", found)
    return "" if found.lower() in _NOTHING else found


def child_number(value: Any) -> str:
    """The authority's number of a child, as digits or text; "" for nothing. Unusable for what cannot be one."""
    match value:
        case bool() | datetime() | date():
            raise Unusable("is not a valid child number")
        case int() | float():
            if not math.isfinite(value) or value != int(value) or value <= 0:
                raise Unusable("is not a valid child number: it is not a whole number")
            if value >= _MOST_DIGITS:
                raise Unusable("the spreadsheet has lost the last digits of the number; keep it as text")
            return str(int(value))
    found = _trimmed(value)
    if found.upper() in ERRORS:
        raise Unusable(f"{found.upper()}: the formula found nothing")
    if found.lower() in _NOTHING:
        return ""
    if not _NUMBER.fullmatch(found):
        raise Unusable(
            "is not a valid child number: write up to 40 letters, digits and hyphens, with a digit among them"
        )
    return found


def day(value: Any, epoch: datetime, *, month_first: bool = False) -> date | None:
    """The day in a cell: a date, a count of days, or text; None for nothing.

    Text of bare numbers has the day before the month or, with `month_first`, after it. Unusable for text that is no
    date, or has them the other way round.
    """
    match value:
        case datetime():
            found = value.date()
        case date():
            found = value
        case bool():
            raise Unusable("is not a valid date")
        case int() | float():
            found = _counted(value, epoch)
        case _:
            written = text(value)
            if not written:
                return None
            found = _written(written, month_first=month_first)
    if not FIRST_YEAR < found.year < LAST_YEAR:
        raise Unusable("is not a date of our time")
    return found


def years(value: Any) -> int | None:
    """Full years of age, of a number or of text such as `7 years`; None for nothing."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found = float(value)
    else:
        written = text(value)
        if not written:
            return None
        if re.fullmatch(r"unborn", written, re.IGNORECASE):
            return None
        number = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) *(?:y|yr|yrs|years?)?(?: old)?\.?", written, re.IGNORECASE)
        if number is None:
            raise Unusable("is not a valid age in years")
        found = float(number[1])
    if not 0 <= found < FIRST_YEAR:
        raise Unusable("is not a valid age in years")
    return math.floor(found)


def age_on(birth: date, on: date) -> int | None:
    """Full years on a day; None before birth. Who is born on 29 February is a year older on 1 March."""
    if birth > on:
        return None
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _trimmed(value: Any) -> str:
    found = "" if value is None else UNSEEN.sub("", str(value))
    if obeyed := OBEYED.search(found):
        raise Unusable(f"holds the control character U+{ord(obeyed[0]):04X}")
    return " ".join(found.split())


def _counted(value: float, epoch: datetime) -> date:
    if not 0 < value < _MOST_DAYS:
        raise Unusable("is not a valid date")
    # Spreadsheets that count from 1900 hold that year for a leap year, so days before March 1900 are one off.
    return (epoch + timedelta(days=math.floor(value))).date()


def bare_date(value: str) -> str:
    """The text of a date without a time of day, in one dress: 1/2/2026, 2026-02-01, `1 Feb 2026`. Or Unusable."""
    plain = _CLOCK.sub("", text(value))
    plain = _ORDINAL.sub("", plain.removesuffix("T"))
    if re.fullmatch(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", plain):
        plain = re.sub("[/.]", "-", plain)
    elif re.fullmatch(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}", plain):
        plain = re.sub("[-. ]", "/", plain)
    else:
        plain = re.sub(r"[-/., ]+", " ", plain).replace("Sept ", "Sep ").replace("sept ", "sep ")
        plain = re.sub(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]* ", "", plain, flags=re.IGNORECASE)
    return plain


def _written(found: str, *, month_first: bool) -> date:
    plain = bare_date(found)
    for form in _FORMS:
        if month_first:
            form = form.replace("%d/%m", "%m/%d")  # noqa: PLW2901 - the same form, the other way round
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a calendar date has no zone
        except ValueError:
            continue
    raise Unusable("is not a valid date; write 31/01/2026 or 2026-01-31")
