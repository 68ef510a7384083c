"""What was answered, question by question, and how often: as a reader of the facts would say it, page by page.

The histories are those that the demonstration shows of each council, and random ones, on either database.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine

from events.answers import Answer
from events.base import Fact
from events.errors import Refused
from events.findings import AuditAnswered
from events.recorded import Recorded
from events.registers import EntryItem, EntryRecorded, EntryStepped, EntryWithdrawn
from projections.answers import EVERYTHING, Asked, Tally, answers, tallies, tally
from projections.cut import Cut
from projections.given import AnswerRow
from services.clock import local_date
from tests.desks import SHIPPED
from tests.histories import TORBAY, recorded, sealed
from tests.projections.views import kept
from tests.stores import NOON
from tests.workers.test_activities import told

QUESTIONS = ("seen", "why", "themes", "ünlisted")
ORDER = ("themes", "never asked", "seen")
WORDS = ("drift", 'it is "so", [sic]', "ÿ", "Drift")


def an_answer(dice: random.Random, question: str) -> Answer:
    said: list[dict[str, Any]] = [
        {"yes": dice.random() < 0.5},
        {"chosen": tuple(dice.choices(WORDS, k=dice.randrange(4)))},
        {"chosen": (dice.choice(WORDS),)},
        {"on": date(2026, dice.randrange(1, 13), 1)},
        {"number": dice.choice((1, 2.5))},
        {"text": sealed()},
    ]
    return Answer(question=question, **dice.choice(said))


def some(dice: random.Random) -> tuple[Answer, ...]:
    return tuple(an_answer(dice, each) for each in dice.choices(QUESTIONS, k=dice.randrange(4)))


def lives(dice: random.Random) -> list[Recorded]:
    """Answers of audits, of entries, their children and their steps; some of one instant, some told of later.

    They are few, for they are asked for one by one: many about the same, rather than about many.
    """
    versions: Counter[str] = Counter()
    found: list[Recorded] = []
    for number in range(60):
        about = dice.choice(("audit/A-1", "audit/A-10", "audit/A-2", f"entry/E-{number % 3}"))
        fact: Fact
        if about.startswith("audit/"):
            fact = AuditAnswered(asked_at=dice.choice(("return", "feedback")), answers=some(dice))
        elif not versions[about]:
            items = tuple(EntryItem(child=f"C-{each}", answers=some(dice)) for each in range(dice.randrange(3)))
            fact = EntryRecorded(kind="visit", on=NOON.date(), holder="P-1", items=items, answers=some(dice))
        else:
            stepped = EntryStepped(kind="visit", step="told", on=NOON.date(), holder="P-1", answers=some(dice))
            fact = dice.choice((stepped, stepped, EntryWithdrawn(reason=sealed())))
        versions[about] += 1
        at = NOON + timedelta(days=dice.randrange(-20, 20), minutes=dice.choice((0, 30, -690)))
        where: dict[str, Any] = {"about": about, "version": versions[about], "position": number + 1}
        found.append(recorded(fact, at=at, actor=f"P-{number}", **where))
    return found


def read(events: Sequence[Recorded], asked: Asked) -> Iterator[AnswerRow]:
    """The answers in the order in which they were given, read from the facts alone."""
    for event in sorted(events, key=lambda each: (each.envelope.occurred, each.position)):
        fact, about = event.fact, event.originator_id
        given: list[tuple[str, str, Answer]] = []
        if isinstance(fact, AuditAnswered):
            given = [(about, fact.asked_at, each) for each in fact.answers]
        elif isinstance(fact, EntryRecorded):
            given = [(about, fact.kind, each) for each in fact.answers]
            given += [(f"{about}/{item.child}", fact.kind, each) for item in fact.items for each in item.answers]
        elif isinstance(fact, EntryStepped):
            given = [(about, fact.step, each) for each in fact.answers]
        day = local_date(event.envelope.occurred)
        if asked.audit not in {None, about.removeprefix("audit/")}:
            continue
        if not (asked.first or date.min) <= day <= (asked.last or date.max):
            continue
        for whom, moment, answer in given:
            if asked.question in {None, answer.question}:
                yield AnswerRow(
                    about=whom,
                    question=answer.question,
                    asked_at=moment,
                    occurred=event.envelope.occurred,
                    actor=event.envelope.actor,
                    role=event.envelope.role,
                    plain=answer.plain,
                    text=answer.text,
                )


def in_order(question: str, asked: Asked) -> tuple[int, str]:
    return (asked.order.index(question), "") if question in asked.order else (len(asked.order), question)


def expected(events: Sequence[Recorded], asked: Asked) -> tuple[list[AnswerRow], list[Tally]]:
    """All answers question by question, each audit's together; and how often each was given."""
    rows = list(read(events, asked))
    told = sorted(rows, key=lambda row: (*in_order(row.question, asked), row.about.split("/")))
    counted = sorted(tallies(rows), key=lambda row: (*in_order(row.question, asked), -row.times, row.answer))
    return told, counted


def page_by_page(listed: Any, engine: Engine, authority: str, asked: Asked, limit: int) -> list[Any]:
    found: list[Any] = []
    after: list[Any] | None = None
    for _ in count():
        part = listed(engine, authority, asked, Cut(limit, after))
        assert len(part) <= limit
        found += part
        after = part.place
        if after is None:
            return found
        assert len(part) == limit
    raise AssertionError


def held_to(engine: Engine, authority: str, events: Sequence[Recorded], asked: Asked, page: int) -> tuple[int, int]:
    """Whole, in pages of that size and in one page that all of it fills; how much was told."""
    rows, counted = expected(events, asked)
    for listed, whole in ((answers, rows), (tally, counted)):
        assert list(listed(engine, authority, asked)) == whole
        for limit in (page, max(1, len(whole))):
            assert page_by_page(listed, engine, authority, asked, limit) == whole
    return len(rows), len(counted)


FIRST, LAST = NOON.date() - timedelta(days=5), NOON.date() + timedelta(days=5)
ASKED = (
    EVERYTHING,
    Asked(order=ORDER),
    Asked(audit="A-1", order=ORDER),
    Asked(audit="A-1", question="why", last=LAST),
    Asked(question="themes"),
    Asked(question="themes", first=FIRST, last=LAST),
    Asked(first=FIRST, order=ORDER),
    Asked(last=FIRST),
    Asked(first=date.min, last=date.max),
)


SEEDS = (1, 4, 5)
"""Of these each question has an answer that was given twice."""


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_are_told_and_counted_as_the_facts_say(engine: Engine, seed: int) -> None:
    """Of one audit, of one question, of some days; of the last answer at each moment each word counts once.

    Each question is asked in pages of one, of two and of three, and each history in all of them.
    """
    events = lives(random.Random(seed))  # noqa: S311 - data, no secret
    kept(engine, "activities", events, size=8)
    for number, asked in enumerate(ASKED):
        told, counted = held_to(engine, TORBAY, events, asked, page=1 + (number + SEEDS.index(seed)) % len(SEEDS))
        assert told > counted > 1, asked


@pytest.mark.parametrize("authority", SHIPPED)
def test_answers_of_each_council(sqlite: Engine, authority: str) -> None:
    """What was answered in the demonstrations, in the order of each council's form and over any half of it."""
    council = told(authority)
    kept(sqlite, "activities", council.events, size=7)
    order = [each.name for each in SHIPPED[authority].newest.tool.questions]
    days = sorted(local_date(each.envelope.occurred) for each in council.events)
    middle = days[len(days) // 2]
    found = [
        held_to(sqlite, authority, council.events, asked, page=7)
        for asked in (Asked(order=order), Asked(order=order, first=middle), Asked(order=order, last=middle))
    ]
    assert all(found[0]) or authority == "east-sussex"  # where nobody is asked anything beyond the grades


@pytest.mark.parametrize("place", [["nobody's"], ["themes", 1], [1], ["themes", "audit/A-1", "", "then", 1, 1]])
def test_what_is_no_place(sqlite: Engine, place: list[Any]) -> None:
    """It is refused by either list."""
    kept(sqlite, "activities", lives(random.Random(1)))  # noqa: S311 - data, no secret
    for listed in (answers, tally):
        with pytest.raises(Refused) as refused:
            listed(sqlite, TORBAY, EVERYTHING, Cut(1, place))
        assert refused.value.field == "after"


def test_what_looks_like_a_question_is_none(engine: Engine) -> None:
    """A sign that means any other to a database is none here, and a larger or smaller letter is another."""
    kept(engine, "activities", lives(random.Random(1)))  # noqa: S311 - data, no secret
    for question in ("th%", "THEMES", "theme_"):
        assert not answers(engine, TORBAY, Asked(question=question))
        assert not tally(engine, TORBAY, Asked(question=question))
