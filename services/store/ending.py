"""The end of tasks that wait for the server."""

import asyncio
from typing import Any

MOMENT = 0.05
"""How long a task that was told to end is waited for, in seconds, before it is told once more."""


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """End them, and return when all of them have ended; what they raised stays theirs.

    One to which a message came just then is told again: a `wait_for` of the client takes the first word for done
    (Python 3.11).
    """
    going = set(tasks)
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=MOMENT)
