"""Whether somebody belongs where a child's team is."""

from datetime import datetime
from typing import Literal

from services.directory.state import Directory


def shared(directory: Directory, person: str, team: str | None, kind: Literal["team", "service"], at: datetime) -> str:
    """The team itself, or the service above it, in which the person held a post at that instant; "" for none.

    A post in the service is none in its teams; a post in a team is one in the service above it.
    """
    units = [post.unit for post in directory.held_by(person, at) if post.unit]
    if kind == "team":
        return team if team is not None and team in units else ""
    service = directory.unit_of_kind(team, "service", at)
    own = {directory.unit_of_kind(unit, "service", at) for unit in units}
    return service if service is not None and service in own else ""
