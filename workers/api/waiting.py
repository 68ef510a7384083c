"""Waiting until a view has come to a position, so that whoever wrote reads what they wrote."""

import asyncio
from time import monotonic

from events.errors import Refused
from projections.generations import positions
from workers.doors.office import Office
from workers.doors.problems import BEHIND, Stopped

PARAMETER = "wait-for"
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.1
LONGEST_NUMBER = 18


def position_from(written: str | None) -> int | None:
    """The position that somebody wrote; None where nobody did. Refused for what is none."""
    if written is None:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) <= LONGEST_NUMBER):
        raise Refused(PARAMETER, "is not a valid position; write the Sightline-Position of an answer")
    return int(written)


async def wait_for(office: Office, authority: str, view: str, position: int | None) -> None:
    """Return once the view has come to the position; at once without one.

    Stopped with the kind BEHIND when it has not within the time that the settings give, Refused for a position that
    nobody was ever given.
    """
    if position is None:
        return
    pause, deadline = FIRST_PAUSE, monotonic() + office.system.settings.api_wait_seconds
    while (reached := await office.ask(_reached, office, authority, view)) < position:
        end = await office.ask(office.system.history(authority).position)
        if position > end:
            raise Refused(PARAMETER, f"nothing was ever recorded at {position}; the newest position is {end}")
        if monotonic() > deadline:
            raise Stopped(BEHIND, f"{view} has come to {reached}, not yet to {position}", field=PARAMETER)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _reached(office: Office, authority: str, view: str) -> int:
    return positions(office.system.engine, view).get(authority, 0)
