"""The commands about posts, holders, teams and services."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from events.base import Ref
from events.directory import Hashed
from services.core.command import Command, Day, Example, SetAside
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
    example: ClassVar[Example] = {"role": "qa_team", "unit": "T-1", "kind": "team", "parent": "S-1"}
    unit: Ref = Field(description="The team or the service.")
    kind: Literal["team", "service"] = Field(description="Whether it is a team or a service.")
    parent: Ref | None = Field(default=None, description="The service that the team belongs to.")


class AppointPerson(Command):
    """Put a person into a post."""

    command: Literal["person.appoint"]
    example: ClassVar[Example] = {"role": "qa_team", "person": "P-QA", "post": "qa_team"}
    person: Ref = Field(description="The person, by an opaque reference.")
    post: Key = Field(description="The post: a role of the policy.")
    unit: Ref | None = Field(default=None, description="The team or the service of the post.")


class MovePerson(Command):
    """Move a person from one post to another."""

    command: Literal["person.move"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "person": "P-ASM",
        "from_post": "team_manager",
        "from_unit": "T-2",
        "post": "service_manager",
        "unit": "S-1",
    }
    person: Ref = Field(description="The person, by an opaque reference.")
    from_post: Key = Field(description="The post that is left.")
    from_unit: Ref | None = Field(default=None, description="The team or the service that is left.")
    post: Key = Field(description="The post: a role of the policy.")
    unit: Ref | None = Field(default=None, description="The team or the service of the post.")


class LeavePost(Command):
    """Record that a person left a post."""

    command: Literal["person.leave"]
    example: ClassVar[Example] = {"role": "qa_team", "person": "P-OLD", "post": "practitioner", "unit": "T-2"}
    person: Ref = Field(description="The person, by an opaque reference.")
    post: Key = Field(description="The post: a role of the policy.")
    unit: Ref | None = Field(default=None, description="The team or the service of the post.")


class TrainPerson(Command):
    """Enter a person in the register of trained auditors, until a day or for good (TOR-3, SWI-54)."""

    command: Literal["person.train"]
    example: ClassVar[Example] = {"role": "qa_team", "person": "P-AUD"}
    person: Ref = Field(description="The person, by an opaque reference.")
    until: Day | None = Field(
        default=None, description="The last day on which it holds; without one, it holds for good."
    )


class AddressPerson(Command):
    """Record the e-mail address to which messages for a person go, in the place of the one before."""

    command: Literal["person.address"]
    example: ClassVar[Example] = {"role": "qa_team", "person": "P-TM", "address": "team.manager@council.example"}
    person: Ref = Field(description="The person, by an opaque reference.")
    address: Address = Field(description="The address; it is sealed.")

    @property
    def named_child(self) -> str:
        """Whose key seals the address: the person's own."""
        return key_of_person(self.person)


class WithdrawAddress(Command):
    """Have no messages sent to a person any more. The address is sealed for ever; `sightline erase` ends its key."""

    command: Literal["person.withdraw_address"]
    example: ClassVar[Example] = {"role": "qa_team", "person": "P-TM"}
    person: Ref = Field(description="The person, by an opaque reference.")


class GiveCalendar(Command):
    """Give a person the secret address of a calendar of what they owe, in the place of the one before.

    `secret` is the SHA-256 of what stands in the address: nobody but who was given it can ask for the calendar.
    """

    command: Literal["calendar.give"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "person": "P-TM",
        "secret": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }
    person: Ref = Field(description="The person, by an opaque reference.")
    secret: Hashed = Field(description="The SHA-256 of what stands in the address.")


class RevokeCalendar(Command):
    """Have the address of a person's calendar lead nowhere any more."""

    command: Literal["calendar.revoke"]
    example: ClassVar[Example] = {"role": "qa_team", "person": "P-TM"}
    person: Ref = Field(description="The person, by an opaque reference.")
