"""The one place that creates streams and buckets; everybody else only checks that they are as made here.

Creating is a right that services' accounts do not have: an update could take history from a stream that
forbids deleting.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from nats.aio.client import Client

from events import subjects
from events.errors import BeingArchived, Drifted, HistoryLost, NotProvisioned, SettingsError
from services.clock import Clock, shifted_clock
from services.store.allowed import not_allowed, require_allowed
from services.store.archives.removing import is_closed
from services.store.archives.verifying import require_archives
from services.store.damage import require_whole
from services.store.errors import StoreUnavailable
from services.store.first_keys import guard_keys
from services.store.fitness import check_server, require_same_time
from services.store.layout import Config, Layout
from services.store.losses import GONE, NEWS, REHEARSAL, REMADE, loss_aggregate, lost, stamp
from services.store.source import ApiRefused, Source, api

__all__ = ["Layout", "check", "provision", "remade"]

NO_STREAM = 10059
NAME_TAKEN = 10058
ROOM = "max_bytes"


async def provision(
    client: Client,
    authorities: Iterable[str],
    layout: Layout,
    *,
    witnessed: Mapping[str, int] = MappingProxyType({}),
    accept_loss: bool = False,
    within: float = 10.0,
) -> tuple[str, ...]:
    """Create what is missing for each authority, all of its streams or none; the names of those that were created.

    A repeat creates nothing. What exists is never changed, but for how large a history may grow, and for a key bucket
    of the first days, which gets the guards of today (see `services.store.first_keys`): Drifted when it is not as
    `layout` says, SettingsError when a history is larger than it may be. HistoryLost when part of what the authority
    once had is gone: `witnessed` gives the positions that views have read. With `accept_loss` that is made anew and
    marked, and no process works on it until the loss is recorded (see `services.store.losses`). StoreUnavailable when
    the server cannot be reached or is not fit for us.
    """
    await check_server(client, within=within)
    created = []
    for authority in authorities:
        configs = layout.streams(authority)
        found = {each["name"]: await _info(client, each["name"], within=within) for each in configs}
        gone = _lost(layout, authority, found, witnessed.get(authority, 0))
        if gone and not accept_loss:
            raise HistoryLost(authority, tuple(sorted(gone)), GONE)
        for config in reversed(configs):  # the event stream last: where it is, all was made
            name = config["name"]
            if found[name] is None:
                await _create(client, config, _marks(layout, remade=name in gone), within=within)
                created.append(name)
            await guard_keys(client, config, within=within)
            await _check_stream(client, config, layout, within=within)
        await _give_room(client, layout.events(authority), within=within)
    return tuple(created)


async def check(
    client: Client,
    authorities: Iterable[str],
    layout: Layout,
    *,
    clock: Clock = shifted_clock(),  # noqa: B008 - a function without state
    within: float = 10.0,
) -> None:
    """Every process calls this at its start.

    Drifted names the first stream and setting that is not as provisioned, NotProvisioned those of the authorities that
    have no streams at all, HistoryLost what is gone, BrokenHistory an event stream that has lost messages,
    StoreUnavailable a server that is not fit, or by whose clock the machine's own `clock` is more than `MAX_SKEW` off,
    SettingsError a moved clock on real history.
    """
    await check_server(client, within=within)
    named = tuple(authorities)
    for authority in named:
        configs = layout.streams(authority)
        found = {each["name"]: await _info(client, each["name"], within=within) for each in configs}
        if not any(found.values()):
            rest = [each for each in named if not await _stands(client, layout, each, within=within)]
            raise NotProvisioned(tuple(rest), layout.events(authority)["name"])
        if gone := _lost(layout, authority, found, 0):
            raise HistoryLost(authority, tuple(sorted(gone)), GONE)
        for config in configs:
            info = await _check_stream(client, config, layout, within=within)
            require_same_time(info, clock())
            await _require_record(client, authority, config["name"], info, within=within)
        await require_archives(Source(client, subjects.stream_name(authority), timeout=within), authority)


async def _give_room(client: Client, config: Config, *, within: float) -> None:
    """Let a history grow as large as the layout says. SettingsError where it is larger already.

    A history that is full takes nothing more, and loses nothing. So this much is no drift, for whoever else looks.
    """
    name, wanted = config["name"], config[ROOM]
    info = await _info(client, name, within=within)
    if info["config"].get(ROOM, -1) == wanted:
        return
    if 0 < wanted < (held := info["state"]["bytes"]):
        raise SettingsError(
            f"setting SIGHTLINE_HISTORY_BYTES: stream {name} holds {held} bytes already; give it more than {wanted}"
        )
    await api(client, f"STREAM.UPDATE.{name}", {**info["config"], ROOM: wanted}, within=within)


def _lost(layout: Layout, authority: str, found: Mapping[str, Any], read: int) -> set[str]:
    states = {name: info["state"] if info else None for name, info in found.items()}
    kinds = (layout.events, layout.keys, layout.snapshots, layout.timers, layout.published)
    names = [kind(authority)["name"] for kind in kinds]
    return lost(names[0], names[1], tuple(names[2:]), states, read)


def _marks(layout: Layout, *, remade: bool) -> dict[str, str]:
    marks = {REMADE: stamp(datetime.now(UTC))} if remade else {}
    return marks | ({REHEARSAL: "yes"} if layout.rehearsal else {})


async def _require_record(client: Client, authority: str, name: str, info: Any, *, within: float) -> None:
    """A stream that was made anew after a loss is worked on when the loss stands in the history."""
    when = (info["config"].get("metadata") or {}).get(REMADE)
    if when is None:
        return
    subject = subjects.aggregate_subject(authority, loss_aggregate(when))
    if await Source(client, subjects.stream_name(authority), timeout=within).last_of(subject) is None:
        raise HistoryLost(authority, (name,), NEWS)


async def remade(client: Client, authority: str, layout: Layout, *, within: float = 10.0) -> dict[str, tuple[str, ...]]:
    """The streams that were made anew after a loss, by the instant of it, which names the loss's record."""
    found: dict[str, tuple[str, ...]] = {}
    for config in layout.streams(authority):
        info = await _info(client, config["name"], within=within)
        when = (info["config"].get("metadata") or {}).get(REMADE) if info else None
        if when is not None:
            found[when] = (*found.get(when, ()), config["name"])
    return found


async def _stands(client: Client, layout: Layout, authority: str, *, within: float) -> bool:
    """Whether the authority has any stream here."""
    return any([await _info(client, each["name"], within=within) for each in layout.streams(authority)])


async def stands(client: Client, authority: str, *, within: float = 10.0) -> bool:
    """Whether the authority has a history here, whatever it holds and however it is kept.

    NotAllowed, at once, where the account may not ask.
    """
    name = subjects.stream_name(authority)
    await require_allowed(client, f"STREAM.INFO.{name}")
    return await _info(client, name, within=within) is not None


async def unseen(client: Client, authorities: Iterable[str]) -> frozenset[str]:
    """Those of the authorities for whose histories the account may not ask. StoreUnavailable when that is not told."""
    asked = {f"STREAM.INFO.{subjects.stream_name(each)}": each for each in authorities}
    return frozenset(asked[each] for each in await not_allowed(client, asked))


async def histories(client: Client, *, within: float = 10.0) -> frozenset[str]:
    """The authorities that have a history on the server, whatever it holds."""
    found: list[str] = []
    more = True
    while more:
        page = await api(
            client, "STREAM.NAMES", {"subject": subjects.OF_HISTORIES, "offset": len(found)}, within=within
        )
        names = page.get("streams") or []
        found += names
        more = bool(names) and len(found) < page["total"]
    return frozenset(map(subjects.authority_of, found))


async def _info(client: Client, name: str, *, within: float) -> Any:
    """What the server says of a stream; None where there is none."""
    try:
        return await api(client, f"STREAM.INFO.{name}", within=within)
    except ApiRefused as refused:
        if refused.code == NO_STREAM:
            return None
        raise StoreUnavailable(f"stream {name}: {refused}") from refused


async def _create(client: Client, config: Config, marks: Mapping[str, str], *, within: float) -> None:
    wanted = {name: value for name, value in config.items() if value is not None}
    if marks:
        wanted["metadata"] = marks
    try:
        await api(client, f"STREAM.CREATE.{config['name']}", wanted, within=within)
    except ApiRefused as refused:
        if refused.code != NAME_TAKEN:  # made by another provisioner meanwhile: the check that follows judges it
            raise StoreUnavailable(f"stream {config['name']}: {refused}") from refused


async def _check_stream(client: Client, config: Config, layout: Layout, *, within: float) -> Any:
    name = config["name"]
    info = await _info(client, name, within=within)
    if info is None:
        raise Drifted(name, "exists", wanted=True, found=False)
    live = info["config"]
    if is_closed(live):
        raise BeingArchived(name)
    for setting, wanted in config.items():
        if setting == ROOM and config["deny_delete"] and config["discard"] == "new":
            continue  # how large a history may grow: see `_give_room`
        found = live.get(setting)
        if (found or None) != (wanted or None):  # the server leaves out what is off or zero
            raise Drifted(name, setting, wanted, found)
    if layout.rehearsal and REHEARSAL not in (live.get("metadata") or {}):
        raise SettingsError(
            f"setting SIGHTLINE_CLOCK_OFFSET: stream {name} was not made for a rehearsal, and the clock of real history"
            " is never moved; rehearse in a data folder or on a server of its own"
        )
    if config["deny_delete"] and not config["max_age"]:  # what ages begins anywhere
        await require_whole(Source(client, name, timeout=within), info["state"])
    return info
