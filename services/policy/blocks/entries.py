"""Entries of a register counted, with their later steps and what was answered in them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.answers import problems_of_answers
from services.policy.blocks.block import Problem, ReportBlock, unknown, unknown_name
from services.policy.part import Key

if TYPE_CHECKING:
    from services.policy.form import Question
    from services.policy.model import Policy
    from services.policy.registers import Register

EntriesBy = Literal["team", "service", "person", "subject", "holder", "month"]
"""By what entries are set out. The holder is whose entry it is, the person whom it is about."""


class Entries(ReportBlock):
    """How many entries of a register (`of`) lie in the period, in all or `by` something; withdrawn ones are none.

    Beside them stand the children that they look at, and each of `steps` that was taken by then. Each of `answers` is
    set out in a table of its own: how often each answer was given, `by` the same; of numbers their sum. `answered`
    leaves only entries with those answers. `at_least` and `at_most` are what a framework asks for in one period: of
    children, where the register looks at several, else of entries.
    """

    shows: ClassVar[str] = "Entries"
    block: Literal["entries"]
    of: Key = Field(title="of the register")
    by: EntriesBy | None = Field(default=None, title="by")
    steps: tuple[Key, ...] = Field(default=(), title="with the steps")
    answers: tuple[Key, ...] = Field(default=(), title="with the answers to")
    answered: dict[Key, bool | str] = Field(default_factory=dict, title="where it was answered")
    at_least: int | None = Field(default=None, ge=1, title="asked for at least")
    at_most: int | None = Field(default=None, ge=1, title="asked for at most")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """An unknown register, question, answer or step, and an answer that nobody can count."""
        held = {each.name: each for each in policy.registers}
        yield from unknown_name("register", self.of, held, "of")
        if self.of not in held:
            return
        register = held[self.of]
        yield from unknown("step", self.steps, [each.name for each in register.steps], ("steps",))
        kinds = questions_of(register)
        yield from unknown("question", self.answers, kinds, ("answers",))
        for number, name in enumerate(self.answers):
            if kinds.get(name) in {"text", "reference"}:
                yield ("answers", number), f"the answer to {name} is a text: nobody can count it"
        yield from problems_of_answers(register.name, all_questions(register), self.answered, ("answered",))


def questions_of(register: "Register") -> dict[str, str]:
    """Every question of a register, of its items and of its steps, with its kind."""
    return {each.name: each.kind for each in all_questions(register)}


def all_questions(register: "Register") -> tuple["Question", ...]:
    """Every question of a register, of its items and of its steps."""
    return (*register.questions, *register.items, *(each for step in register.steps for each in step.questions))
