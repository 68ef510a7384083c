"""The commands about posts, holders, teams and services."""

from typing import Literal

from events.base import Ref
from services.core.command import Command, Day
from services.policy.part import Key


class PlaceUnit(Command):
    """Name a service, or put a team under one."""

    command: Literal["unit.place"]
    unit: Ref
    kind: Literal["team", "service"]
    parent: Ref | None = None


class AppointPerson(Command):
    """Put a person into a post."""

    command: Literal["person.appoint"]
    person: Ref
    post: Key
    unit: Ref | None = None


class MovePerson(Command):
    """Move a person from one post to another."""

    command: Literal["person.move"]
    person: Ref
    from_post: Key
    from_unit: Ref | None = None
    post: Key
    unit: Ref | None = None


class LeavePost(Command):
    """Record that a person left a post."""

    command: Literal["person.leave"]
    person: Ref
    post: Key
    unit: Ref | None = None


class TrainPerson(Command):
    """Enter a person in the register of trained auditors, until a day or for good (TOR-3, SWI-54)."""

    command: Literal["person.train"]
    person: Ref
    until: Day | None = None
