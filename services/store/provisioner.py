"""The one place that creates streams and buckets; everybody else only checks that they are as made here.

Creating is a right that services' accounts do not have: an update could take history from a stream that
forbids deleting.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from nats.aio.client import Client

from events import subjects
from events.errors import BrokenHistory, Drifted
from services.store.errors import StoreUnavailable
from services.store.fitness import check_server
from services.store.source import ApiRefused, api

log = structlog.get_logger(__name__)

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
    """How many copies to keep, and how large the event stream may grow (-1: as large as the disk allows)."""

    replicas: int = 1
    max_bytes: int = -1

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
    client: Client, authorities: Iterable[str], layout: Layout, *, within: float = 10.0
) -> tuple[str, ...]:
    """Create what is missing for each authority; the names of the streams that were created.

    A repeat creates nothing. What exists is never changed, but for a key bucket of the first days, which gets the
    guards of today (see `_guard_keys`): Drifted when it is not as `layout` says. StoreUnavailable when the server
    cannot be reached or is not fit for us.
    """
    await check_server(client, within=within)
    created = []
    for authority in authorities:
        for config in layout.streams(authority):
            try:
                await api(client, f"STREAM.INFO.{config['name']}", within=within)
            except ApiRefused as refused:
                if refused.code != NO_STREAM:
                    raise StoreUnavailable(f"stream {config['name']}: {refused}") from refused
                await _create(client, config, within=within)
                created.append(config["name"])
            await _guard_keys(client, config, within=within)
            await _check_stream(client, config, within=within)
    return tuple(created)


async def check(client: Client, authorities: Iterable[str], layout: Layout, *, within: float = 10.0) -> None:
    """Every process calls this at its start.

    Drifted names the first stream and setting that is not as provisioned (`exists` when the stream is missing),
    BrokenHistory an event stream that has lost messages, StoreUnavailable a server that is not fit.
    """
    await check_server(client, within=within)
    for authority in authorities:
        for config in layout.streams(authority):
            await _check_stream(client, config, within=within)


async def _create(client: Client, config: Config, *, within: float) -> None:
    wanted = {name: value for name, value in config.items() if value is not None}
    try:
        await api(client, f"STREAM.CREATE.{config['name']}", wanted, within=within)
    except ApiRefused as refused:
        if refused.code != NAME_TAKEN:  # made by another provisioner meanwhile: the check that follows judges it
            raise StoreUnavailable(f"stream {config['name']}: {refused}") from refused


FIRST_KEYS: Config = {
    "max_msgs_per_subject": 8,
    "discard_new_per_subject": False,
    "allow_rollup_hdrs": True,
    "allow_atomic": False,
    "deny_purge": False,
}
"""How key buckets were made in the first days: one message with a roll-up could destroy every key in them."""


async def _guard_keys(client: Client, config: Config, *, within: float) -> None:
    """Give a key bucket that is as it was made in the first days the guards of today, and log that.

    Exactly that change and no other. Drifted, with nothing changed, where an entry has older revisions: the new limit
    would drop them, and what is dropped can no longer be overwritten (`JetStreamBucket.tidy` does that first).
    """
    if not config["name"].startswith("KV_"):
        return
    info = await api(client, f"STREAM.INFO.{config['name']}", within=within)
    live, state = info["config"], info["state"]
    if any((live.get(setting) or None) != (was or None) for setting, was in FIRST_KEYS.items()):
        return
    if older := state["messages"] - state.get("num_subjects", 0):
        found = f"8, and {older} older revisions would be dropped without being overwritten"
        raise Drifted(config["name"], "max_msgs_per_subject", 1, found)
    wanted = {**live, **{setting: config[setting] for setting in FIRST_KEYS}}
    await api(client, f"STREAM.UPDATE.{config['name']}", wanted, within=within)
    log.warning("key bucket guarded", stream=config["name"], settings=sorted(FIRST_KEYS))


async def _check_stream(client: Client, config: Config, *, within: float) -> None:
    name = config["name"]
    try:
        info = await api(client, f"STREAM.INFO.{name}", within=within)
    except ApiRefused as refused:
        if refused.code == NO_STREAM:
            raise Drifted(name, "exists", wanted=True, found=False) from refused
        raise StoreUnavailable(f"stream {name}: {refused}") from refused
    live = info["config"]
    for setting, wanted in config.items():
        found = live.get(setting)
        if (found or None) != (wanted or None):  # the server leaves out what is off or zero
            raise Drifted(name, setting, wanted, found)
    if config["deny_delete"]:
        _check_whole(name, info["state"])


def _check_whole(name: str, state: Mapping[str, Any]) -> None:
    """A stream that forbids deleting has every sequence from 1 on."""
    last, first = state["last_seq"], state["first_seq"]
    missing = last - state["messages"]
    if missing or (last and first != 1):
        raise BrokenHistory(f"stream {name}", f"{missing} of {last} messages are missing")
