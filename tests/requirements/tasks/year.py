"""A year of East Sussex in which each task is done once: as it is asked for, or without one part of that."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from services.programme.owed import TaskRow
from tests.lives import Line
from tests.requirements.books.rows import Book, asked
from tests.requirements.books.test_books import NAMED, TABLES, good
from tests.requirements.scenes import refusal
from tests.requirements.tasks.east_sussex import ROWS
from tests.requirements.tasks.rows import About, Clock, Owed
from tests.services.programme.scenes import activity, appointed, audited, desk_in_east_sussex, owed

BEGUN, ON, ENDED, AFTER = "2026-04-01", "2026-04-20", "2027-03-31", "2027-04-01"
BOOKS = {book.name: book for book in TABLES["east-sussex"]}
ASKS_FOR_CONCERN = {"t3_3"}
"""Tasks of which it must be said whether there was a concern (A-ESX-04)."""


def lesser(clock: Clock) -> Iterator[Clock]:
    """The same, each time without one part: something that it holds, a body, one of several, its item, an answer.

    What is recorded as an item counts as such; the bodies that hear of it are told with it, and are no part of it.
    """
    for part in clock.holds:
        yield replace(clock, holds=tuple(each for each in clock.holds if each != part))
    told = clock.to.split() if not clock.audit and not clock.book and not clock.item else []
    for body in told:
        yield replace(clock, to=" ".join(each for each in told if each != body))
    if clock.count > 1:
        yield replace(clock, count=clock.count - 1)
    if clock.item:
        yield replace(clock, item=None)
    for name, said in clock.said.items():
        [ask] = [each for each in asked(BOOKS[clock.book].asks) if each.name == name]
        other = not said if isinstance(said, bool) else next(each for each in ask.options if each != said)
        yield replace(clock, said={**clock.said, name: other})
    for step in clock.steps:
        yield replace(clock, steps=tuple(each for each in clock.steps if each != step))


class Year:
    """What is owed in the year, once somebody has done what is given of each task, about the first whom it is about."""

    def __init__(self, done: Sequence[tuple[Owed, Clock]], skipped: Sequence[Owed] = (), ground: str = "") -> None:
        self.desk = desk_in_east_sussex()
        more = (("P-HOS2", "head_of_service", "S-2"), ("P-CPA", "cpa", None), ("P-IRO", "iro", None))
        self.desk.do(*(appointed(*each) for each in more))
        self.refused = {
            f"{task.name}: {field}"
            for number, (task, clock) in enumerate(done)
            for line in lines(number, task, clock)
            if (field := refusal(self.desk, line))
        }
        for task in skipped:
            head = {"command": "duty.skip", "authority": "east-sussex", "actor": "P-QA", "role": "qa_team", "at": ON}
            line = {**head, "duty": task.name, "on": ON, "about": task.each[0].name, "ground": ground}
            self.refused |= {f"{task.name}: {field}" for field in [refusal(self.desk, line)] if field}
        self.rows: dict[str, list[TaskRow]] = {}
        for row in owed(self.desk, BEGUN, ENDED, AFTER):
            self.rows.setdefault(row.task, []).append(row)


def lines(number: int, task: Owed, clock: Clock) -> Iterator[Line]:
    """Doing what a clock asks for, about the first whom the task is about."""
    about = task.each[0]
    if clock.audit:
        named = {clock.named: about.name} if clock.named in {"team", "worker", "reviewer"} else {}
        yield from audited(f"A-{number}", clock.audit, ON, about.whose or "P-OM", **named)
    elif clock.book:
        yield from entered(number, BOOKS[clock.book], about, clock)
    else:
        said: dict[str, Any] = {"item": clock.item, "evidence": clock.holds, "reported_to": clock.to.split()}
        said |= {"concern": False} if task.name in ASKS_FOR_CONCERN else {}
        holder = about.name == about.whose
        named = {} if about.name is None or holder else {"about": about.name}
        role = task.by if about.whose else "qa_team"
        yield activity(task.name, ON, about.whose or "P-QA", role, count=clock.count, **named, **said)


def entered(number: int, book: Book, about: About, clock: Clock) -> Iterator[Line]:
    """An entry of the register that says so, and its steps with what comes before them."""
    head = {"authority": "east-sussex", "actor": "P-X", "entry": f"E-{number}"}
    names = {each: NAMED[each] for each in book.about.split()}
    names |= {"subject": about.name} if about.name == "county" else {}
    names |= {"holder": about.name} if about.name == about.whose and about.name else {}
    first = {"command": "entry.record", **head, "at": ON, "on": ON, "kind": book.name, **names}
    items = [{"child": "C-1", "answers": {}}] if book.each or book.least else []
    by = book.by.split() or ["head_of_safeguarding"]
    yield first | {"role": by[0], "answers": good(asked(book.asks)) | dict(clock.said), "items": items}
    steps = {each.name: each for each in book.steps}
    for name in clock.steps:
        for each in (*steps[name].after.split(), name):
            role = (steps[each].by.split() or ["head_of_safeguarding"])[0]
            answers = good(asked(steps[each].asks)) if steps[each].asks else {}
            yield {"command": "entry.step", **head, "at": "2026-04-25", "role": role, "step": each, "answers": answers}


@cache
def undone() -> Year:
    """A year in which nobody does anything."""
    return Year(())


@cache
def done(number: int) -> Year:
    """A year in which of each task what its clock of that number asks for is done in the first days."""
    return Year([(task, task.clocks[number]) for task in ROWS if number < len(task.clocks)])


@cache
def done_in_part(number: int, part: int) -> Year:
    """The same, but each time without the part of that number."""
    clocks = [(task, list(lesser(task.clocks[number]))) for task in ROWS if number < len(task.clocks)]
    return Year([(task, parts[part]) for task, parts in clocks if part < len(parts)])


@cache
def skipped(ground: str) -> Year:
    """A year in which each task is left out in April for that reason, as far as it may be."""
    return Year((), [task for task in ROWS if task.each[0].name], ground)
