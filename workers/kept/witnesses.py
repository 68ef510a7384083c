"""What the views and the sweeper have read of each history, held against the history itself.

A stream that was put back from an older backup, or cut, and has grown again since shows neither by its length nor by
its numbers: only the events themselves tell.
"""

import asyncio
import hashlib
from collections.abc import Iterable

from nats.aio.client import Client
from sqlalchemy import Engine

from events.envelope import HASH, ID
from events.errors import RolledBack
from events.subjects import stream_name
from projections.generations import LastEvent, last_events, remember
from services.log import Log
from services.store.damage import Damage
from services.store.messages import RawMessage
from services.store.source import Source
from workers.kept import outlooks
from workers.kept.outlooks import Place

log = Log(__name__)


def read(engine: Engine | None) -> dict[str, int]:
    """The highest position that any of them has read, by authority; empty where nothing was ever kept."""
    found: dict[str, int] = {}
    if engine is None:
        return found
    reached = [(each.authority, each.position) for each in last_events(engine)]
    reached += ((each.authority, each.position) for each in outlooks.places(engine).values())
    for authority, position in reached:
        found[authority] = max(found.get(authority, 0), position)
    return found


async def compare(client: Client, authorities: Iterable[str], engine: Engine | None) -> None:
    """RolledBack when one of them has read an event that its history does not hold, or holds as another one.

    Nothing is done where no view was ever kept. A checkpoint of before events were remembered is believed once, and
    what stands at its position is remembered from then on.
    """
    if engine is None:
        return
    kept, swept = await asyncio.to_thread(last_events, engine), await asyncio.to_thread(outlooks.places, engine)
    for authority in authorities:
        if reason := await departure(client, authority, [each for each in kept if each.authority == authority], engine):
            raise RolledBack(authority, reason)
        source = Source(client, stream_name(authority))
        if authority in swept and (reason := await strayed(source, swept[authority])):
            raise RolledBack(authority, reason)


async def departure(client: Client, authority: str, kept: Iterable[LastEvent], engine: Engine) -> str | None:
    """In what the history is not what these views have read of it; None when it is, but for accepted damage."""
    source = Source(client, stream_name(authority))
    damage = Damage(source)
    found: dict[int, tuple[str, str] | None] = {}
    for each in kept:
        if not each.position:
            continue
        if each.position not in found:
            message = await source.at(each.position)
            found[each.position] = (message.headers.get(ID, ""), message.headers.get(HASH, "")) if message else None
        stands = found[each.position]
        lost = stands is None or each.fingerprint not in {None, stands[1]}
        if lost and await damage.learnt_stand_in(each.position):
            continue
        if stands is None:
            return f"view {each.view} has read event {each.position}, but {await _end(source, each.position)}"
        if each.fingerprint is None:
            await asyncio.to_thread(remember, engine, each, *stands)
            log.info("checkpoint remembers its event from now on", view=each.view, authority=authority)
        elif each.fingerprint != stands[1]:
            other = f"{stands[0]} stands there now"
            return f"view {each.view} has read event {each.position} as {each.event_id}, but {other}"
    return None


async def strayed(source: Source, place: Place) -> str | None:
    """In what the history is not what the sweeper has read of it; None when it is, but for accepted damage."""
    if not place.position:
        return None
    there = await source.at(place.position)
    if there is not None and fingerprint(there) == place.fingerprint:
        return None
    if await Damage(source).learnt_stand_in(place.position):
        return None
    if there is not None:
        return f"the sweeper has read event {place.position} as another one than stands there now"
    return f"the sweeper has read event {place.position}, but {await _end(source, place.position)}"


def fingerprint(message: RawMessage) -> str:
    """Which event a message is, whoever wrote it, and whichever copy of the stream was asked."""
    told = f"{message.subject}\n{message.headers.get(ID, '')}\n{message.headers.get(HASH, '')}"
    return hashlib.sha256(told.encode()).hexdigest()


async def _end(source: Source, position: int) -> str:
    end = await source.last_sequence()
    return f"it ends at {end}" if end < position else "that is not there any more"
