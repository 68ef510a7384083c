"""The parts of a form that a framework words itself: its own questions, and the texts to hold beside the grades."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.policy.part import Label, Part

QuestionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

Kind = Literal["text", "yes or no", "date", "number", "choice", "choices", "tags", "reference"]
"""What an answer is. A text is sealed; every other kind is plain, so that it can be counted, and names nobody."""

Moment = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""When a question is asked: one of `MOMENTS`, or the name of an obligation that is recorded as met."""

MOMENTS: tuple[str, ...] = ("return", "feedback", "reflection", "meeting", "moderation", "sign_off", "closing")


class Question(Part):
    """One question and what counts as an answer to it.

    A `choice` is one of the `options`, `choices` are any of them, `tags` are short words of the asker's own. A
    `number` beyond `at_least` or `at_most` is taken with a warning: a standard that was missed is a finding.
    """

    name: QuestionName
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    kind: Kind = "text"
    options: tuple[Label, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    required: bool = False


class FormQuestion(Question):
    """A question of the audit's form: at which moments, in which section, and for which files it is asked.

    Without `audit_types` or `strands` it is asked of every file; a file whose strand nobody gave is asked no
    question that hangs on a strand. A question asked at several moments lets the answers be set side by side.
    """

    asked_at: tuple[Moment, ...] = Field(default=("return",), min_length=1)
    section: Label | None = None
    audit_types: tuple[Label, ...] = ()
    strands: tuple[Label, ...] = ()

    def is_for(self, audit_type: str | None, strand: str | None) -> bool:
        """Whether it is asked of a file of this type and strand."""
        return (not self.audit_types or audit_type in self.audit_types) and (not self.strands or strand in self.strands)


class Reference(Part):
    """A text to hold beside the form, such as what a grade means or which documents to start from.

    It stands `beside` a section, a grade, a strand or the whole form (None). The authority puts its own words
    here; `version` names the edition of the paper that they come from.
    """

    name: QuestionName
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    version: Label | None = None
    beside: Label | None = None
    lines: tuple[Annotated[str, StringConstraints(min_length=1, max_length=1000)], ...] = Field(min_length=1)
