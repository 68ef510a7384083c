"""The lists of Annex A: what they are called, which date opens and ends a case on each, and which of them weighs most.

Ofsted asks every authority for the same lists by child; the numbers are the same everywhere, the titles of the sheets
are not.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """One list by child. `start` and `end` find the headings of its dates, `title` the sheet by its words.

    A greater `weight` is the more intensive work, whose team and practitioner answer for the child. A `standing` list
    is of work that goes on; the others tell of a moment, such as a contact. `allocated` lists name a team and a
    practitioner.
    """

    number: int
    name: str
    title: re.Pattern[str]
    weight: int
    start: re.Pattern[str] | None = None
    end: re.Pattern[str] | None = None
    standing: bool = False
    allocated: bool = True


def _list(number: int, name: str, title: str, weight: int, start: str = "", end: str = "", **more: bool) -> CaseSheet:
    first, last = (re.compile(each) if each else None for each in (start, end))
    return CaseSheet(number, name, re.compile(title), weight, first, last, **more)


LISTS: tuple[CaseSheet, ...] = (
    _list(
        10,
        "adoption",
        r"\badopt(ion|ed)\b",
        80,
        r"\bentered care\b",
        r"\badoption order\b",
        standing=True,
        allocated=False,
    ),
    _list(9, "care leavers", r"\b(care leavers?|leaving care|care experienced|cl)\b", 60, standing=True),
    _list(
        8,
        "children cared for",
        r"\b(looked after|cared for|in care|cla|lac|cic)\b",
        90,
        r"\bdate started\b.*\b(looked after|cared for)\b",
        r"\bdate ceased\b.*\b(looked after|cared for)\b",
        standing=True,
    ),
    _list(
        7,
        "child protection plans",
        r"\b(child protection|cpp?)\b",
        70,
        r"\bplan start date\b",
        r"\bplan end date\b",
        standing=True,
    ),
    _list(
        6,
        "children in need",
        r"\b(child(ren)? in need|cin)\b",
        50,
        r"\bcin (start|opened) date\b|\b(date cin started)\b",
        r"\bcin (closure|end) date\b",
        standing=True,
    ),
    _list(
        5,
        "section 47 enquiries",
        r"\b(section 47|s ?47)\b",
        40,
        r"\bstrategy discussion\b.*\bdate\b|\bsection 47\b.*\bstart date\b",
    ),
    _list(2, "early help", r"\b(early help|eh|eha)\b", 10, r"\bassessment start date\b", allocated=False),
    _list(
        4,
        "assessments",
        r"\bassessments?\b",
        30,
        r"\bassessment start date\b",
        r"\bassessment (completion date|date of authori[sz]ation)\b",
    ),
    _list(3, "referrals", r"\breferrals?\b", 20, r"\bdate of referral\b|\breferral date\b"),
    _list(1, "contacts", r"\bcontacts?\b", 0, r"\bdate of contact\b|\bcontact date\b", allocated=False),
)
"""In the order in which the words of a title are tried: `early help assessments` are no assessments."""

BY_NAME = {each.name: each for each in LISTS}
BY_NUMBER = {each.number: each for each in LISTS}
ADOPTERS = 11
"""The list of adopters, who are no children."""

_NUMBERED = re.compile(r"\blist (\d{1,2})\b|^(\d{1,2})(?! (months?|weeks?|days?|years?)\b)\b")
_ADOPTERS = re.compile(r"\badopters?\b")
_CODE = re.compile(r"^[A-Za-z]{1,2}\) *")


_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019")


def plain_words(text: str) -> str:
    """A title or a heading in small letters, with single blanks for whatever else stands between its words."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().translate(_APOSTROPHES)))


def of_title(title: str) -> CaseSheet | int | None:
    """The list that a sheet's title names, ADOPTERS for theirs, None for a sheet that is none of Annex A."""
    words = plain_words(re.sub(r"(?<=[a-z])(?=[0-9])", " ", title.lower()))
    if numbered := _NUMBERED.search(words):
        number = int(numbered[1] or numbered[2])
        if number == ADOPTERS or number in BY_NUMBER:
            return BY_NUMBER.get(number, ADOPTERS)
    if _ADOPTERS.search(words):
        return ADOPTERS
    return next((each for each in LISTS if each.title.search(words)), None)


def of_words(text: str) -> CaseSheet | None:
    """The list that somebody wrote in a cell: by its name, its number or the words of its title."""
    found = of_title(_CODE.sub("", text))
    return found if isinstance(found, CaseSheet) else None
