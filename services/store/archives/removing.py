"""Taking archived events out of a stream that forbids deleting: a right of the provisioner alone.

The server removes what is oldest when a stream may hold fewer messages than it does and drops the old ones. Whatever
came in at that moment would count as well, so the stream takes no message from before its end is asked until its own
settings are back: half a second for a hundred thousand events, in which writers wait. A kill in between leaves it so:
nothing can be written, nothing more is removed, and the repeat puts the settings back first.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

from nats.aio.client import Client

from events import registry, subjects
from events.archives import HistoryArchived
from events.envelope import TYPE
from events.errors import BrokenHistory
from services.store.errors import StoreUnavailable
from services.store.layout import Config
from services.store.losses import ARCHIVED, archived_through
from services.store.source import ApiRefused, Source, api

AT_ONCE = 100_000
"""Events that are removed before writers have their turn again."""

TAKES_NOTHING: Config = {"max_msg_size": 1}
STEADY = 0.02
"""Seconds in which the end of a stream that takes nothing must not move: what had come before is stored by then."""

Stage = Callable[[str], None]
"""Told what was just done."""


def is_closed(live: Config) -> bool:
    """Whether a stream, by its live settings, takes nothing because events are being removed from it."""
    return live.get("max_msg_size") == 1 and ARCHIVED in (live.get("metadata") or {})


async def reopen(client: Client, config: Config, *, within: float = 10.0) -> bool:
    """Put the settings back that a removal which was cut short has left; whether there was one."""
    live = (await _info(client, config, within))["config"]
    if not is_closed(live):
        return False
    await _update(client, config, live.get("metadata"), {}, within)
    return True


async def require_right(client: Client, config: Config, *, within: float = 3.0) -> None:
    """StoreUnavailable unless the account may change the stream, which is given the very settings that it has."""
    live = (await _info(client, config, within))["config"]
    try:
        await _update(client, config, live.get("metadata"), {}, within)
    except StoreUnavailable as error:
        told = "it was not changed by this account; that takes the provisioner's (SIGHTLINE_NATS_PROVISIONER)"
        raise StoreUnavailable(f"stream {config['name']}: {told}: {error}") from error


async def left_open(source: Source, authority: str) -> tuple[int, int] | None:
    """The first and the last event whose removal stands on record, or had begun, and that the stream still holds.

    None where nothing was begun, or all was finished. Whoever was killed at a removal leaves it so; its repeat goes on.
    """
    info = await source.info()
    first, mark = int(info["state"]["first_seq"]), archived_through(info["config"])
    if first <= mark:
        return first, mark
    records = await source.subjects(subjects.aggregate_subject(authority, "archive/*"))
    newest = max(records, key=lambda each: int(each.rpartition(".")[2]), default=None)
    last = await source.last_of(newest) if newest else None
    fact = registry.decode(last.headers.get(TYPE, ""), last.data) if last else None
    if isinstance(fact, HistoryArchived) and fact.first > mark:  # it is recorded before anything is removed
        return max(first, mark + 1), fact.last
    return None


async def remove_through(
    client: Client,
    config: Config,
    through: int,
    *,
    spare: int,
    stage: Stage = lambda _: None,
    within: float = 30.0,
) -> int:
    """Remove the events up to a position from the stream that `config` describes; how many were there.

    The caller has verified that they are archived, and that `spare` more are. A repeat removes what is left.
    StoreUnavailable where the account may not do it or the server does not answer; a repeat is safe.
    """
    removed = 0
    while True:
        state = (await _info(client, config, within))["state"]
        first, last = int(state["first_seq"]), int(state["last_seq"])
        upto = min(through, last - 1, max(first, 1) + AT_ONCE - 1)
        if upto < first:
            return removed
        await _remove(client, config, upto, through, stage, within)
        found = await _begun(client, config, upto, within)
        if found > through + spare + 1:
            raise BrokenHistory(
                f"stream {config['name']}", f"it begins with event {found} now, which is beyond the archive"
            )
        removed += found - first


async def _remove(client: Client, config: Config, upto: int, through: int, stage: Stage, within: float) -> None:
    live = (await _info(client, config, within))["config"]
    marks = {**(live.get("metadata") or {}), ARCHIVED: str(max(through, archived_through(live)))}
    await _update(client, config, marks, TAKES_NOTHING, within)
    stage("closed")
    last = await _end(client, config, within)
    await _update(client, config, marks, {**TAKES_NOTHING, "discard": "old", "max_msgs": last - upto}, within)
    stage("removed")
    await _begun(client, config, upto, within)
    await _update(client, config, marks, {}, within)
    stage("opened")


async def _end(client: Client, config: Config, within: float) -> int:
    """The last position of a stream that takes nothing any more, once it is sure that all that had come is stored."""
    last, steady = -1, 0
    while steady < 3:  # noqa: PLR2004 - three looks in a row
        found = int((await _info(client, config, within))["state"]["last_seq"])
        steady = steady + 1 if found == last else 0
        last = found
        await asyncio.sleep(STEADY)
    return last


async def _begun(client: Client, config: Config, upto: int, within: float) -> int:
    """The first position of the stream, once everything up to a position is gone."""
    deadline = monotonic() + within
    while True:
        first = int((await _info(client, config, within))["state"]["first_seq"])
        if first > upto:
            return first
        if monotonic() > deadline:
            raise StoreUnavailable(f"stream {config['name']}: it still holds event {first}; repeat the removal")
        await asyncio.sleep(STEADY)


async def _info(client: Client, config: Config, within: float) -> Any:
    try:
        return await api(client, f"STREAM.INFO.{config['name']}", within=within)
    except ApiRefused as refused:
        raise StoreUnavailable(f"stream {config['name']}: {refused}") from refused


async def _update(client: Client, config: Config, marks: object, settings: Config, within: float) -> None:
    # How large it may grow stays: less of it would take events away while the oldest are discarded.
    room = {"max_bytes": (await _info(client, config, within))["config"].get("max_bytes", -1)}
    wanted = {name: value for name, value in {**config, **room, **settings}.items() if value is not None}
    if marks:
        wanted["metadata"] = marks
    try:
        await api(client, f"STREAM.UPDATE.{config['name']}", wanted, within=within)
    except ApiRefused as refused:
        raise StoreUnavailable(f"stream {config['name']}: {refused}") from refused
