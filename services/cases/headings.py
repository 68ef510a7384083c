"""Which column holds what: headings as they are met, in any order, with odd blanks, marks and synonyms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from services.cases.lists import CaseSheet, plain_words
from services.cases.sheets import bare

What = Literal["number", "birth", "age", "gender", "team", "worker", "service", "strand", "lists", "start", "end"]

_OWNER = (
    r"(child|childs|childrens|case|client|person|persons|pupil|service user|system|unique|young person|yp)"
    r"|(mosaic|lcs|liquidlogic|ics|eclipse|capita|careworks|carefirst|frameworki|azeus|core logic|corelogic)"
)
_OWNER = f"({_OWNER})"
_WHO = r"(allocated|current|case|named|key|lead|responsible|social)"
MEANINGS: Mapping[What, re.Pattern[str]] = {
    "number": re.compile(
        rf"({_OWNER}( {_OWNER})*( unique)? )(id|identifier|number|no|ref|reference)( number| no)?"
        r"|(child|person|client|case|mosaic|ics|eclipse|lcs|liquidlogic)(id|no|ref)"
    ),
    "birth": re.compile(r"(child(rens|s)? )?(date of birth|dob|d o b|birth date)( (or|of) .*| dd mm yyyy)?"),
    "age": re.compile(r"age( of (the )?child)?( at .*)?( in)?( years| yrs)?"),
    "gender": re.compile(r"(childs )?(gender|sex)"),
    "team": re.compile(rf"({_WHO} )*(work )?team( name)?( allocated)?"),
    "worker": re.compile(rf"({_WHO} )*(worker|practitioner|professional|pa|personal advis[eo]r)( name)?( allocated)?"),
    "service": re.compile(rf"({_WHO} )*service( area)?( name)?"),
    "strand": re.compile(r"strand( of work)?"),
    "lists": re.compile(r"(annex a )?lists?( name)?"),
    "start": re.compile(r"(case )?open(ed)?( since| on| date)?|(case )?start( date)?|date (case )?open(ed)?"),
    "end": re.compile(r"(case )?(closed|ended)( on| date)?|(case )?(end|closure) date|date (case )?closed"),
}
"""The whole heading must fit: `Family identifier` and `Date of Contact` are not what their parts say."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands in a row, by its place from 0, and what the reader calls the columns.

    `doubled` are places whose heading says again what another before it says.
    """

    places: Mapping[What, int]
    names: Mapping[int, str]
    doubled: tuple[int, ...]

    def name(self, what: What) -> str:
        """The column's letter and heading, as a user finds it."""
        return self.names[self.places[what]]


def read_headings(
    row: Sequence[Any], sheet: CaseSheet | None, own: Mapping[str, What] = MappingProxyType({})
) -> Columns | None:
    """The columns of a row of headings, or None for a row that is none: it must say where the child's number is.

    `own` are headings that the user has said the meaning of, in plain words.
    """
    places: dict[What, int] = {}
    names: dict[int, str] = {}
    doubled = []
    for place, cell in enumerate(row):
        if not isinstance(cell, str) or not (words := plain_words(cell)):
            continue
        what = own.get(words) or _meaning(words, sheet)
        if what is None:
            continue
        names[place] = f"{letters(place)} ({bare(cell)})"
        if what in places:
            doubled.append(place)
        else:
            places[what] = place
    return Columns(places, names, tuple(doubled)) if "number" in places else None


def _meaning(words: str, sheet: CaseSheet | None) -> What | None:
    if sheet is not None:
        if sheet.start is not None and sheet.start.search(words):
            return "start"
        if sheet.end is not None and sheet.end.search(words):
            return "end"
    return next((what for what, form in MEANINGS.items() if form.fullmatch(words)), None)


def letters(place: int) -> str:
    """The letters over a column, by its place from 0: A, B, …, Z, AA."""
    name, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
