"""The lives of entries of which the tables tell: said as it may be first, and otherwise, and taken on step by step."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.lives import Line
from tests.requirements.books.rows import Book, Step, asked
from tests.requirements.books.test_books import NAMED, TABLES, good
from tests.requirements.clocks.lives import early

TURNS: Mapping[str, Mapping[str, Line]] = {
    "torbay": {
        "service_scope": {"audited": False},
        "observation": {"concern": True},
        "provider_check": {"rating": "inadequate"},
        "plan_rating": {"rating": "red"},
    },
    "halton": {"learning": {"sort": "area for improvement"}},
    "southwark": {
        "practice_observation": {"observer": "senior manager"},
        "complaint": {"urgent": False, "leads_to_action": False},
        "service_plan": {"service_wide": False},
    },
    "east-sussex": {"record_check_report": {"bears_on_safeguarding": False}},
    "swindon": {"practice_review": {"arises_from": "local practice review"}},
}
"""What an entry says otherwise than the first that could be said, where that makes a difference to what follows."""


STEPPED: Mapping[str, Mapping[str, Mapping[str, Line]]] = {
    "torbay": {
        "shared": {"not with the worker": {"with_worker": False}, "not with the manager": {"with_manager": False}},
    },
    "halton": {"met_family": {"not face to face": {"face_to_face": False}}},
    "southwark": {},
    "east-sussex": {},
    "swindon": {"learning_arrived": {each: {"reached": [each]} for each in ("team", "frontline")}},
}
"""What a step says otherwise, where what is owed is met by what it says."""


def of_entries(council: str, may: Mapping[str, list[str]]) -> Iterator[tuple[str, str, list[Line]]]:
    """Each register's entry, as it is first said and as it is said otherwise, alone and with its steps one by one."""
    number = 0
    for book in TABLES[council]:
        turned = TURNS[council].get(book.name)
        for said, answers in (("", {}), *(((", turned", turned),) if turned else ())):
            for many in range(len(book.steps) + 1):
                number += 1
                then = f", then {book.steps[many - 1].name}" if many else ""
                lines = _entry(council, book, f"E-{number}", answers, book.steps[:many], may)
                yield f"{book.name}{said}{then}", f"entry/E-{number}", early(lines)
                for name, otherwise in STEPPED[council].get(book.steps[many - 1].name if many else "", {}).items():
                    number += 1
                    *before, last = _entry(council, book, f"E-{number}", answers, book.steps[:many], may)
                    lines = [*before, last | {"answers": last["answers"] | otherwise}]
                    yield f"{book.name}{said}{then}, {name}", f"entry/E-{number}", early(lines)


def _entry(
    council: str,
    book: Book,
    entry: str,
    said: Mapping[str, Any],
    steps: tuple[Step, ...],
    may: Mapping[str, list[str]],
) -> list[Line]:
    head = {"authority": council, "actor": "P-X", "entry": entry}
    items = [{"child": f"C-{number}", "answers": good(asked(book.each))} for number in range(book.least)]
    names = {each: NAMED[each] for each in f"{book.about} {book.names}".split()}
    on = "2026-04-10" if book.ahead else "2026-03-10"
    first: Line = {"command": "entry.record", **head, "at": "2026-03-10", "on": on, "kind": book.name, **names}
    first["role"] = (book.by.split() or may["entry.record"])[0]
    first["answers"] = (good(asked(book.asks)) if book.asks else {}) | dict(said)
    lines = [first | ({"items": items} if items else {})]
    for number, step in enumerate(steps, start=11):
        role = (step.by.split() or may["entry.step"])[0]
        answers = good(asked(step.asks)) if step.asks else {}
        said_on = {"at": f"2026-03-{number}", "role": role, "step": step.name, "answers": answers}
        lines.append({"command": "entry.step", **head, **said_on})
    return lines
