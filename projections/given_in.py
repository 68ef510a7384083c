"""The answers that facts hold, as the rows that they are in the table (see `projections.given`)."""

from collections.abc import Iterable, Iterator
from typing import Any

from events.answers import Answer
from events.base import Fact
from events.recorded import Recorded
from events.registers import EntryItem
from events.registry import BY_NAME
from projections.given import GIVEN, AnswerRow, answer_of
from projections.view import Change, Held, Row, new

HOLD_ANSWERS = frozenset(contract for contract in BY_NAME.values() if "answers" in contract.model_fields)
"""The kinds of facts that hold answers."""


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
