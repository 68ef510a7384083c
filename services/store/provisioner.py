"""The one place that creates streams and buckets; everybody else only checks that they are as made here.

Creating is a right that services' accounts do not have: an update could take history from a stream that
forbids deleting.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from nats.aio.client import Client

from events import subjects
from events.errors import Drifted, HistoryLost, NotProvisioned, SettingsError
from services.clock import Clock, shifted_clock
from services.store.damage import require_whole
from services.store.errors import StoreUnavailable
from services.store.first_keys import guard_keys
from services.store.fitness import check_server, require_same_time
from services.store.losses import GONE, NEWS, REHEARSAL, REMADE, loss_aggregate, lost, stamp
from services.store.source import ApiRefused, Source, api

NO_STREAM = 10059
NAME_TAKEN = 10058
SNAPSHOTS_KEPT = 5
SECOND = 1_000_000_000
"""The server's durations are nanoseconds."""

DUPLICATE_WINDOW = 120 * SECOND
"""Long enough for a retry after a lost answer. What comes later is caught by the expected sequence, not by this."""

Config = Mapping[str, Any]

COMMON: Config = {
    "retention": "limits",
    "max_consumers": -1,
    "max_msgs": -1,
    "max_bytes": -1,
    "max_age": 0,
    "max_msgs_per_subject": -1,
    "max_msg_size": -1,
    "storage": "file",
    "duplicate_window": DUPLICATE_WINDOW,
    "compression": "none",
    "no_ack": False,
    "sealed": False,
    "discard_new_per_subject": False,
    "deny_delete": False,
    "deny_purge": False,
    "allow_rollup_hdrs": False,
    "allow_direct": True,
    "allow_atomic": False,
    "allow_msg_ttl": False,
    "allow_msg_schedules": False,
    "allow_msg_counter": False,
    "persist_mode": None,
    "mirror": None,
    "sources": None,
    "republish": None,
    "subject_transform": None,
}
"""Every setting that could lose, hide, delay or change a message. A live stream is compared on all of them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How many copies to keep, and how large the event stream may grow (-1: as large as the disk allows).

    A `rehearsal` runs by a moved clock: its streams are marked when they are made, and no others may be used so.
    """

    replicas: int = 1
    max_bytes: int = -1
    rehearsal: bool = False

    def streams(self, authority: str) -> list[Config]:
        """The configurations of the authority's streams and of its key bucket."""
        subjects.check_authority(authority)
        return [
            self.events(authority),
            self.snapshots(authority),
            self.timers(authority),
            self.keys(authority),
        ]

    def events(self, authority: str) -> Config:
        """History: full means refused, never trimmed; nothing can be deleted, purged or aged out."""
        return self._config(
            subjects.stream_name(authority),
            subjects.all_subjects(authority),
            discard="new",
            deny_delete=True,
            deny_purge=True,
            allow_atomic=True,
            max_bytes=self.max_bytes,
        )

    def snapshots(self, authority: str) -> Config:
        """Disposable: the newest few of each aggregate, and the whole stream may be purged."""
        return self._config(
            subjects.snapshot_stream(authority),
            f"snapshots.{authority}.>",
            discard="old",
            allow_atomic=True,
            max_msgs_per_subject=SNAPSHOTS_KEPT,
        )

    def timers(self, authority: str) -> Config:
        """Armed and fired timers.

        The server refuses `discard: new` and `deny_purge` together with schedules, and sets roll-ups by
        itself. No age and no limit per subject: an age would remove armed timers before their time, a limit
        all but the last of several timers that fired on the subject of one aggregate. A fired timer ages by
        the TTL it was armed with.
        """
        return self._config(
            subjects.timer_stream(authority),
            f"timers.{authority}.>",
            discard="old",
            allow_msg_schedules=True,
            allow_msg_ttl=True,
            allow_rollup_hdrs=True,
        )

    def keys(self, authority: str) -> Config:
        """The children's wrapped keys: no age, and each entry written once and never over, whoever asks.

        Reading goes to the leader (no direct get), since a key that was erased must not be read from a copy that lags.
        Deleting a message is allowed, unlike in the client's own buckets: only that overwrites the bytes on the disk.
        """
        bucket = subjects.key_bucket(authority)
        return self._config(
            f"KV_{bucket}",
            f"$KV.{bucket}.>",
            discard="new",
            max_msgs_per_subject=1,
            discard_new_per_subject=True,
            deny_purge=True,
            allow_atomic=True,
            allow_direct=False,
        )

    def _config(self, name: str, subject: str, **settings: Any) -> Config:
        return {**COMMON, "name": name, "subjects": [subject], "num_replicas": self.replicas, **settings}


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

    A repeat creates nothing. What exists is never changed, but for a key bucket of the first days, which gets the
    guards of today (see `services.store.first_keys`): Drifted when it is not as `layout` says. HistoryLost when part of
    what the authority once had is gone: `witnessed` gives the positions that views have read. With `accept_loss` that
    is made anew and marked, and no process works on it until the loss is recorded (see `services.store.losses`).
    StoreUnavailable when the server cannot be reached or is not fit for us.
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


def _lost(layout: Layout, authority: str, found: Mapping[str, Any], read: int) -> set[str]:
    states = {name: info["state"] if info else None for name, info in found.items()}
    names = [kind(authority)["name"] for kind in (layout.events, layout.keys, layout.snapshots, layout.timers)]
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
    for setting, wanted in config.items():
        found = live.get(setting)
        if (found or None) != (wanted or None):  # the server leaves out what is off or zero
            raise Drifted(name, setting, wanted, found)
    if layout.rehearsal and REHEARSAL not in (live.get("metadata") or {}):
        raise SettingsError(
            f"setting SIGHTLINE_CLOCK_OFFSET: stream {name} was not made for a rehearsal, and the clock of real history"
            " is never moved; rehearse in a data folder or on a server of its own"
        )
    if config["deny_delete"]:
        await require_whole(Source(client, name, timeout=within), info["state"])
    return info
