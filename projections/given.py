"""The answers to a framework's own questions: a row for each, as it was given, with what it is asked for by.

What was answered of audits comes with the entries of registers and their steps, whatever becomes of those later.
"""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Integer, String, Text

from projections.dates import Instant
from projections.queries import ViewRow
from projections.view import Row, Spec

GIVEN = "answers_given"

SPEC = Spec(
    GIVEN,
    {
        "version": Integer(),
        "place": Integer(),
        "position": BigInteger(),
        "child": String(64),
        "question": String(200),
        "asked_at": String(200),
        "occurred": Instant(),
        "actor": Text(),
        "role": Text(),
        "plain": JSON(),
        "text": Text(),
    },
    key=("version", "place"),
    indexes=("question about", "question occurred"),
    held=False,
)
"""`place` is that of an answer among those of its event; `child` is empty unless it is about one of several."""


class AnswerRow(ViewRow):
    """One answer: to which question, at which moment, by whom and when. `text` is sealed; `plain` can be counted.

    `about` is the audit or entry, with the child after it where an entry looks at several. `asked_at` of an entry's
    answers is its step, or its register.
    """

    about: str
    question: str
    asked_at: str
    occurred: datetime
    actor: str
    role: str
    plain: tuple[str, ...]
    text: str | None


def answer_of(row: Row) -> AnswerRow:
    """The answer of a row of the table."""
    about = f"{row['about']}/{row['child']}" if row["child"] else row["about"]
    return AnswerRow.of(row, about=about)
