"""Themes: what was answered most often to questions of the form and of registers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import Problem, ReportBlock, unknown
from services.policy.blocks.entries import questions_of
from services.policy.part import Key

if TYPE_CHECKING:
    from services.policy.model import Policy

AUDITS = "audits"


class Themes(ReportBlock):
    """How many audits and entries an answer was given in during the period, the most frequent first.

    `of` says whose answers: audits, or registers by their names; all that ask the questions, where none is named. With
    `most`, only so many of the answers. With `previous` the count of the period before stands beside, and the way.
    """

    shows: ClassVar[str] = "Themes"
    block: Literal["themes"]
    questions: tuple[Key, ...] = Field(min_length=1, title="answers to")
    of: tuple[Key, ...] = Field(default=(), title="of")
    most: int | None = Field(default=None, ge=1, le=100, title="at most")
    previous: bool = Field(default=False, title="beside the period before")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """An unknown register or question, and a question whose answers nobody can count."""
        registers = {each.name: each for each in policy.registers}
        yield from unknown("register", self.of, [AUDITS, *registers], ("of",))
        kinds: dict[str, str] = (
            {each.name: each.kind for each in policy.tool.questions} if not self.of or AUDITS in self.of else {}
        )
        for name, register in registers.items():
            if not self.of or name in self.of:
                kinds = {**questions_of(register), **kinds}
        yield from unknown("question", self.questions, kinds, ("questions",))
        for number, name in enumerate(self.questions):
            if kinds.get(name) in {"text", "reference"}:
                yield ("questions", number), f"the answer to {name} is a text: nobody can count it"
