"""What follows from a command about posts, holders, teams and services."""

from events.base import Fact
from events.directory import PersonAppointed, PersonLeft, PersonMoved, PersonTrained, UnitPlaced
from events.errors import Refused
from services.clock import local_date
from services.command import Command, Situation
from services.people.commands import AppointPerson, LeavePost, MovePerson, PlaceUnit, TrainPerson
from services.people.directory import Directory, Post
from services.policy.model import Policy


def decide_people(command: Command, directory: Directory, situation: Situation) -> list[Fact]:
    """The facts of a command about the directory."""
    match command:
        case PlaceUnit():
            return _place(command, directory)
        case AppointPerson():
            post = _post(command.post, command.unit, directory, situation.policy)
            if command.person in directory.holders(post, situation.at):
                raise Refused("person", f"{command.person} is already in that post")
            return [PersonAppointed(person=command.person, role=post.role, unit=post.unit)]
        case MovePerson():
            left = _post(command.from_post, command.from_unit, directory, situation.policy)
            taken = _post(command.post, command.unit, directory, situation.policy)
            _require_holder(command.person, left, directory, situation)
            return [
                PersonMoved(
                    person=command.person,
                    from_role=left.role,
                    from_unit=left.unit,
                    role=taken.role,
                    unit=taken.unit,
                )
            ]
        case LeavePost():
            post = _post(command.post, command.unit, directory, situation.policy)
            _require_holder(command.person, post, directory, situation)
            return [PersonLeft(person=command.person, role=post.role, unit=post.unit)]
        case TrainPerson():
            if command.until is not None and command.until < local_date(situation.at):
                raise Refused("until", f"{command.until} is before the day of the training")
            return [PersonTrained(person=command.person, until=command.until)]
    raise Refused("command", f"{command.command} is not about the directory")


def _place(command: PlaceUnit, directory: Directory) -> list[Fact]:
    if command.kind == "service" and command.parent:
        raise Refused("parent", "a service stands by itself")
    if command.kind == "team" and directory.kinds.get(command.parent or "") != "service":
        raise Refused("parent", f"a team belongs to a service; {command.parent or 'nothing'} is none")
    known = directory.kinds.get(command.unit)
    if known is not None and (known, directory.parents[command.unit]) == (command.kind, command.parent):
        raise Refused("unit", f"{command.unit} is already placed there")
    return [UnitPlaced(unit=command.unit, kind=command.kind, parent=command.parent)]


def _post(role: str, unit: str | None, directory: Directory, policy: Policy) -> Post:
    known = policy.roles.get(role)
    if known is None:
        raise Refused("post", f"unknown role {role}")
    if known.scope == "authority":
        if unit:
            raise Refused("unit", f"{role} is a post of the whole authority")
        return Post(role)
    if directory.kinds.get(unit or "") != known.scope:
        raise Refused("unit", f"{role} is a post of a {known.scope}; {unit or 'nothing'} is none")
    return Post(role, unit)


def _require_holder(person: str, post: Post, directory: Directory, situation: Situation) -> None:
    if person not in directory.holders(post, situation.at):
        raise Refused("person", f"{person} is not in the post {post.role}{f' of {post.unit}' if post.unit else ''}")
