"""Whether somebody belongs where a child's team is, or where somebody else does."""

from datetime import datetime
from typing import Literal

from services.directory.state import Directory

Place = Literal["team", "service"]


def shared(directory: Directory, person: str, team: str | None, kind: Place, at: datetime) -> str:
    """The team itself, or the service above it, in which the person held a post at that instant; "" for none.

    A post in the service is none in its teams; a post in a team is one in the service above it.
    """
    units = [post.unit for post in directory.held_by(person, at) if post.unit]
    if kind == "team":
        return team if team is not None and team in units else ""
    service = directory.unit_of_kind(team, "service", at)
    own = {directory.unit_of_kind(unit, "service", at) for unit in units}
    return service if service is not None and service in own else ""


def together(directory: Directory, person: str, other: str, kind: Place, at: datetime) -> str:
    """The team, or the service, in which both held a post at that instant; "" for none.

    The service of somebody in a team is the one above it, as for a child's team.
    """
    units = [post.unit for post in directory.held_by(other, at) if post.unit]
    places = filter(None, (directory.unit_of_kind(unit, kind, at) for unit in units))
    return next(filter(None, (shared(directory, person, place, kind, at) for place in places)), "")
