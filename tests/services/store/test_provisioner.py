"""Provisioning: made once, never changed in silence, and any difference named."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nats.aio.client import Client

from events import subjects
from events.errors import BrokenHistory, Drifted, SettingsError, Unavailable
from services.nats_server import LOOPBACK, NatsServer, ServerConfig, server_binary
from services.store.errors import StoreUnavailable
from services.store.fitness import check_disk, check_server
from services.store.link import Link, close_link, connect, open_link
from services.store.provisioner import Layout, check, provision
from services.store.source import api
from tests.services.store.test_appending import facts
from tests.stores import PATIENCE, Store


def live(store: Store, stream: str) -> dict[str, Any]:
    return dict(store.link.run(api(store.link.client, f"STREAM.INFO.{stream}", within=PATIENCE))["config"])


def update(store: Store, stream: str, **settings: Any) -> None:
    config = live(store, stream) | settings
    store.link.run(api(store.link.client, f"STREAM.UPDATE.{stream}", config, within=PATIENCE))


def test_provisioning_twice_creates_once(store: Store) -> None:
    """The first run names the five streams it made, the second makes none, and the check agrees with both."""
    authority = store.authority()  # provisions
    again = store.link.run(provision(store.link.client, [authority], store.layout))
    assert again == ()
    other = f"{authority}-other"
    made = store.link.run(provision(store.link.client, [authority, other], store.layout))
    assert made == (
        f"KV_{subjects.key_bucket(other)}",
        subjects.published_stream(other),
        subjects.timer_stream(other),
        subjects.snapshot_stream(other),
        subjects.stream_name(other),
    )
    store.link.run(check(store.link.client, [authority, other], store.layout))


DRIFT = [
    ("events", {"max_age": 3600 * 10**9}),
    ("events", {"max_msgs": 1_000_000}),
    ("snapshots", {"max_bytes": 10**9}),
    ("events", {"max_msgs_per_subject": 1_000}),
    ("events", {"max_msg_size": 100_000}),
    ("events", {"discard": "old"}),
    ("events", {"duplicate_window": 10**9}),
    ("events", {"allow_direct": False}),
    ("events", {"allow_atomic": False}),
    ("events", {"no_ack": True}),
    ("events", {"subjects": ["elsewhere.>"]}),
    ("events", {"compression": "s2"}),
    ("events", {"republish": {"src": ">", "dest": "copy.>"}}),
    ("snapshots", {"max_msgs_per_subject": 1}),
    ("timers", {"max_age": 3600 * 10**9}),
    ("timers", {"max_msgs_per_subject": 1}),
    ("keys", {"max_age": 3600 * 10**9}),
    ("keys", {"max_msgs_per_subject": 5}),
    ("keys", {"allow_direct": True}),
    ("keys", {"discard_new_per_subject": False}),
    ("keys", {"allow_atomic": False}),
]


@pytest.mark.covers("A-ALL-16")
@pytest.mark.parametrize(
    ("kind", "change"), DRIFT, ids=lambda each: each if isinstance(each, str) else next(iter(each))
)
def test_every_drift_is_named(single_store: Store, kind: str, change: dict[str, Any]) -> None:
    """A live setting that differs is named with its stream by check and provisioner, and left as it is."""
    authority = single_store.authority()
    stream = getattr(Layout(), kind)(authority)["name"]
    update(single_store, stream, **change)
    setting = next(iter(change))
    for judge in (check, provision):
        with pytest.raises(Drifted) as drifted:
            single_store.link.run(judge(single_store.link.client, [authority], Layout()))
        assert (drifted.value.stream, drifted.value.setting) == (stream, setting)
    for name, value in change.items():
        assert live(single_store, stream).get(name, False) == value


def test_the_room_of_a_history_is_a_setting(single_store: Store) -> None:
    """More or less room is given to what is there, by the provisioner alone; nothing of what it holds is lost."""
    authority = single_store.authority()
    stream, link = subjects.stream_name(authority), single_store.link
    single_store.recorder(authority).insert_events(facts(authority, "audit/A-1", *range(1, 6)))
    for room in (10**9, 10**6, -1):
        layout = Layout(max_bytes=room)
        link.run(check(link.client, [authority], layout))
        link.run(provision(link.client, [authority], layout))
        assert live(single_store, stream)["max_bytes"] == room
        link.run(check(link.client, [authority], Layout()))
    with pytest.raises(SettingsError, match=r"SIGHTLINE_HISTORY_BYTES: stream .* holds [0-9]+ bytes already"):
        link.run(provision(link.client, [authority], Layout(max_bytes=100)))
    assert live(single_store, stream)["max_bytes"] == -1
    assert len(single_store.recorder(authority).select_notifications(1, 10)) == 5


def test_streams_made_otherwise_are_named(single_store: Store) -> None:
    """A stream that somebody else made without our guards is refused by its first missing guard."""
    wanted = dict(Layout().events("elsewhere"))
    for guard in ("deny_delete", "deny_purge"):
        config = {name: value for name, value in (wanted | {guard: False}).items() if value is not None}
        name = config["name"]
        single_store.link.run(api(single_store.link.client, f"STREAM.CREATE.{name}", config, within=PATIENCE))
        with pytest.raises(Drifted) as drifted:
            single_store.link.run(provision(single_store.link.client, ["elsewhere"], Layout()))
        assert drifted.value.setting == guard
        single_store.link.run(api(single_store.link.client, f"STREAM.DELETE.{name}", within=PATIENCE))


def test_missing_stream_is_named(single_store: Store) -> None:
    """An authority that was never provisioned stops a process at its start."""
    with pytest.raises(Drifted) as drifted:
        single_store.link.run(check(single_store.link.client, ["nowhere"], Layout()))
    assert (drifted.value.stream, drifted.value.setting) == (subjects.stream_name("nowhere"), "exists")


def test_other_number_of_copies_is_named(replicated_store: Store) -> None:
    """Three copies where one is wanted, or the reverse, is drift like any other."""
    authority = replicated_store.authority()
    with pytest.raises(Drifted) as drifted:
        replicated_store.link.run(
            check(replicated_store.link.client, [authority], replace(replicated_store.layout, replicas=1))
        )
    assert drifted.value.setting == "num_replicas"


def test_history_taken_by_an_update_is_noticed(single_store: Store) -> None:
    """An update can still remove history from a stream that forbids deleting; even when it was undone, it shows."""
    authority = single_store.authority()
    recorder = single_store.recorder(authority)
    js = single_store.link.client.jetstream()
    for number in range(5):
        single_store.link.run(
            js.publish(f"sightline.{authority}.audit.A-{number}", b"{}", headers={"Sightline-Version": "1"})
        )
    update(single_store, subjects.stream_name(authority), max_msgs=2, discard="old")
    update(single_store, subjects.stream_name(authority), max_msgs=-1, discard="new")
    with pytest.raises(BrokenHistory, match="3 of 5 messages are missing"):
        single_store.link.run(check(single_store.link.client, [authority], Layout()))
    with pytest.raises(BrokenHistory, match="sequence 1 is missing"):
        recorder.select_notifications(1, 10)


def test_authority_that_is_no_subject_is_refused(single_store: Store) -> None:
    """A name that could reach other subjects makes no stream."""
    with pytest.raises(ValueError, match="lower-case"):
        single_store.link.run(provision(single_store.link.client, ["*"], Layout()))


def test_old_server_is_refused_by_version(single_store: Store) -> None:
    """A server without schedules and batches is refused with the version that is needed."""
    old = SimpleNamespace(connected_server_version=SimpleNamespace(major=2, minor=11))
    with pytest.raises(Unavailable, match=re.escape("2.11 is too old: 2.12 or newer is needed")):
        single_store.link.run(check_server(cast("Client", old)))


@contextmanager
def server_without_jetstream(tmp_path: Path) -> Iterator[str]:
    arguments = [str(server_binary()), "-a", LOOPBACK, "-p", "-1", "--ports_file_dir", str(tmp_path)]
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(rf"client connections on ({LOOPBACK}:\d+)", line):
                yield f"nats://{found[1]}"
                break
    finally:
        process.terminate()
        process.communicate()


def test_server_without_jetstream_is_refused(tmp_path: Path) -> None:
    """A plain NATS server is refused with a line that says what is needed."""
    with server_without_jetstream(tmp_path) as url:
        link = open_link(url)
        with pytest.raises(Unavailable, match="with JetStream on"):
            link.run(provision(link.client, ["torbay"], Layout(), within=2))
        close_link(link)


async def test_servers_that_choose_who_leads(tmp_path: Path) -> None:
    """A server that takes the question and does not answer is neither too old nor without JetStream: it is said so."""
    with server_without_jetstream(tmp_path) as url:
        silent, asking = Client(), Client()
        await silent.connect(url)
        await silent.subscribe("$JS.API.INFO")
        await silent.flush()
        await asking.connect(url)
        with pytest.raises(Unavailable, match=r"did not answer .*; try again soon") as told:
            await check_server(asking, within=0.1)
        assert "2.12" not in str(told.value)
        await asking.close()
        await silent.close()


ACCOUNTS = """
accounts {
  SYS { users: [{user: sys, password: pw}] }
  APP { jetstream: enabled, users: [{user: app, password: pw}] }
}
system_account: SYS
"""


@pytest.mark.parametrize("sync", ["always", "2m"])
def test_server_that_acknowledges_before_the_disk_is_refused(tmp_path: Path, sync: str) -> None:
    """The system account sees whether an acknowledgement means the disk; a server where it does not is refused."""

    class Config(ServerConfig):
        def render(self) -> str:
            return super().render().replace("sync_interval: always", f"sync_interval: {sync}")

    with NatsServer(Config(tmp_path, extra=ACCOUNTS)) as server:
        link = open_link(server.url.replace("nats://", "nats://sys:pw@"))
        if sync == "always":
            (use,) = link.run(check_disk(link.client))
            assert 0 <= use.used < use.allowed
            with pytest.raises(Unavailable, match="fewer than 2"):
                link.run(check_disk(link.client, servers=2, within=0.3))
        else:
            with pytest.raises(Unavailable, match="sync_interval: always"):
                link.run(check_disk(link.client))
        close_link(link)


def test_absent_server_is_unavailable() -> None:
    """No server at the address gives one line without the secrets of the address."""
    with pytest.raises(StoreUnavailable, match=re.escape(f"NATS at {LOOPBACK}:1: no connection")) as refused:
        open_link(f"nats://user:secret@{LOOPBACK}:1", timeout=0.5)
    assert "secret" not in str(refused.value)


async def test_connection_is_usable_from_a_loop_of_ones_own(single_store: Store) -> None:
    """A worker brings its own loop and connection; the check is the same for it."""
    client = await connect(single_store.url)
    await check_server(client)
    await client.close()


def test_link_is_shared_until_the_last_user_leaves(single_store: Store) -> None:
    """One connection serves every user of an address; it closes with the last one and can be opened again."""
    url = single_store.url.replace(LOOPBACK, "localhost")
    first, second = open_link(url), open_link(url)
    assert first is second
    close_link(first)
    assert not second.is_closed
    close_link(second)
    assert second.is_closed
    third = open_link(url)
    assert isinstance(third, Link)
    assert third is not first
    close_link(third)
