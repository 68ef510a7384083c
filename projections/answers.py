"""The answers to a framework's own questions, read from the timeline: told one by one, or counted."""

from collections import Counter
from datetime import date, datetime
from functools import cache

from sqlalchemy import select

from events.answers import Answer
from events.dates import begins, ends
from events.registers import EntryItem
from events.registry import BY_NAME, decode
from projections.generations import reading
from projections.queries import ViewRow, about_audit, saying
from projections.store import Source
from projections.timeline import ENTRIES, SHAPE


@cache
def _answered() -> tuple[str, ...]:
    """The kinds of facts that hold answers."""
    return tuple(name for name, contract in BY_NAME.items() if "answers" in contract.model_fields)


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


class Tally(ViewRow):
    """How often an answer was given, in how many audits or entries."""

    question: str
    answer: str
    times: int
    among: int


def answers(
    source: Source,
    authority: str,
    *,
    audit: str | None = None,
    question: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[AnswerRow]:
    """List the answers in the order in which they were given; those given from `first` to `last` (days in England).

    Only events of those days that may answer the question are decoded.
    """
    with reading(SHAPE, source) as (db, tables):
        entries = tables[ENTRIES]
        query = select(entries).where(entries.c.authority == authority, entries.c.stored_name.in_(_answered()))
        if audit is not None:
            query = query.where(entries.c.about == about_audit(audit))
        if question is not None:
            query = query.where(saying(entries.c.body, "question", question))
        if first is not None:
            query = query.where(entries.c.occurred >= begins(first))
        if last is not None:
            query = query.where(entries.c.occurred <= ends(last))
        rows = db.execute(query.order_by(entries.c.occurred, entries.c.position))
        found = [each for row in rows for each in _rows(row._asdict())]
    return [each for each in found if question in (None, each.question)]


def tallies(rows: list[AnswerRow]) -> list[Tally]:
    """Count what can be counted. Of one audit, one entry or one child of it, the last answer at each moment counts."""
    latest: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in rows:
        if row.plain:
            latest[row.question, row.about, row.asked_at] = row.plain
    said: dict[str, dict[str, set[str]]] = {}
    for (question, about, _), plain in latest.items():
        said.setdefault(question, {}).setdefault(about, set()).update(plain)
    counted = {question: Counter(word for words in each.values() for word in words) for question, each in said.items()}
    return [
        Tally(question=question, answer=answer, times=times, among=len(said[question]))
        for question, counts in counted.items()
        for answer, times in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _rows(row: dict[str, str]) -> list[AnswerRow]:
    fact = decode(row["stored_name"], row["body"].encode())
    given: tuple[Answer, ...] = getattr(fact, "answers", ())
    moment = getattr(fact, "asked_at", None) or getattr(fact, "step", None) or getattr(fact, "kind", "")
    items: tuple[EntryItem, ...] = getattr(fact, "items", ())
    told = [(row["about"], each) for each in given]
    told += [(f"{row['about']}/{item.child}", each) for item in items for each in item.answers]
    return [
        AnswerRow.of(row, about=about, question=each.question, asked_at=moment, plain=each.plain, text=each.text)
        for about, each in told
    ]
