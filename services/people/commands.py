"""The commands about posts, holders, teams and services."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from events.base import Ref
from events.directory import Hashed
from services.core.command import Command, Day, SetAside
from services.directory.addresses import key_of_person
from services.policy.part import Key

LONGEST_ADDRESS = 254
ADDRESS = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
"""What goes through every mail server without quotes: nothing that a header or a list of recipients could obey."""


def _deliverable(address: str) -> str:
    """Refused without a word of what was given: what is no address may be somebody's all the same."""
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise ValueError(
            f"is not a valid e-mail address: write name@council.gov.uk, {LONGEST_ADDRESS} characters at most"
        )
    return address


Address = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_deliverable), SetAside]
"""An e-mail address: sealed before it is stored."""


class PlaceUnit(Command):
    """Name a service, or put a team under one."""

    command: Literal["unit.place"]
    unit: Ref = Field(description="The team or the service.")
    kind: Literal["team", "service"] = Field(description="Whether it is a team or a service.")
    parent: Ref | None = Field(default=None, description="The service that the team belongs to.")


class AppointPerson(Command):
    """Put a person into a post."""

    command: Literal["person.appoint"]
    person: Ref = Field(description="The person, by an opaque reference.")
    post: Key = Field(description="The post: a role of the policy.")
    unit: Ref | None = Field(default=None, description="The team or the service of the post.")


class MovePerson(Command):
    """Move a person from one post to another."""

    command: Literal["person.move"]
    person: Ref = Field(description="The person, by an opaque reference.")
    from_post: Key = Field(description="The post that is left.")
    from_unit: Ref | None = Field(default=None, description="The team or the service that is left.")
    post: Key = Field(description="The post: a role of the policy.")
    unit: Ref | None = Field(default=None, description="The team or the service of the post.")


class LeavePost(Command):
    """Record that a person left a post."""

    command: Literal["person.leave"]
    person: Ref = Field(description="The person, by an opaque reference.")
    post: Key = Field(description="The post: a role of the policy.")
    unit: Ref | None = Field(default=None, description="The team or the service of the post.")


class TrainPerson(Command):
    """Enter a person in the register of trained auditors, until a day or for good (TOR-3, SWI-54)."""

    command: Literal["person.train"]
    person: Ref = Field(description="The person, by an opaque reference.")
    until: Day | None = Field(
        default=None, description="The last day on which it holds; without one, it holds for good."
    )


class AddressPerson(Command):
    """Record the e-mail address to which messages for a person go, in the place of the one before."""

    command: Literal["person.address"]
    person: Ref = Field(description="The person, by an opaque reference.")
    address: Address = Field(description="The address; it is sealed.")

    @property
    def named_child(self) -> str:
        """Whose key seals the address: the person's own."""
        return key_of_person(self.person)


class WithdrawAddress(Command):
    """Have no messages sent to a person any more. The address is sealed for ever; `sightline erase` ends its key."""

    command: Literal["person.withdraw_address"]
    person: Ref = Field(description="The person, by an opaque reference.")


class GiveCalendar(Command):
    """Give a person the secret address of a calendar of what they owe, in the place of the one before.

    `secret` is the SHA-256 of what stands in the address: nobody but who was given it can ask for the calendar.
    """

    command: Literal["calendar.give"]
    person: Ref = Field(description="The person, by an opaque reference.")
    secret: Hashed = Field(description="The SHA-256 of what stands in the address.")


class RevokeCalendar(Command):
    """Have the address of a person's calendar lead nowhere any more."""

    command: Literal["calendar.revoke"]
    person: Ref = Field(description="The person, by an opaque reference.")
