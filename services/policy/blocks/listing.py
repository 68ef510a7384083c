"""A list of audits, entries or actions, a row for each."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.answers import problems_of_answers
from services.policy.blocks.actions import ActionCounted
from services.policy.blocks.audits import Counted
from services.policy.blocks.block import OfAudits, Problem, unknown, unknown_name
from services.policy.blocks.entries import all_questions
from services.policy.form import Question
from services.policy.part import Key, Label, Said

if TYPE_CHECKING:
    from services.policy.model import Policy


class Listing(OfAudits):
    """Each audit that is `audits` (returned, not closed …), each entry of a register, or each action: one of the three.

    Actions are those `of` audits, of entries, or of both. Of audits, `section_grades` leaves those with a section
    graded so, `answered` those with such an answer; of entries likewise.
    """

    shows: ClassVar[str] = "List"
    block: Literal["listing"]
    audits: Counted | None = Field(default=None, title="of audits")
    entries: Key | None = Field(default=None, title="of entries of the register")
    actions: ActionCounted | None = Field(default=None, title="of actions")
    of: Literal["audits", "entries", "both"] = Field(default="both", title="of")
    section_grades: tuple[Label, ...] = Field(default=(), title="with a section graded")
    answered: dict[Key, Said] = Field(default_factory=dict, title="where it was answered")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """None or several of the three, an unknown register, grade or question."""
        yield from super().problems(policy)
        if [self.audits, self.entries, self.actions].count(None) != 2:  # noqa: PLR2004 - all three but one
            yield (), "say one of `audits`, `entries` and `actions`"
        if self.of != "both" and self.actions is None:
            yield ("of",), "only a list of actions is of audits or of entries"
        if self.entries is not None:
            yield from unknown_name("register", self.entries, [each.name for each in policy.registers], "entries")
        yield from unknown("grade", self.section_grades, policy.grades.sections, ("section_grades",))
        asked: list[Question] = [*policy.tool.questions]
        if self.entries is not None:
            held = [each for each in policy.registers if each.name == self.entries]
            asked = [each for register in held for each in all_questions(register)]
        yield from problems_of_answers(self.entries or "the form", asked, self.answered, ("answered",))
