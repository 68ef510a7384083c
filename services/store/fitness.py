"""Whether a server is fit to keep history: new enough, with JetStream, and on the disk before it acknowledges."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.store.errors import StoreUnavailable
from services.store.source import ApiRefused, api

MINIMUM_VERSION = (2, 12)
"""Message schedules and atomic batches came with this version; batched direct get with the one before."""

MAX_SKEW = timedelta(seconds=60)
"""How far a machine's clock may be off the server's. Every event is dated by it; a time service keeps milliseconds, so
a minute means that there is none."""


async def check_server(client: Client, *, within: float = 10.0) -> None:
    """StoreUnavailable when the server is too old, JetStream is off, or nobody answers in time."""
    version = client.connected_server_version
    wanted = ".".join(map(str, MINIMUM_VERSION))
    if (version.major, version.minor) < MINIMUM_VERSION:
        raise StoreUnavailable(f"nats-server {version.major}.{version.minor} is too old: {wanted} or newer is needed")
    try:
        await api(client, "INFO", within=within)
    except ApiRefused as error:
        raise StoreUnavailable(
            f"nats-server has no JetStream for this account: {wanted} or newer is needed, with JetStream on ({error})"
        ) from error
    except StoreUnavailable as error:  # a cluster that lost a server chooses anew who leads
        raise StoreUnavailable(f"{error}; try again soon, or see that nats-server runs with JetStream on") from error


def skew(info: Mapping[str, Any], now: datetime) -> timedelta:
    """How far our clock is ahead of the server's, which says its time with what it tells of a stream."""
    return now - datetime.fromisoformat(info["ts"])


def require_same_time(info: Mapping[str, Any], now: datetime) -> None:
    """StoreUnavailable when our clock is more than `MAX_SKEW` off the server's: what we record would be dated by it."""
    ahead = skew(info, now)
    if abs(ahead) > MAX_SKEW:
        word = "ahead of" if ahead > timedelta() else "behind"
        seconds = round(abs(ahead).total_seconds())
        raise StoreUnavailable(
            f"the clock of this machine is {seconds} seconds {word} the server's, which may be {MAX_SKEW.seconds} at"
            " most: set it right"
        )


class DiskUse(NamedTuple):
    """Bytes that a server stores, of those that it may (0 or less: it says no limit)."""

    server: str
    used: int
    allowed: int


async def check_disk(system: Client, *, servers: int = 1, within: float = 5.0) -> tuple[DiskUse, ...]:
    """What each server stores; StoreUnavailable when one acknowledges before the disk, or fewer than `servers` answer.

    Only the system account can see that setting, so this is for whoever provisions or watches the servers. A service
    cannot ask; it relies on the configurations that we ship, which all say `sync_interval: always`.
    """
    answers: asyncio.Queue[Msg] = asyncio.Queue()
    inbox = system.new_inbox()
    listening = await system.subscribe(inbox, cb=answers.put)
    try:
        await system.publish("$SYS.REQ.SERVER.PING.JSZ", b"{}", reply=inbox)
        async with asyncio.timeout(within):
            return tuple([_judge_disk((await answers.get()).data) for _ in range(servers)])
    except (TimeoutError, nats.errors.Error) as error:
        raise StoreUnavailable(f"fewer than {servers} servers told the system account how they write") from error
    finally:
        with suppress(nats.errors.Error):  # a connection that closed has ended it
            await listening.unsubscribe()


def _judge_disk(data: bytes) -> DiskUse:
    if not data:  # nobody answers: this is not the system account
        raise StoreUnavailable("no server told this account how it writes: it must be the system account")
    answer = orjson.loads(data)
    name = answer.get("server", {}).get("name", "unknown")
    told = answer.get("data", {})
    config = told.get("config") or {}
    if not config.get("sync_always"):
        raise StoreUnavailable(f"nats-server {name}: acknowledges before the disk; it needs sync_interval: always")
    return DiskUse(name, told.get("storage", 0), config.get("max_storage", 0))
