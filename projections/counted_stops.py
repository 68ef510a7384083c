"""Clocks that stand still, as they are counted: since when, and with which last day they go on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from events.stopping import ClockResumed, ClockStopped

Stops = dict[tuple[str, str | None], datetime]
"""Since when a clock stands still, by ground and action."""


class CountedClock(Protocol):
    """An action as far as its clock goes."""

    due: date | None
    due_at: datetime | None
    stops: Stops


class CountedClocks(Protocol):
    """An audit as far as its clocks go: that of its return, of its moderation and of its actions."""

    due: date | None
    moderation_due: date | None
    stops: Stops

    @property
    def actions(self) -> Mapping[str, CountedClock]:
        """Its actions by their references."""
        ...


def take_stop(audit: CountedClocks, fact: ClockStopped | ClockResumed, at: datetime) -> None:
    """What stands still from now on, or goes on with another last day."""
    stop = (fact.ground, fact.action)
    if isinstance(fact, ClockStopped):
        for each in fact.stands:
            if each.of == "return":
                audit.stops[stop] = at
            elif each.action is not None and each.action in audit.actions:
                audit.actions[each.action].stops[stop] = at
        return
    for stops in (audit.stops, *(each.stops for each in audit.actions.values())):
        stops.pop(stop, None)
    for day in fact.last_days:
        if day.of == "return":
            audit.due = day.due
        elif day.of == "moderation":
            audit.moderation_due = day.due
        elif day.action is not None and day.action in audit.actions:
            action = audit.actions[day.action]
            action.due, action.due_at = day.due, day.due_at
