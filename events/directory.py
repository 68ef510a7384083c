"""Posts, holders, teams and services of one authority, so that history knows who held which post."""

from datetime import date
from typing import Literal

from events.base import Fact, Label, Ref
from events.wording import key


class UnitPlaced(Fact):
    """A team was put under a service, or a service stands by itself (`parent` None)."""

    stored_name = "unit.placed.v1"
    kinds = ("directory",)
    unit: Ref
    kind: Literal["team", "service"]
    parent: Ref | None = None

    def sentence(self) -> str:
        return f"{self.kind.capitalize()} {self.unit} stands {f'under {self.parent}' if self.parent else 'by itself'}."


class PersonAppointed(Fact):
    """A person took a post: a role in a unit, or in the whole authority (`unit` None)."""

    stored_name = "person.appointed.v1"
    kinds = ("directory",)
    person: Ref
    role: Label
    unit: Ref | None = None

    def sentence(self) -> str:
        return f"{self.person} became {_post(self.role, self.unit)}."


class PersonMoved(Fact):
    """A person left one post for another on the same day."""

    stored_name = "person.moved.v1"
    kinds = ("directory",)
    person: Ref
    from_role: Label
    from_unit: Ref | None = None
    role: Label
    unit: Ref | None = None

    def sentence(self) -> str:
        return f"{self.person} moved from {_post(self.from_role, self.from_unit)} to {_post(self.role, self.unit)}."


class PersonLeft(Fact):
    """A person left a post; it is vacant unless somebody else holds it."""

    stored_name = "person.left.v1"
    kinds = ("directory",)
    person: Ref
    role: Label
    unit: Ref | None = None

    def sentence(self) -> str:
        return f"{self.person} is no longer {_post(self.role, self.unit)}."


class PersonTrained(Fact):
    """A person was trained as an auditor; the training counts until `until`, that day included (None: for good)."""

    stored_name = "person.trained.v1"
    kinds = ("directory",)
    person: Ref
    until: date | None = None

    def sentence(self) -> str:
        return f"{self.person} was trained as an auditor{f', until {self.until}' if self.until else ''}."


def _post(role: str, unit: str | None) -> str:
    return key(role) if unit is None else f"{key(role)} of {unit}"
