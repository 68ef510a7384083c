"""A year of a council in which each task is done once: as it is asked for, or without one part of that."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from services.programme.owed import TaskRow
from tests.lives import Life, Line
from tests.requirements.books.rows import Book, asked
from tests.requirements.books.test_books import NAMED, good
from tests.requirements.scenes import refusal
from tests.requirements.tasks.councils import COUNCILS, Council
from tests.requirements.tasks.rows import About, Clock, Owed
from tests.services.programme.scenes import activity, owed

BEGUN, ON, LATER, ENDED, AFTER = "2026-04-01", "2026-04-20", "2026-04-25", "2027-03-31", "2027-04-01"
ASKS_FOR_CONCERN = {"t3_3"}
"""Tasks of which it must be said whether there was a concern (A-ESX-04)."""

EARLIER = {"returned": "allocated", "moderated": "returned"}
"""How far an audit has come before it counts."""

OTHER_FILES: dict[str, tuple[str, ...]] = {"east-sussex": ("own file deep dive", "safeguarding deep dive")}
OTHER_FILES |= {"southwark": ("deep dive",), "swindon": ("thematic",)}
"""What a file may be instead of what is asked for; elsewhere there is one type alone."""

Done = tuple[Owed, Clock]


def lesser(council: str, clock: Clock) -> Iterator[tuple[Clock, str]]:
    """The same, each time without one part: something that it holds, a body, one of several, its item, an answer.

    Each with the field for which it may be refused for want of that. What is recorded as an item counts as such; the
    bodies that hear of it are told with it, and are no part of it. An audit comes less far, or is of another type.
    """
    for part in clock.holds:
        yield replace(clock, holds=tuple(each for each in clock.holds if each != part)), "evidence"
    told = clock.to.split() if not clock.audit and not clock.book and not clock.item else []
    for body in told:
        yield replace(clock, to=" ".join(each for each in told if each != body)), "reported_to"
    if clock.count > 1:
        yield replace(clock, count=clock.count - 1), ""
    if clock.item:
        yield replace(clock, item=None), "item"
    if clock.audit:
        if clock.when in EARLIER:
            yield replace(clock, when=EARLIER[clock.when]), ""
        for kind in [each for each in OTHER_FILES.get(council, ()) if each != clock.audit][:1]:
            yield replace(clock, audit=kind), ""
    for name, said in clock.said.items():
        [ask] = [each for each in asked(COUNCILS[council].books[clock.book].asks) if each.name == name]
        other = not said if isinstance(said, bool) else next(each for each in ask.options if each != said)
        yield replace(clock, said={**clock.said, name: other}), ""
    for step in clock.steps:
        yield replace(clock, steps=tuple(each for each in clock.steps if each != step)), ""


def may_be_less(council: str, task: Owed) -> bool:
    """Whether a clock of the task asks for anything that can be left away: mere records of it have no parts."""
    return any(True for way in task.ways for _ in lesser(council, way))


class Year:
    """What is owed in the year, once somebody has done what is given of each task, about the first whom it is about."""

    def __init__(self, council: Council, done: Sequence[Done], skipped: Sequence[Owed] = (), ground: str = "") -> None:
        self.desk = council.desk()
        self.refused = {
            (task.name, field)
            for number, (task, clock) in enumerate(done)
            for line in lines(council, number, task, clock)
            if (field := refusal(self.desk, line))
        }
        for task in skipped:
            head = {"command": "duty.skip", "authority": council.name, "actor": "P-QA", "role": "qa_team", "at": ON}
            line = {**head, "duty": task.name, "on": ON, "about": task.each[0].name, "ground": ground}
            self.refused |= {(task.name, field) for field in [refusal(self.desk, line)] if field}
        self.rows: dict[str, list[TaskRow]] = {}
        for row in owed(self.desk, BEGUN, ENDED, AFTER):
            self.rows.setdefault(row.task, []).append(row)


def lines(council: Council, number: int, task: Owed, clock: Clock) -> Iterator[Line]:
    """Doing what a clock asks for, about the first whom the task is about."""
    about = task.each[0]
    if clock.audit:
        for each in range(clock.count):
            yield from audited(council, f"A-{number}-{each}", about, clock)
    elif clock.book:
        yield from entered(council, number, about, clock)
    else:
        said: dict[str, Any] = {"item": clock.item, "evidence": clock.holds, "reported_to": clock.to.split()}
        said |= {"concern": False} if task.name in ASKS_FOR_CONCERN else {}
        holder = about.name == about.whose
        named = {} if about.name is None or holder else {"about": about.name}
        role = task.by if about.whose else "qa_team"
        yield activity(task.name, ON, about.whose or "P-QA", role, count=clock.count, **named, **said)


def audited(council: Council, audit: str, about: About, clock: Clock) -> Iterator[Line]:
    """An audit of that type, as far as it has come; by somebody of whom none is asked, where it is nobody's own."""
    auditor = about.whose if clock.when != "moderated" and about.whose else council.auditor
    named = {clock.named: about.name} if clock.named in {"team", "worker", "reviewer"} else {}
    by = {"role": council.chosen_by[clock.audit]} if clock.audit in council.chosen_by else {}
    life = Life(council.name, audit, child=f"C-{audit}", auditor=auditor)
    life = life.allocated(ON, audit_type=clock.audit, **named, **by)
    if clock.when != "allocated":
        life = life.submitted(ON)
    if clock.when == "moderated":
        moderator = about.whose or "P-MOD"
        life = life.to_moderator(ON, moderator).moderated(ON)
        life.lines[-1]["actor"] = moderator
    yield from life


def entered(council: Council, number: int, about: About, clock: Clock) -> Iterator[Line]:
    """Entries of the register that say so, and their steps with what comes before them."""
    book = council.books[clock.book]
    names: dict[str, str | None] = {each: NAMED[each] for each in book.about.split()}
    names |= {"subject": about.name} if about.name == "county" else {}
    names |= {"holder": about.name} if about.name == about.whose and about.name else {}
    names |= {"person": about.name} if about.name != about.whose and "person" in names else {}
    many = range(clock.count) if book.each else range(1 if book.least else 0)
    items = [{"child": f"C-{each}", "answers": good(asked(book.each))} for each in many]
    for each in range(1 if book.each else clock.count):
        head = {"authority": council.name, "actor": "P-X", "entry": f"E-{number}-{each}"}
        first = {"command": "entry.record", **head, "at": ON, "on": ON, "kind": book.name, **names}
        answers = good(asked(book.asks)) | dict(clock.said) if book.asks else {}
        yield first | {"role": council.writer(book.by, "entry.record"), "answers": answers, "items": items}
        yield from stepped(council, head, book, clock.steps)


def stepped(council: Council, head: Line, book: Book, steps: Sequence[str]) -> Iterator[Line]:
    """The steps of an entry, each after those that must come before it."""
    known = {each.name: each for each in book.steps}
    for name in steps:
        for each in (*known[name].after.split(), name):
            role = council.writer(known[each].by, "entry.step")
            answers = good(asked(known[each].asks)) if known[each].asks else {}
            yield {"command": "entry.step", **head, "at": LATER, "role": role, "step": each, "answers": answers}


@cache
def undone(council: str) -> Year:
    """A year in which nobody does anything."""
    return Year(COUNCILS[council], ())


@cache
def done(council: str, number: int) -> Year:
    """A year in which of each task what the way of that number asks for is done in the first days."""
    each = [(task, task.ways) for task in COUNCILS[council].rows]
    return Year(COUNCILS[council], [(task, ways[number]) for task, ways in each if number < len(ways)])


@cache
def done_in_part(council: str, number: int, part: int) -> Year:
    """The same, but each time without the part of that number."""
    each = [(task, task.ways) for task in COUNCILS[council].rows]
    parts = [(task, list(lesser(council, ways[number]))) for task, ways in each if number < len(ways)]
    return Year(COUNCILS[council], [(task, less[part][0]) for task, less in parts if part < len(less)])


@cache
def skipped(council: str, ground: str) -> Year:
    """A year in which each task is left out in April for that reason, as far as it may be."""
    return Year(COUNCILS[council], (), [task for task in COUNCILS[council].rows if task.each[0].name], ground)
