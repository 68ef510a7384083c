"""Everything that a role may not do is tried, with the accounts that ship: keys and history are as before."""

import asyncio
import json
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack

import pytest
from nats.aio.client import Client

from events.subjects import key_bucket, published_stream, snapshot_stream, stream_name, timer_stream
from tests.deploy.attempts import (
    CHILD,
    EVERYBODY,
    OTHERS,
    PREFIX,
    READS,
    SERVES_ALL,
    SILENCE,
    accepted,
    answered,
    opened,
)
from tests.deploy.deployed import BUCKET, STREAM, TORBAY, Deployed
from tests.stores import PATIENCE

PUBLISHED = published_stream(TORBAY)
ROLL_UPS = [{"Nats-Rollup": "all"}, {"Nats-Rollup": "sub"}]
HEADERS: list[dict[str, str] | None] = [
    None,
    *ROLL_UPS,
    {"KV-Operation": "DEL"},
    {"KV-Operation": "PURGE", "Nats-Rollup": "sub"},
    {"Nats-TTL": "1s"},
    {"Nats-Expected-Last-Subject-Sequence": "1"},
    {"Nats-Incr": "1"},
    {"Nats-Schedule": "@every 1s", "Nats-Schedule-Target": PREFIX + CHILD},
    {"Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1", "Nats-Batch-Commit": "1"},
]


@pytest.mark.parametrize("user", EVERYBODY)
async def test_no_message_costs_a_key(
    user: str, deployed: Deployed, sealed: Callable[[], str], length: Callable[[], dict[str, int]]
) -> None:
    """No header and no number of messages replaces, drops or empties a key, from whichever account."""
    before = await asyncio.to_thread(length)
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, user)
        tries = [answered(client, PREFIX + CHILD, b"", headers) for headers in HEADERS]
        tries += [answered(client, PREFIX + CHILD, b"x%d" % number) for number in range(12)]
        tries += [answered(client, PREFIX + "F-NEW", b"", headers) for headers in ROLL_UPS]
        assert await accepted(tries) == []
    assert await asyncio.to_thread(sealed) == "still here"
    assert await asyncio.to_thread(length) == before


def edits(stream: str) -> list[tuple[str, bytes]]:
    """Every question that changes a stream or takes it away."""
    config = {"name": stream, "subjects": ["elsewhere"], "max_msgs": 1, "max_age": 10**8}
    names = ("UPDATE", "DELETE", "PURGE", "RESTORE", "SNAPSHOT", "LEADER.STEPDOWN", "PEER.REMOVE")
    seq = b'{"seq": 1}'
    return [(f"$JS.API.STREAM.{name}.{stream}", json.dumps(config).encode()) for name in names] + [
        (f"$JS.API.STREAM.MSG.DELETE.{stream}", seq),
        (f"$JS.API.STREAM.CREATE.{stream}", json.dumps(config).encode()),
        (f"$JS.API.STREAM.CREATE.M_{stream}", json.dumps({"name": f"M_{stream}", "mirror": {"name": stream}}).encode()),
        (
            f"$JS.API.STREAM.CREATE.S_{stream}",
            json.dumps({"name": f"S_{stream}", "sources": [{"name": stream}]}).encode(),
        ),
    ]


@pytest.mark.parametrize("user", [each for each in EVERYBODY if each != "provisioner"])
async def test_streams_are_not_changed_or_copied(user: str, deployed: Deployed) -> None:
    """Nobody but the provisioner makes, changes, empties, copies or removes a stream, nor deletes a message.

    The custodian deletes messages, and of its council's key bucket alone.
    """
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, user)
        tried = [
            edit
            for stream in (STREAM, BUCKET, snapshot_stream(TORBAY), timer_stream(TORBAY), published_stream(TORBAY))
            for edit in edits(stream)
            if not (user == "custodian-torbay" and edit[0].endswith(f"MSG.DELETE.{BUCKET}"))
        ]
        through = await accepted([answered(client, *edit) for edit in tried])
        assert [tried[number] for number in through] == []


async def test_provisioner_takes_no_stream_away(deployed: Deployed, length: Callable[[], dict[str, int]]) -> None:
    """The provisioner makes and sets up streams; it neither removes nor empties one, and reads no message."""
    before = await asyncio.to_thread(length)
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, "provisioner")
        tries = [
            *(f"$JS.API.STREAM.{name}.{each}" for name in ("DELETE", "PURGE") for each in (STREAM, BUCKET)),
            *(f"$JS.API.STREAM.MSG.{name}.{each}" for name in ("DELETE", "GET") for each in (STREAM, BUCKET)),
            f"$JS.API.DIRECT.GET.{STREAM}",
        ]
        assert await accepted([answered(client, each, b'{"seq": 1}') for each in tries]) == []
        raised = {"name": BUCKET, "subjects": [f"{PREFIX}>"], "max_msgs_per_subject": 8, "allow_rollup_hdrs": True}
        said = await answered(client, f"$JS.API.STREAM.UPDATE.{BUCKET}", json.dumps(raised).encode(), within=PATIENCE)
        assert "error" in said, "what was guarded stays guarded: the server lets nobody lift it"
    assert await asyncio.to_thread(length) == before


async def reads(client: Client, council: str, allowed: Collection[str] = ()) -> list[str]:
    """Which reads of a council's events and keys get an answer; one that is allowed is waited for."""
    names = {"stream": stream_name(council), "bucket": f"KV_{key_bucket(council)}"}
    subjects = [each.format_map(names) for each in READS]
    within = {each: PATIENCE if each in allowed else SILENCE for each in subjects}
    answers = await asyncio.gather(*(answered(client, each, b'{"seq": 1}', within=within[each]) for each in subjects))
    return [subject for subject, said in zip(subjects, answers, strict=True) if said is not None]


async def test_nobody_reads_what_is_not_theirs(deployed: Deployed) -> None:
    """Events and keys are read by the roles that need them, of their own council, and by no other."""
    own = {
        "services-torbay": [f"$JS.API.STREAM.MSG.GET.{STREAM}", f"$JS.API.STREAM.MSG.GET.{BUCKET}"],
        "reporting-torbay": [f"$JS.API.STREAM.MSG.GET.{STREAM}"],
        "custodian-torbay": [f"$JS.API.STREAM.MSG.GET.{STREAM}", f"$JS.API.STREAM.MSG.GET.{BUCKET}"],
        "workers": [f"$JS.API.STREAM.MSG.GET.{STREAM}"],
        "webhooks": [f"$JS.API.STREAM.MSG.GET.{STREAM}", f"$JS.API.STREAM.MSG.GET.{BUCKET}"],
        "doors": [f"$JS.API.STREAM.MSG.GET.{STREAM}", f"$JS.API.STREAM.MSG.GET.{BUCKET}"],
        "provisioner": [],
    }
    direct = {user: [f"$JS.API.DIRECT.GET.{STREAM}"] if allowed else [] for user, allowed in own.items()}
    async with AsyncExitStack() as stack:
        for user, allowed in own.items():
            client = await opened(stack, deployed, user)
            theirs = {*allowed, *direct[user]}
            assert set(await reads(client, TORBAY, theirs)) == theirs
            if user not in SERVES_ALL:
                assert await reads(client, "halton") == []
        for user in OTHERS:
            assert await reads(await opened(stack, deployed, user), TORBAY) == []


WRITES = {
    "events": "sightline.torbay.audit.EVIL",
    "erased": "sightline.torbay.child.EVIL",
    "snapshots": "snapshots.torbay.audit.EVIL",
    "published": "sightline.v1.torbay.escalation.raised",
    "timers": "timers.torbay.armed.audit.EVIL.x",
    "key": f"{PREFIX}EVIL-{{user}}",
    "number": f"{PREFIX}_number.EVIL-{{user}}",
    "tombstone": f"{PREFIX}_erased.{CHILD}.EVIL",
    "hold": f"{PREFIX}_kept.{CHILD}.99",
}
MAY_WRITE = {
    "services-torbay": {"events", "erased", "snapshots", "key", "number"},
    "workers": {"events", "erased", "snapshots", "timers", "published"},
    "doors": {"events", "snapshots", "key", "number"},
    "custodian-torbay": {"erased", "key", "number", "tombstone", "hold"},
}


@pytest.mark.parametrize("user", EVERYBODY)
async def test_nobody_publishes_where_they_may_not(user: str, deployed: Deployed) -> None:
    """Every subject of a stream is written by the roles that need it; a tombstone and a hold by the custodian alone."""
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, user)
        forbidden = [
            subject.format(user=user) for kind, subject in WRITES.items() if kind not in MAY_WRITE.get(user, set())
        ]
        others = ["$SRV.PING", "$SYS.REQ.SERVER.PING", "$JS.API.CONSUMER.LIST." + STREAM, "$JS.API.STREAM.LIST"]
        assert await accepted([answered(client, each, b"") for each in [*forbidden, *others]]) == []


CONSUMERS = ("CONSUMER.CREATE.{0}.evil", "CONSUMER.CREATE.{0}", "CONSUMER.DURABLE.CREATE.{0}.evil")
QUESTIONS = ("CONSUMER.NAMES.{0}", "CONSUMER.MSG.NEXT.{0}.view-register", "CONSUMER.DELETE.{0}.view-register")


@pytest.mark.parametrize("user", EVERYBODY)
async def test_no_consumers_on_what_is_not_theirs(user: str, deployed: Deployed) -> None:
    """The workers keep consumers, none on keys or snapshots; who posts to webhooks on what is published; no other."""
    own = {"workers": {STREAM, timer_stream(TORBAY), PUBLISHED}, "webhooks": {PUBLISHED}}.get(user, set())
    streams = {STREAM, BUCKET, snapshot_stream(TORBAY), timer_stream(TORBAY), PUBLISHED} - own
    tries = []
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, user)
        for stream in streams:
            config = {"name": "evil", "durable_name": "evil", "ack_policy": "none", "inactive_threshold": 10**9}
            body = json.dumps({"stream_name": stream, "config": config}).encode()
            tries += [answered(client, "$JS.API." + each.format(stream), body) for each in (*CONSUMERS, *QUESTIONS)]
        assert await accepted(tries) == []
