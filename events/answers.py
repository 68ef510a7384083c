"""Answers to the questions of an authority's own form, whatever the form is about."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from events.base import Label, Sealed


class Answer(BaseModel):
    """The answer to one question, named as in the policy. Just one of the other fields holds it.

    Texts are sealed. What is plain can be counted; it names nobody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    question: Label
    text: Sealed | None = None
    yes: bool | None = None
    on: date | None = None
    number: float | None = None
    chosen: tuple[Label, ...] | None = None

    @property
    def plain(self) -> tuple[str, ...]:
        """The answer in words, each choice for itself; nothing for a text, which is sealed."""
        if self.yes is not None:
            return ("yes" if self.yes else "no",)
        if self.on is not None:
            return (self.on.isoformat(),)
        if self.number is not None:
            return (f"{self.number:g}",)
        return self.chosen or ()
