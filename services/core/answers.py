"""Answers to the questions of a form: checked against the policy, sealed where they are texts, and what is missing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from events.answers import Answer
from events.base import Label
from events.errors import Refused
from services.core.command import FIRST_DAY, LAST_DAY, Text
from services.policy.form import Question, QuestionName

Given = StrictBool | StrictInt | StrictFloat | Annotated[tuple[Label, ...], Field(max_length=100)] | Text
"""An answer as it is written in a command: a word, a text, a date, a number, yes or no as true or false, or a list."""

Answers = dict[QuestionName, Given]
"""Answers by the names of their questions."""

TAG = re.compile(r"[a-z][a-z '-]{1,59}")
"""Lower-case words only: no name and no number of anybody passes."""

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

Seal = Callable[[str], str]
"""Seals a text of an answer."""


def checked(questions: Sequence[Question], given: Mapping[str, Any], seal: Seal) -> tuple[Answer, ...]:
    """The answers as they are stored, in the order of the form.

    Refused, naming `answers.<question>` and the rule, for an answer to a question that is not asked here or that
    does not fit its kind.
    """
    asked = {question.name: question for question in questions}
    for name in given:
        if name not in asked:
            raise Refused(f"answers.{name}", f"unknown question; asked here: {', '.join(asked) or 'none'}")
    return tuple(_answer(question, given[name], seal) for name, question in asked.items() if name in given)


def unanswered(questions: Iterable[Question], given: Mapping[str, Any]) -> list[Question]:
    """The questions that must be answered and are not."""
    return [question for question in questions if question.required and question.name not in given]


def require_answers(questions: Iterable[Question], given: Mapping[str, Any]) -> None:
    """Refused, naming the first question that must be answered and is not."""
    for question in unanswered(questions, given):
        raise Refused(f"answers.{question.name}", f"is needed: {question.title}")


def beyond_standard(questions: Iterable[Question], answers: Iterable[Answer]) -> Iterator[str]:
    """A sentence for each number that misses what the framework asks for."""
    asked = {question.name: question for question in questions}
    for answer in answers:
        question = asked.get(answer.question)
        if question is None or answer.number is None:
            continue
        if question.at_least is not None and answer.number < question.at_least:
            yield f"{question.title}: {answer.number:g}, at least {question.at_least:g} is asked for"
        if question.at_most is not None and answer.number > question.at_most:
            yield f"{question.title}: {answer.number:g}, at most {question.at_most:g} is asked for"


def _answer(question: Question, given: Any, seal: Seal) -> Answer:  # noqa: PLR0911 - one return for each kind
    name = question.name
    match question.kind:
        case "text" if isinstance(given, str):
            return Answer(question=name, text=seal(given))
        case "yes or no" if isinstance(given, bool):
            return Answer(question=name, yes=given)
        case "date" if isinstance(given, str) and (on := _date(given)):
            return Answer(question=name, on=on)
        case "number" if isinstance(given, int | float) and not isinstance(given, bool):
            return Answer(question=name, number=given)
        case "choice" if isinstance(given, str):
            return Answer(question=name, chosen=_options(question, (given,)))
        case "choices" if isinstance(given, tuple):
            return Answer(question=name, chosen=_options(question, given))
        case "tags" if isinstance(given, tuple):
            return Answer(question=name, chosen=_matching(question, given, TAG))
        case "reference" if isinstance(given, str):
            return Answer(question=name, chosen=_matching(question, (given,), REFERENCE))
    raise Refused(f"answers.{name}", WANTED[question.kind])


WANTED = {
    "text": "must be a text",
    "yes or no": "must be true or false",
    "date": "must be a date, such as 2026-01-31",
    "number": "must be a number",
    "choice": "must be one of the options",
    "choices": "must be a list of options",
    "tags": "must be a list of short words in lower case",
    "reference": "must be an opaque reference: letters, digits, _ and -, at most 64",
}


def _date(given: str) -> date | None:
    try:
        on = date.fromisoformat(given)
    except ValueError:
        return None  # the caller names the question and what is wanted
    return on if FIRST_DAY <= on <= LAST_DAY else None


def _options(question: Question, given: tuple[str, ...]) -> tuple[str, ...]:
    for each in given:
        if each not in question.options:
            raise Refused(
                f"answers.{question.name}", f"{each} is not one of the options; they are {', '.join(question.options)}"
            )
    return tuple(dict.fromkeys(given))


def _matching(question: Question, given: tuple[str, ...], wanted: re.Pattern[str]) -> tuple[str, ...]:
    for each in given:
        if not wanted.fullmatch(each):
            raise Refused(f"answers.{question.name}", f"{each!r}: {WANTED[question.kind]}")
    return tuple(dict.fromkeys(given))
