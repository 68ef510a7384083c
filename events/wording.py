"""Turns of phrase that the sentences of events share."""

import re
from datetime import date, datetime

from events.dates import LONDON, local_date

_KEY = re.compile(r"\??[a-z][a-z0-9_]*(/[a-z0-9_]+)?")


def key(name: str) -> str:
    """A key of the policy, marked so that whoever shows the sentence puts the framework's own words in its place.

    A role stands by itself, a question after `?`, a step after its obligation or register and `/`.
    What is no key stays as it is.
    """
    return f"«{name}»" if _KEY.fullmatch(name) else name


def by_when(due: date | None, at: datetime | None = None) -> str:
    """`due 4 March 2026`; of an instant `due 4 March 2026 at 16:00`, as clocks in England show it."""
    if at is not None:
        return f"due {in_words(at)} at {at.astimezone(LONDON):%H:%M}"
    return "with no due date" if due is None else f"due {in_words(due)}"


def in_words(on: date) -> str:
    """`4 March 2026`; of an instant, the day in England."""
    on = local_date(on) if isinstance(on, datetime) else on
    return f"{on.day} {on:%B %Y}"


def with_grade(grade: str | None) -> str:
    """The grade as it follows a noun."""
    return "without a grade" if grade is None else f"with the grade “{grade}”"


def with_concern(concern: bool | None) -> str:  # noqa: FBT001 - the answer to a yes or no question
    """Whether there was a significant concern; nothing where it was not asked."""
    return "" if concern is None else ", with a significant concern" if concern else ", without a significant concern"
