"""Key buckets of the first days get the guards of today, and lose nothing on the way."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import orjson
import pytest

from events.errors import Drifted
from events.subjects import key_bucket
from services.clock import shifted_clock
from services.keyring import Erased, JetStreamBucket, Keyring, MasterKey
from services.nats_server import NatsServer, ServerConfig
from services.store.first_keys import FIRST_KEYS
from services.store.link import Link, close_link, open_link
from services.store.provisioner import Layout, check, provision
from tests.services.keyring.server_bucket import make_bucket
from tests.stores import PATIENCE

FIELD = "evidence"


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Link]:
    with NatsServer(ServerConfig(tmp_path_factory.mktemp("guarding"))) as server:
        link = open_link(server.url)
        yield link
        close_link(link)


@pytest.fixture
def first(link: Link) -> str:
    """An authority whose key bucket is as it was made in the first days."""
    authority = f"first-{uuid4().hex[:8]}"
    link.run(provision(link.client, [authority], Layout()))  # and every other stream of it is there
    link.run(link.client.request(f"$JS.API.STREAM.DELETE.KV_{key_bucket(authority)}", b"", timeout=PATIENCE))
    make_bucket(link, authority, **FIRST_KEYS)
    return authority


def live(link: Link, authority: str) -> dict[str, Any]:
    answer = link.run(link.client.request(f"$JS.API.STREAM.INFO.KV_{key_bucket(authority)}", b"", timeout=PATIENCE))
    found: dict[str, Any] = orjson.loads(answer.data)["config"]
    return found


def write(link: Link, authority: str, child: str, value: bytes) -> None:
    subject = f"$KV.{key_bucket(authority)}.{child}"
    answer = link.run(link.client.request(subject, value, timeout=PATIENCE))
    assert "error" not in orjson.loads(answer.data), answer.data


def test_guards_are_put_up(link: Link, first: str, master: MasterKey) -> None:
    """A bucket of the first days is refused by every process until it was provisioned; its keys stay, and can go."""
    ring = Keyring(first, master, JetStreamBucket(link, first), clock=shifted_clock())
    sealed = ring.seal("C-1", FIELD, "text")
    with pytest.raises(Drifted):
        link.run(check(link.client, [first], Layout()))
    with pytest.raises(Drifted):
        ring.erase("C-1")
    link.run(provision(link.client, [first], Layout()))
    link.run(check(link.client, [first], Layout()))
    again = Keyring(first, master, JetStreamBucket(link, first), clock=shifted_clock())
    assert again.unseal(sealed, FIELD) == "text"
    assert again.erase("C-1")
    assert again.unseal(sealed, FIELD) == Erased("C-1", 1)


def test_older_revisions_are_overwritten_first(link: Link, first: str) -> None:
    """Where an entry has older revisions nothing is changed; once they are overwritten, it is."""
    for value in (b"one", b"two", b"three"):
        write(link, first, "C-1", value)
    write(link, first, "C-2", b"only")
    with pytest.raises(Drifted, match=r"8, and 2 older revisions"):
        link.run(provision(link.client, [first], Layout()))
    assert live(link, first)["max_msgs_per_subject"] == 8
    bucket = JetStreamBucket(link, first)
    assert bucket.tidy() == 2
    assert bucket.tidy() == 0
    link.run(provision(link.client, [first], Layout()))
    assert bucket.get(["C-1", "C-2"]) == {"C-1": b"three", "C-2": b"only"}


@pytest.mark.parametrize(
    "other", [{"max_msgs_per_subject": 5}, {"allow_rollup_hdrs": False}, {"max_age": 3600 * 10**9}]
)
def test_any_other_bucket_is_left_alone(link: Link, other: dict[str, Any]) -> None:
    """A bucket that differs in any other way is named and not changed into what it should be."""
    authority = f"other-{uuid4().hex[:8]}"
    make_bucket(link, authority, **{**FIRST_KEYS, **other})
    with pytest.raises(Drifted):
        link.run(provision(link.client, [authority], Layout()))
    for setting, value in other.items():
        assert (live(link, authority).get(setting) or False) == value
