"""Which answers a question can have: whatever a policy asks for of them is held to that."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.policy.form import Question
from services.policy.key_path import KeyPath
from services.policy.near import near, unknown, written

Problem = tuple[KeyPath, str]

AS_TEXT = ("date", "number")
"""What is counted as it is written: a day as 2026-03-31, a number as 3."""


@dataclass(frozen=True, slots=True)
class Possible:
    """What something can be: one of some `words`, where `free` any text; where it is neither, `instead` says why."""

    words: frozenset[object] = frozenset()
    free: bool = False
    instead: str = ""

    def refuses(self, name: str, value: object) -> str:
        """What is wrong with a value that is asked for under a name; nothing where it can be."""
        if value in self.words or (self.free and isinstance(value, str)):
            return ""
        if self.instead and not self.words - {None}:
            return f"{name} is {self.instead}: no value can be asked for"
        if self.free:
            return f"unknown value of {name} {written(value)}: it is a text"
        return unknown(f"value of {name}", value, {written(each) for each in self.words if each is not None})


def of_questions(asked: Sequence[Question], *, as_text: Collection[str] = ()) -> Possible:
    """What can be answered to questions of one name, as far as answers of that kind are kept in clear.

    Questions of the kinds `as_text` are compared as they are written.
    """
    words: set[object] = set()
    kinds = {question.kind for question in asked}
    for question in asked:
        words |= {True, False} if question.kind == "yes or no" else set(question.options)
    free = "tags" in kinds or bool(kinds & set(as_text))
    other = " or ".join(f"answered with a {each}" for each in sorted(kinds) if each not in {"tags", *as_text})
    return Possible(frozenset(words), free, other)


def problems_of_answers(
    whose: str, asked: Sequence[Question], answered: Mapping[str, object], at: KeyPath
) -> Iterator[Problem]:
    """Each question that nobody asks, and each answer that none can have, of those that are counted."""
    for name, value in answered.items():
        meant = [each for each in asked if each.name == name]
        if not meant:
            yield (*at, name), f"{whose} asks no such question{near(name, {each.name for each in asked})}"
        elif wrong := of_questions(meant, as_text=AS_TEXT).refuses(name, value):
            yield (*at, name), wrong
