"""The answers to a framework's own questions: a row for each, as it was given, with what it is asked for by.

What was answered of audits comes with the entries of registers and their steps, whatever becomes of those later.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String, Text

from events.answers import Answer
from events.base import Fact
from events.recorded import Recorded
from events.registers import EntryItem
from events.registry import BY_NAME
from projections.dates import Instant
from projections.queries import ViewRow
from projections.view import Change, Held, Row, Spec, new

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

HOLD_ANSWERS = frozenset(contract for contract in BY_NAME.values() if "answers" in contract.model_fields)
"""The kinds of facts that hold answers."""


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


def answers_in(event: Recorded) -> list[AnswerRow]:
    """The answers that an event holds, as the rows of the table tell of them."""
    rows = _rows(event.fact, event) if type(event.fact) in HOLD_ANSWERS else ()
    return [answer_of({**row, "about": event.originator_id}) for row in rows]


def given(fact: Fact, event: Recorded, _: Held) -> Iterable[Change]:
    """What a fact that holds answers adds to the table."""
    return [new(GIVEN, **row) for row in _rows(fact, event)]


def _rows(fact: Any, event: Recorded) -> Iterator[Row]:
    envelope = event.envelope
    moment = getattr(fact, "asked_at", None) or getattr(fact, "step", None) or getattr(fact, "kind", "")
    items: tuple[EntryItem, ...] = getattr(fact, "items", ())
    told: list[tuple[str, Answer]] = [("", each) for each in fact.answers]
    told += [(item.child, each) for item in items for each in item.answers]
    for place, (child, answer) in enumerate(told):
        yield {
            "version": event.originator_version,
            "place": place,
            "position": event.position,
            "child": child,
            "question": answer.question,
            "asked_at": moment,
            "occurred": envelope.occurred,
            "actor": envelope.actor,
            "role": envelope.role,
            "plain": list(answer.plain),
            "text": answer.text,
        }
