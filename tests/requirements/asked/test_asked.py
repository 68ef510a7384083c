"""What the form of an audit asks in each council: of which files, at which moments, and what counts as an answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.desks import SHIPPED
from tests.requirements.asked.files import STRANDS, TYPES, moment_of, moments
from tests.requirements.asked.rows import ROWS, Asked
from tests.requirements.books.rows import asked
from tests.requirements.books.test_books import good, wrong_answers

File = tuple[str, str | None]


def files_of(council: str) -> list[File]:
    """A file of each type without a strand, and one of each strand."""
    return [*((kind, None) for kind in TYPES[council]), *((TYPES[council][0], strand) for strand in STRANDS[council])]


def is_for(row: Asked, file: File) -> bool:
    return (not row.types or file[0] in row.types) and (not row.strands or file[1] in row.strands)


def needed(council: str, moment: str, file: File) -> dict[str, Any]:
    """An answer to each question that must be answered then, of that file."""
    lines = [row.line for row in ROWS[council] if moment in row.at and is_for(row, file)]
    return good(asked("\n".join(lines))) if lines else {}


def wrong(council: str, row: Asked) -> Iterator[str]:
    """Whatever becomes of answers to a question otherwise than its line says."""
    [ask] = asked(row.line)
    answer = good([ask]) or good(asked(row.line.replace(":", "!:", 1)))
    files = files_of(council)
    own = next(file for file in files if is_for(row, file))
    for moment, file in {*((moment, own) for moment in moments(council)), *((row.at[0], file) for file in files)}:
        came = moment_of(council, moment, *file).tries(needed(council, moment, file) | answer)
        asks = moment in row.at and is_for(row, file)
        if came != ("" if asks else f"answers.{row.name}"):
            yield f"{row.name} on {moment} of {file}: {came or 'taken'}"
    tried = moment_of(council, row.at[0], *own)

    def tries(answers: dict[str, Any]) -> str:
        came = tried.tries(answers)  # a return is refused as a whole, and here nothing else can be missing of it
        return f"answers.{row.name}" if came == "audit" and row.name not in answers else came

    yield from wrong_answers(tries, needed(council, row.at[0], own) | answer, [ask])


@pytest.mark.parametrize("council", ROWS)
def test_every_question_has_its_line(council: str) -> None:
    """No form asks what its table does not tell of, and nothing is missing."""
    assert [each.name for each in SHIPPED[council].newest.tool.questions] == [row.name for row in ROWS[council]]


@pytest.mark.parametrize(
    ("council", "row"),
    [
        pytest.param(council, row, id=f"{council}:{row.name}", marks=pytest.mark.covers(*row.covers))
        for council, rows in ROWS.items()
        for row in rows
    ],
)
def test_what_a_form_asks(council: str, row: Asked) -> None:
    """Asked then and of those files alone; answered so and not otherwise, and missed where it must be answered."""
    assert list(wrong(council, row)) == []
