"""The answers to a framework's own questions, question by question, and how often each was given.

A page reads its own rows: each question has its rows in the order in which they are told, and what was answered to one
is counted in the database. So what is fetched follows the page, and the answers that can be chosen from.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, String, Table, cast, column, func, select, true

from events.dates import begins, ends
from events.errors import Refused
from projections.activity_tables import SHAPE
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.generations import reading
from projections.given import GIVEN, AnswerRow, answer_of
from projections.queries import ViewRow, about_audit
from projections.store import Source

T = TypeVar("T")


class Tally(ViewRow):
    """How often an answer was given, in how many audits or entries."""

    question: str
    answer: str
    times: int
    among: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which answers are asked for: of one audit, to one question, given from `first` to `last` (days in England).

    Questions come in the order in which `order` names them, and those that it does not name after them, by their names.
    """

    audit: str | None = None
    question: str | None = None
    first: date | None = None
    last: date | None = None
    order: Sequence[str] = ()


EVERYTHING = Asked()


def answers(source: Source, authority: str, asked: Asked = EVERYTHING, cut: Cut = WHOLE) -> Part[AnswerRow]:
    """List the answers, question by question, those about the same side by side, the earlier first."""
    with reading(SHAPE, source) as (db, tables):
        given = tables[GIVEN]

        def to(question: str, cut: Cut) -> Part[AnswerRow]:
            rows = _given(given, authority, asked).where(given.c.question == question)
            order = (given.c.about, given.c.child, given.c.occurred, given.c.version, given.c.place)
            return cut_rows(db, rows, order, cut, one_by_one(answer_of))

        return _by_question(_questions(db, given, authority, asked), cut, to)


def tally(source: Source, authority: str, asked: Asked = EVERYTHING, cut: Cut = WHOLE) -> Part[Tally]:
    """Count what can be counted, question by question, the most frequent answer first (see `tallies`)."""
    with reading(SHAPE, source) as (db, tables):
        given = tables[GIVEN]

        def to(question: str, cut: Cut) -> Part[Tally]:
            counted = _counted(db, _given(given, authority, asked).where(given.c.question == question)).subquery()
            order: Sequence[Any] = (counted.c.seldom, counted.c.answer)
            told = one_by_one(lambda row: Tally.of(row, question=question))
            return cut_rows(db, select(counted), order, cut, told)

        return _by_question(_questions(db, given, authority, asked), cut, to)


def tallies(rows: Iterable[AnswerRow]) -> list[Tally]:
    """Count what can be counted of these, in the order in which they were given.

    Of one audit, one entry or one child of it, the last answer at each moment counts, and each word of those once.
    """
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


def _given(given: Table, authority: str, asked: Asked) -> Select[Any]:
    query = select(given).where(given.c.authority == authority)
    if asked.audit is not None:
        query = query.where(given.c.about == about_audit(asked.audit))
    if asked.first is not None:
        query = query.where(given.c.occurred >= begins(asked.first))
    if asked.last is not None:
        query = query.where(given.c.occurred <= ends(asked.last))
    return query


def _questions(db: Connection, given: Table, authority: str, asked: Asked) -> list[str]:
    """The questions that may have been answered, in their order: each costs one look into the index."""
    if asked.question is not None:
        return [asked.question]
    smallest = select(func.min(given.c.question).label("name")).where(given.c.authority == authority)
    if asked.audit is not None:
        of_audit = _given(given, authority, asked).with_only_columns(given.c.question).distinct()
        found = set(db.execute(of_audit).scalars())
    else:
        each = smallest.cte("each_question", recursive=True)
        larger = smallest.where(given.c.question > each.c.name).scalar_subquery()
        each = each.union_all(select(larger).where(each.c.name.is_not(None)))
        found = set(db.execute(select(each.c.name).where(each.c.name.is_not(None))).scalars())
    return [name for name in asked.order if name in found] + sorted(found.difference(asked.order))


def _by_question(questions: Sequence[str], cut: Cut, to: Callable[[str, Cut], Part[T]]) -> Part[T]:
    """The part of a list that is cut within each question: a place is a question, and one among what is told of it."""
    part: Part[T] = Part()
    started, after = 0, None
    if cut.after is not None:
        question, *after = cut.after
        if question not in questions:
            raise Refused("after", "names no place in this list; begin without it")
        started = questions.index(question)
    for question in questions[started:]:
        left = None if cut.limit is None else cut.limit - len(part)
        found = to(question, Cut(left, after or None))
        part += found
        if found.place is not None:
            part.place = [question, *found.place]
            break
        after = None
    return part


def _counted(db: Connection, rows: Select[Any]) -> Select[Any]:
    """How often each word was the last answer, of rows that answer one question; `seldom` falls as it grows."""
    given = rows.where(cast(rows.selected_columns.plain, String) != "[]").subquery()
    about = (given.c.about, given.c.child)
    newest_first = (given.c.occurred.desc(), given.c.version.desc(), given.c.place.desc())
    behind = func.row_number().over(partition_by=(*about, given.c.asked_at), order_by=newest_first)
    ranked = select(*about, given.c.plain, behind.label("behind")).subquery()
    last = select(ranked).where(ranked.c.behind == 1).cte("last_answers")
    each = func.json_array_elements_text if db.dialect.name == "postgresql" else func.json_each
    word = each(last.c.plain).table_valued(column("value", String), name="word")
    said = select(last.c.about, last.c.child, word.c.value.label("answer")).select_from(last.join(word, true()))
    words = said.distinct().subquery()
    among = select(func.count()).select_from(select(last.c.about, last.c.child).distinct().subquery())
    return select(
        words.c.answer,
        func.count().label("times"),
        (-func.count()).label("seldom"),
        among.scalar_subquery().label("among"),
    ).group_by(words.c.answer)
