"""Posts, holders, teams and services of one authority, so that history knows who held which post."""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from events.base import Fact, Label, Ref, Sealed
from events.wording import key

Hashed = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of a secret, as it is stored in the secret's place."""


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


class PersonAddressed(Fact):
    """A person's e-mail address, sealed with a key of that person's own; it stands in the place of the one before."""

    stored_name = "person.addressed.v1"
    kinds = ("directory",)
    acts = ("person.address",)
    person: Ref
    address: Sealed

    def sentence(self) -> str:
        return f"An address for messages to {self.person} was recorded."


class AddressWithdrawn(Fact):
    """A person has no address for messages any more."""

    stored_name = "person.address_withdrawn.v1"
    kinds = ("directory",)
    acts = ("person.withdraw_address",)
    person: Ref

    def sentence(self) -> str:
        return f"The address for messages to {self.person} was withdrawn."


class AddressDoubted(Fact):
    """A message to a person came back: nothing is sent to that address until another one is recorded."""

    stored_name = "person.address_doubted.v1"
    kinds = ("directory",)
    person: Ref

    def sentence(self) -> str:
        return f"A message to {self.person} came back; their address is not used until it is changed."


class CalendarGiven(Fact):
    """A person got a secret address of a calendar of what they owe; the one before it leads nowhere any more.

    `secret` is the SHA-256 of it: who reads this cannot ask for the calendar.
    """

    stored_name = "calendar.given.v1"
    kinds = ("directory",)
    acts = ("calendar.give",)
    person: Ref
    secret: Hashed

    def sentence(self) -> str:
        return f"{self.person} got the address of a calendar of what they owe."


class CalendarRevoked(Fact):
    """The address of a person's calendar leads nowhere any more."""

    stored_name = "calendar.revoked.v1"
    kinds = ("directory",)
    acts = ("calendar.revoke",)
    person: Ref

    def sentence(self) -> str:
        return f"The address of the calendar of {self.person} was revoked."


def _post(role: str, unit: str | None) -> str:
    return key(role) if unit is None else f"{key(role)} of {unit}"
