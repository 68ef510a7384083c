"""The keyring on a real server: its bucket keeps the promises, and an erased key leaves the disk as well."""

import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from events import subjects
from events.errors import BrokenHistory, Drifted, Refused, SettingsError, Unavailable
from services.clock import shifted_clock
from services.keyring import Bucket, Erased, JetStreamBucket, Keyring, MasterKey
from services.keyring.bucket import LARGEST_BATCH
from services.nats_server import NatsServer, ServerConfig
from services.store.link import Link, close_link, open_link
from services.store.provisioner import Layout, provision
from tests.services.keyring.server_bucket import make_bucket
from tests.stores import PATIENCE

CHILD, FIELD = "C-17", "evidence"
ANOTHER_PROCESS = """
import sys
from pathlib import Path
from services.clock import shifted_clock
from services.keyring import JetStreamBucket, Keyring, MasterKey
from services.store.link import open_link
url, authority, key = sys.argv[1:]
master = MasterKey.load_or_create(Path(key))
ring = Keyring(authority, master, JetStreamBucket(open_link(url), authority), clock=shifted_clock())
ring.record("C-0")
print("ready", flush=True)
for child in sys.stdin:
    print(ring.seal(child.strip(), "evidence", "text"), flush=True)
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keyring-nats")


@pytest.fixture(scope="module")
def link(data: Path) -> Iterator[Link]:
    with NatsServer(ServerConfig(data)) as server:
        link = open_link(server.url)
        yield link
        close_link(link)


@pytest.fixture
def authority(link: Link) -> str:
    """Give each test an authority of its own, with its bucket."""
    authority = f"test-{uuid4().hex[:8]}"
    make_bucket(link, authority)
    return authority


@pytest.fixture
def bucket(link: Link, authority: str) -> JetStreamBucket:
    return JetStreamBucket(link, authority)


@pytest.fixture
def keyring(bucket: JetStreamBucket, authority: str, master: MasterKey) -> Keyring:
    return Keyring(authority, master, bucket, clock=shifted_clock())


def on_disk(data: Path, secret: bytes) -> bool:
    return any(secret in file.read_bytes() for file in (data / "jetstream").rglob("*") if file.is_file())


def test_bucket_keeps_its_promises(bucket: Bucket) -> None:
    """Each key is written once, a repeat of the same write is no conflict, reads see every write."""
    assert bucket.get(["a", "b"]) == {}
    assert bucket.create({"a": b"1", "b": b"2"}) == {"a", "b"}
    assert bucket.create({"a": b"other", "b": b"2", "c": b"3"}) == {"b", "c"}
    assert bucket.create({"b": b"other"}) == set()
    assert bucket.get(["a", "b", "c", "d"]) == {"a": b"1", "b": b"2", "c": b"3"}
    assert bucket.create({f"_k.a.{number}": b"%d" % number for number in (2, 10, 3)} | {"_k.aa.9": b"x"})
    assert bucket.get(["_k.a.*", "_k.b.*"]) == {"_k.a.*": b"3"}, "the newest, by when it was written"
    assert set(bucket.names("_k")) == {"_k.a.2", "_k.a.10", "_k.a.3", "_k.aa.9"}
    assert bucket.names("_none") == ()
    before = bucket.removed()
    bucket.destroy("a", b"what stood here before")
    assert bucket.removed() == before
    bucket.destroy("c", b"3")
    assert (bucket.get(["c"]), bucket.removed()) == ({}, before + 1)
    before = bucket.removed()
    for key in ("a", "a", "never written"):
        bucket.destroy(key)
    assert bucket.removed() == before + 1
    assert bucket.get(["a", "b"]) == {"b": b"2"}
    assert bucket.create({"a": b"4"}) == {"a"}
    assert bucket.removed() == before + 1
    bucket.check()


def test_many_entries_at_once(bucket: Bucket) -> None:
    """More entries than one batch takes are all written; where one exists, the others are written all the same."""
    many = {f"n-{number}": b"%d" % number for number in range(2 * LARGEST_BATCH + 7)}
    assert bucket.create(many) == set(many)
    more = {f"m-{number}": b"x" for number in range(20)}
    assert bucket.create({**more, "n-5": b"other"}) == set(more)
    assert bucket.get(["n-5", "m-19"]) == {"n-5": b"5", "m-19": b"x"}


def test_life_of_a_key(keyring: Keyring, bucket: Bucket, authority: str, master: MasterKey) -> None:
    """Seal, hold, refuse, release, erase, come back: as in memory, so on the server."""
    sealed, other = keyring.seal(CHILD, FIELD, "text"), keyring.seal("C-18", FIELD, "stays")
    second = Keyring(authority, master, bucket, clock=shifted_clock())
    assert second.unseal(sealed, FIELD) == "text"
    second.hold(CHILD)
    with pytest.raises(Refused, match="legal hold"):
        keyring.erase(CHILD)
    second.release(CHILD)
    assert keyring.erase(CHILD)
    assert not keyring.erase(CHILD)
    third = Keyring(authority, master, bucket, clock=shifted_clock())
    assert third.unseal(sealed, FIELD) == Erased(CHILD, 1)
    assert third.unseal(other, FIELD) == "stays"
    assert third.unseal(third.seal(CHILD, FIELD, "new"), FIELD) == "new"


def test_erased_key_is_gone_from_the_disk(keyring: Keyring, data: Path) -> None:
    """After an erasure the server's files hold no copy of the wrapped key, of whichever revision."""
    keyring.ensure([CHILD, "C-18"])
    keyring.classify(CHILD, "care-75y")
    keyring.hold(CHILD)
    keyring.release(CHILD)
    records = keyring.record(CHILD), keyring.record("C-18")
    assert records[0]
    assert records[1]
    wrapped, kept = str(records[0].wrapped).encode(), str(records[1].wrapped).encode()
    assert on_disk(data, wrapped), "or this test would look in the wrong place"
    keyring.erase(CHILD)
    assert not on_disk(data, wrapped)
    assert not on_disk(data, b64decode(wrapped))
    assert on_disk(data, kept)


def test_two_processes_make_one_key(
    link: Link, keyring: Keyring, authority: str, tmp_path: Path, bucket: Bucket
) -> None:
    """Two processes racing for the master key's file and the same hundred children agree on every key."""
    url, key = str(link.client.connected_url and link.client.connected_url.geturl()), tmp_path / "master.key"
    command = [sys.executable, "-c", ANOTHER_PROCESS, url, authority, str(key)]
    racers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    children = "".join(f"R-{number}\n" for number in range(100))
    for racer in racers:
        assert racer.stdin
        racer.stdin.write(children)
        racer.stdin.flush()
    outputs = [racer.communicate(timeout=PATIENCE)[0].split() for racer in racers]
    ring = Keyring(authority, MasterKey.load(key), bucket, clock=shifted_clock())
    for sealed in outputs:
        assert [ring.unseal(each, FIELD) for each in sealed] == ["text"] * 100
    with pytest.raises(SettingsError, match="wrapped by the master key"):
        keyring.ensure(["C-1"])


def test_key_deleted_by_other_means(link: Link, keyring: Keyring, authority: str) -> None:
    """A key that a NATS tool emptied is reported as broken; no new key silently takes its place."""
    keyring.ensure(["C-1"])

    async def delete() -> None:
        kv = await link.client.jetstream().key_value(subjects.key_bucket(authority))
        await kv.delete(CHILD)

    link.run(delete())
    with pytest.raises(BrokenHistory, match=f"entry {CHILD} was emptied by other means"):
        keyring.seal(CHILD, FIELD, "text")


@pytest.mark.parametrize(
    ("setting", "value"), [("deny_delete", True), ("max_msgs_per_subject", 2), ("discard_new_per_subject", False)]
)
def test_bucket_made_otherwise(link: Link, master: MasterKey, setting: str, value: object) -> None:
    """On a bucket that could not overwrite an erased key, an erasure is refused and the setting named."""
    authority = f"drift-{uuid4().hex[:8]}"
    make_bucket(link, authority, **{setting: value})
    ring = Keyring(authority, master, JetStreamBucket(link, authority), clock=shifted_clock())
    sealed = ring.seal(CHILD, FIELD, "text")
    with pytest.raises(Drifted, match=setting):
        ring.erase(CHILD)
    assert ring.unseal(sealed, FIELD) == "text"


def test_provisioned_bucket_permits_erasures(link: Link) -> None:
    """The bucket that the provisioner makes is one on which an erasure is for good."""
    link.run(provision(link.client, ["provisioned"], Layout()))
    JetStreamBucket(link, "provisioned").check()


def test_no_bucket(link: Link, master: MasterKey) -> None:
    """Without a bucket everything is refused as unavailable, with the bucket's name."""
    ring = Keyring("nowhere", master, JetStreamBucket(link, "nowhere"), clock=shifted_clock())
    for act in (
        lambda: ring.seal(CHILD, FIELD, "text"),
        lambda: ring.ensure([CHILD]),
        lambda: ring.erase(CHILD),
    ):
        with pytest.raises(Unavailable, match="KV_SIGHTLINE_KEYS_NOWHERE"):
            act()
