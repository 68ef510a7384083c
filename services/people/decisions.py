"""What follows from a command about posts, holders, teams and services."""

from collections.abc import Iterator

from events.base import Fact
from events.deliveries import DeliveryBounced
from events.directory import (
    AddressDoubted,
    AddressWithdrawn,
    CalendarGiven,
    CalendarRevoked,
    PersonAddressed,
    PersonAppointed,
    PersonLeft,
    PersonMoved,
    PersonTrained,
    UnitPlaced,
)
from events.errors import Refused
from services.clock import local_date
from services.core.situation import Decided, Situation
from services.directory.addresses import FIELD
from services.directory.state import DIRECTORY, Directory, Post
from services.people.commands import (
    AddressPerson,
    AppointPerson,
    GiveCalendar,
    LeavePost,
    MovePerson,
    PlaceUnit,
    RevokeCalendar,
    TrainPerson,
    WithdrawAddress,
)


def place_unit(command: PlaceUnit, directory: Directory, situation: Situation) -> list[Fact]:
    """A service by itself, or a team under one; or the same unit elsewhere from now on."""
    if command.kind == "service" and command.parent:
        raise Refused("parent", "a service stands by itself")
    if command.kind == "team" and directory.kind_of(command.parent, situation.at) != "service":
        raise Refused("parent", f"a team belongs to a service; {command.parent or 'nothing'} is none")
    known = directory.placement(command.unit, situation.at)
    if known is not None and (known.kind, known.parent) == (command.kind, command.parent):
        raise Refused("unit", f"{command.unit} is already placed there")
    _require_kind(command, directory, situation)
    return [UnitPlaced(unit=command.unit, kind=command.kind, parent=command.parent)]


def appoint(command: AppointPerson, directory: Directory, situation: Situation) -> list[Fact]:
    """A person takes a post. Refused for one who is in it already."""
    post = _post(command.post, command.unit, directory, situation)
    if command.person in directory.holders(post, situation.at):
        raise Refused("person", f"{command.person} is already in that post")
    return [PersonAppointed(person=command.person, role=post.role, unit=post.unit)]


def move(command: MovePerson, directory: Directory, situation: Situation) -> list[Fact]:
    """A person leaves one post for another."""
    left = _held(command.person, command.from_post, command.from_unit, directory, situation)
    taken = _post(command.post, command.unit, directory, situation)
    return [
        PersonMoved(person=command.person, from_role=left.role, from_unit=left.unit, role=taken.role, unit=taken.unit)
    ]


def leave(command: LeavePost, directory: Directory, situation: Situation) -> list[Fact]:
    """A person is in a post no more."""
    post = _held(command.person, command.post, command.unit, directory, situation)
    return [PersonLeft(person=command.person, role=post.role, unit=post.unit)]


def train(command: TrainPerson, _: Directory, situation: Situation) -> list[Fact]:
    """A person stands on the register of trained auditors, until a day or for good."""
    if command.until is not None and command.until < local_date(situation.at):
        raise Refused("until", f"{command.until} is before the day of the training")
    return [PersonTrained(person=command.person, until=command.until)]


def address(command: AddressPerson, _: Directory, situation: Situation) -> list[Fact]:
    """Messages for the person go there from now on. Refused for one who holds no post."""
    situation.roll.require_in_post("person", [command.person])
    return [PersonAddressed(person=command.person, address=situation.seal(FIELD, command.address))]


def withdraw_address(command: WithdrawAddress, directory: Directory, _: Situation) -> list[Fact]:
    """No messages go to the person any more. Refused for one who has no address."""
    if command.person not in directory.addresses.held:
        raise Refused("person", f"{command.person} has no address")
    return [AddressWithdrawn(person=command.person)]


def give_calendar(command: GiveCalendar, _: Directory, situation: Situation) -> list[Fact]:
    """The address leads to what the person owes from now on. Refused for one who holds no post."""
    situation.roll.require_in_post("person", [command.person])
    return [CalendarGiven(person=command.person, secret=command.secret)]


def revoke_calendar(command: RevokeCalendar, directory: Directory, _: Situation) -> list[Fact]:
    """The address leads nowhere any more. Refused for one who has none."""
    if command.person not in directory.addresses.calendars:
        raise Refused("person", f"{command.person} has no calendar")
    return [CalendarRevoked(person=command.person)]


def doubt_address(fact: DeliveryBounced, situation: Situation) -> Iterator[Decided]:
    """A message came back: the person's address is not used until it is changed."""
    if fact.recipient in situation.directory().addresses.held:
        yield Decided(DIRECTORY, AddressDoubted(person=fact.recipient))


def _require_kind(command: PlaceUnit, directory: Directory, situation: Situation) -> None:
    """A team stays a team; a service becomes one only while no team and no post hangs on it.

    What was recorded about the unit as a team (its audits, its posts) would have no place in a service.
    """
    known = {each.kind for each in directory.placements.get(command.unit, ())} - {command.kind}
    if "team" in known:
        raise Refused("kind", f"{command.unit} is a team, and stays one")
    if "service" not in known:
        return
    hanging = directory.hanging_on(command.unit, situation.at)
    if hanging:
        raise Refused("kind", f"{command.unit} is a service with {', '.join(hanging)}; move those first")


def _post(role: str, unit: str | None, directory: Directory, situation: Situation) -> Post:
    known = situation.policy.roles.get(role)
    if known is None:
        raise Refused("post", f"unknown role {role}")
    if known.scope == "authority":
        if unit:
            raise Refused("unit", f"{role} is a post of the whole authority")
        return Post(role)
    if directory.kind_of(unit, situation.at) != known.scope:
        raise Refused("unit", f"{role} is a post of a {known.scope}; {unit or 'nothing'} is none")
    return Post(role, unit)


def _held(person: str, role: str, unit: str | None, directory: Directory, situation: Situation) -> Post:
    """The post that the person leaves, whatever has become of its unit or of the role since."""
    post = Post(role, unit)
    if person not in directory.holders(post, situation.at):
        if role not in situation.policy.roles:
            raise Refused("post", f"unknown role {role}")
        raise Refused("person", f"{person} is not in the post {role}{f' of {unit}' if unit else ''}")
    return post
