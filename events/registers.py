"""Entries of an authority's registers: what is recorded beside the audits, each on a stream of its own.

Actions that an entry leads to lie on its stream too, and so do notices and escalations about it.
"""

from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel, ConfigDict

from events.answers import Answer
from events.base import Fact, Label, Ref, Sealed
from events.wording import in_words, key


class EntryItem(BaseModel):
    """One child that an entry looks at, with the answers about that child."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    child: Ref
    answers: tuple[Answer, ...] = ()


class EntryRecorded(Fact):
    """Something was done, seen or planned on a day (or from `on` to `until`), and stands in a register.

    `kind` is the register. `holder` is the person for whom it counts; `subject` is anything else that it is about,
    such as a home.
    """

    stored_name = "entry.recorded.v1"
    clause = "an entry is added to a register"
    begins = True
    acts = ("entry.record",)
    kind: Label
    on: date
    until: date | None = None
    holder: Ref
    child: Ref | None = None
    person: Ref | None = None
    team: Ref | None = None
    service: Ref | None = None
    subject: Ref | None = None
    answers: tuple[Answer, ...] = ()
    items: tuple[EntryItem, ...] = ()

    def sentence(self) -> str:
        span = f"from {in_words(self.on)} to {in_words(self.until)}" if self.until else f"for {in_words(self.on)}"
        looked = f", looking at {len(self.items)} children" if self.items else ""
        return f"“{self.kind}” was recorded {span} by {self.holder}{_whom(self)}{looked}{_plainly(self.answers)}."


class EntryStepped(Fact):
    """One of the register's later steps happened. The people and places are those of the entry."""

    stored_name = "entry.stepped.v1"
    clause = "a step of the entry is recorded"
    acts = ("entry.step",)
    kind: Label
    step: Label
    on: date
    holder: Ref
    child: Ref | None = None
    person: Ref | None = None
    team: Ref | None = None
    service: Ref | None = None
    subject: Ref | None = None
    answers: tuple[Answer, ...] = ()

    def sentence(self) -> str:
        step = f"{key(f'{self.kind}/{self.step}')} on {in_words(self.on)} by {self.holder}"
        return f"“{self.kind}”: {step}{_whom(self)}{_plainly(self.answers)}."


class EntryWithdrawn(Fact):
    """The entry was a slip, or its plan was given up: it counts for nothing, its clocks stop, its record stays."""

    stored_name = "entry.withdrawn.v1"
    clause = "the entry is withdrawn"
    acts = ("entry.withdraw",)
    reason: Sealed

    def sentence(self) -> str:
        return "The entry was withdrawn; the reason is recorded."


def _whom(fact: EntryRecorded | EntryStepped) -> str:
    kinds = ("child", "person", "team", "service", "subject")
    named = [f"{what} {whom}" for what in kinds if (whom := getattr(fact, what))]
    return f" about {', '.join(named)}" if named else ""


def _plainly(answers: Iterable[Answer]) -> str:
    said = "; ".join(f"{key(f'?{each.question}')}: {', '.join(each.plain)}" for each in answers if each.plain)
    return f" ({said})" if said else ""
