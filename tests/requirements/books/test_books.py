"""The registers of each council: an entry is kept as the framework asks for it, and refused where it is not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
import pytest

from events.errors import Refused
from services.modules import CATALOGUE
from tests.desks import SHIPPED, TestDesk
from tests.lives import Line, people
from tests.requirements.books import east_sussex, halton, southwark, swindon, swindon_learning, torbay, torbay_learning
from tests.requirements.books.rows import Ask, Book, Step, asked

ON, LATER = "2026-03-10", "2026-03-20"
TABLES: dict[str, tuple[Book, ...]] = {
    "torbay": (*torbay.ROWS, *torbay_learning.ROWS),
    "halton": halton.ROWS,
    "southwark": southwark.ROWS,
    "east-sussex": east_sussex.ROWS,
    "swindon": (*swindon.ROWS, *swindon_learning.ROWS),
}
BOOKS = [
    pytest.param(council, book, id=f"{council}:{book.name}", marks=pytest.mark.covers(*book.covers))
    for council, rows in TABLES.items()
    for book in rows
]
STANDARD = "asked for"
"""Stands in the warning of what misses a standard; others, such as that a notice is too late, say nothing of a form."""

NAMED = {"child": "C-1", "person": "P-SW", "team": "T-1", "service": "S-1", "subject": "HOME-1"}

TRIED: dict[str, object] = {
    "words": "Seen, and written down.",
    "a day": "2026-03-01",
    "a reference": "TOR-7",
    "a number": 3,
    "yes": True,
    "no": False,
    "tags": ["drift", "delay"],
}
ANSWERS = {
    "text": {"words", "a day", "a reference"},
    "date": {"a day"},
    "reference": {"a day", "a reference"},
    "number": {"a number"},
    "yes or no": {"yes", "no"},
    "tags": {"tags"},
    "one of": set[str](),
    "some of": set[str](),
}
"""Which of what is tried answers a question of each kind; options are tried besides."""


class Shelf:
    """One council's desk, at which an entry or a step is only tried: nothing of it stays."""

    def __init__(self, council: str) -> None:
        self.desk = TestDesk(council)
        self.desk.do(*people(council))
        self.head = {"authority": council, "actor": "P-X", "entry": "E-1"}
        self.posts = set(self.desk.policies.newest.roles)

    def tries(self, *lines: Line) -> str:
        """The field for which the last of the lines is refused, or the standards that it misses; else nothing."""
        self.desk.forget()
        outcome = None
        for number, line in enumerate(lines, 1):
            try:
                outcome = self.desk.decide(CATALOGUE.parse(orjson.dumps(self.head | line)))
            except Refused as refused:
                if number < len(lines):
                    raise
                return refused.field
        assert outcome is not None
        return "; ".join(f"warned: {each}" for each in outcome.warnings if STANDARD in each)

    def writers(self, command: str) -> set[str]:
        return set(self.desk.policies.newest.acts[command]) & self.posts


@cache
def shelf_of(council: str) -> Shelf:
    """The one shelf of a council: nothing that is tried stays."""
    return Shelf(council)


Tries = Callable[[Line], str]
"""What becomes of some answers."""


def good(questions: Sequence[Ask]) -> dict[str, Any]:
    """An answer to each question that must be answered."""
    return {each.name: _good(each) for each in questions if each.must}


def _good(ask: Ask) -> object:
    if ask.kind == "one of":
        return ask.options[0]
    if ask.kind == "some of":
        return list(ask.options)
    if ask.kind == "number":
        return ask.least or ask.most or 3
    return TRIED[max(ANSWERS[ask.kind])]


def otherwise(ask: Ask, try_it: Mapping[str, str]) -> Iterator[str]:
    """What of the trials of a question does not come out as its line says, by what was tried."""
    right = ANSWERS[ask.kind] | ({f"option {each}" for each in ask.options} if ask.kind == "one of" else set())
    right |= {f"among them {each}" for each in ask.options} if ask.kind == "some of" else set()
    for tried, came in try_it.items():
        if (came == f"answers.{ask.name}") is (tried in right):
            yield f"{ask.name} with {tried}: {came or 'taken'}"


def trials(ask: Ask) -> dict[str, object]:
    """What is tried as an answer, by its name: of options each one, alone and in a list, and one that is none."""
    options = (*ask.options, "none of them") if ask.options else ()
    return TRIED | {f"option {each}": each for each in options} | {f"among them {each}": [each] for each in options}


def wrong_answers(tries: Tries, whole: Line, questions: Sequence[Ask]) -> Iterator[str]:
    """Whatever a form does with answers otherwise than its lines say. The `whole` of them is complete."""
    for ask in questions:
        rest = {name: each for name, each in whole.items() if name != ask.name}
        if (came := tries(rest)) != (f"answers.{ask.name}" if ask.must else ""):
            yield f"without {ask.name}: {came or 'taken'}"
        come = {tried: tries(whole | {ask.name: each}) for tried, each in trials(ask).items()}
        yield from otherwise(ask, {tried: "" if each.startswith("warned") else each for tried, each in come.items()})
        for number, one_more in ((ask.least, -1), (ask.most, 1)):
            if number is not None:
                within, beyond = tries(whole | {ask.name: number}), tries(whole | {ask.name: number + one_more})
                if within or not beyond.startswith("warned"):
                    yield f"{ask.name} at {number}: {within or 'taken'}, beyond it: {beyond or 'taken'}"
    if tries(whole | {"nobody_asks": "x"}) != "answers.nobody_asks":
        yield "a question that nobody asks is answered"


def entry_of(shelf: Shelf, book: Book) -> Line:
    """A complete entry by somebody who may add it."""
    role = (book.by.split() or sorted(shelf.writers("entry.record")))[0]
    items = {"items": [{"child": f"C-{number}", "answers": good(asked(book.each))} for number in range(book.least)]}
    return {
        "command": "entry.record",
        "at": ON,
        "on": ON,
        "role": role,
        "kind": book.name,
        **{each: NAMED[each] for each in book.about.split()},
        "answers": good(asked(book.asks)) if book.asks else {},
        **(items if book.least else {}),
    }


def wrong_entries(shelf: Shelf, book: Book) -> Iterator[str]:
    """Whatever becomes of an entry otherwise than the line of its register says."""
    whole = entry_of(shelf, book)
    if came := shelf.tries(whole):
        yield f"a complete entry: {came}"
        return
    may = set(book.by.split()) or shelf.writers("entry.record")
    add = {role for role in shelf.writers("entry.record") if shelf.tries(whole | {"role": role}) != "role"}
    if add != may:
        yield f"added by {sorted(add ^ may)}"
    for what, name in NAMED.items():
        rest = {key: each for key, each in whole.items() if key != what}
        with_it, without = shelf.tries(rest | {what: name}), shelf.tries(rest)
        if with_it != ("" if what in book.about.split() + book.names.split() else what):
            yield f"naming a {what}: {with_it or 'taken'}"
        if without != (what if what in book.about.split() else ""):
            yield f"naming no {what}: {without or 'taken'}"
    if shelf.tries(whole | {"on": LATER}) != ("" if book.ahead else "on"):
        yield "a day that lies ahead"
    if book.asks:
        yield from wrong_answers(
            lambda answers: shelf.tries(whole | {"answers": answers}), whole["answers"], asked(book.asks)
        )
    yield from wrong_items(shelf, book, whole)


def wrong_items(shelf: Shelf, book: Book, whole: Line) -> Iterator[str]:
    """Whatever becomes of the children of an entry otherwise than its line says."""
    if not book.each:
        if shelf.tries(whole | {"items": [{"child": "C-1", "answers": {}}]}) != "items":
            yield "it looks at children"
        return
    questions = asked(book.each)
    others = [{"child": f"C-{number}", "answers": good(questions)} for number in range(1, book.least)]

    def tries(answers: Line) -> str:
        return shelf.tries(whole | {"items": [{"child": "C-0", "answers": answers}, *others]})

    yield from (f"of each child, {each}" for each in wrong_answers(tries, good(questions), questions))
    few = {"items": [{"child": f"C-{number}", "answers": good(questions)} for number in range(book.least - 1)]}
    if book.least and not shelf.tries(whole | few).startswith("warned"):
        yield "too few children"


def wrong_steps(shelf: Shelf, book: Book) -> Iterator[str]:
    """Whatever becomes of the steps otherwise than the line of their register says."""
    entry = entry_of(shelf, book)
    done: dict[str, Line] = {}
    for step in book.steps:
        done[step.name] = step_line(shelf, step)
        before = [entry, *(done[each] for each in step.after.split())]
        yield from (f"{step.name}: {each}" for each in wrong_step(shelf, book, step, before))
    if shelf.tries(entry, step_line(shelf, Step("nobody_knows"))) != "step":
        yield "a step that nobody knows"


def wrong_step(shelf: Shelf, book: Book, step: Step, before: Sequence[Line]) -> Iterator[str]:
    """Whatever becomes of one step otherwise than its line says. What must come before it has happened."""
    line = step_line(shelf, step)
    if came := shelf.tries(*before, line):
        yield came
        return
    may = set(step.by.split()) or shelf.writers("entry.step")
    take = {role for role in shelf.writers("entry.step") if shelf.tries(*before, line | {"role": role}) != "role"}
    if take != may:
        yield f"by {sorted(take ^ may)}"
    for each in step.after.split():
        if shelf.tries(*possible_without(book, each, before), line) != "step":
            yield f"without {each}"
    again = shelf.tries(*before, line, line | {"at": LATER})
    if again != ("" if step.again else "step"):
        yield f"again: {again or 'taken'}"
    if step.asks:
        yield from wrong_answers(
            lambda answers: shelf.tries(*before, line | {"answers": answers}), line["answers"], asked(step.asks)
        )


def possible_without(book: Book, left_out: str, before: Sequence[Line]) -> list[Line]:
    """What can still come before, where one step of it is left out: nothing that comes after that."""
    late = {left_out, *(each.name for each in book.steps if left_out in each.after.split())}
    return [line for line in before if line.get("step") not in late]


def step_line(shelf: Shelf, step: Step) -> Line:
    """A complete step by somebody who may take it."""
    role = (step.by.split() or sorted(shelf.writers("entry.step")))[0]
    answers = good(asked(step.asks)) if step.asks else {}
    return {"command": "entry.step", "at": "2026-03-12", "role": role, "step": step.name, "answers": answers}


@pytest.mark.parametrize("council", TABLES)
def test_every_register_has_its_line(council: str) -> None:
    """No council keeps a register that its table does not tell of, and none is missing."""
    assert [each.name for each in SHIPPED[council].newest.registers] == [book.name for book in TABLES[council]]


@pytest.mark.parametrize(("council", "book"), BOOKS)
def test_what_is_kept_in_a_register(council: str, book: Book) -> None:
    """Who may add an entry, whom it names, what it must and may say, and what happens to it later."""
    shelf = shelf_of(council)
    assert [*wrong_entries(shelf, book), *wrong_steps(shelf, book)] == []
