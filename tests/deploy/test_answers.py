"""The server's answers: heard by who asked and nobody else, and stored nowhere that the asker may not write."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from nats.aio.msg import Msg

from events.subjects import key_bucket, stream_name
from services.clock import shifted_clock
from services.keyring import JetStreamBucket, Keyring, MasterKey
from services.store.application import History
from services.store.link import Link, close_link, open_link
from tests.deploy.attempts import CHILD, EVERYBODY, FIELD, READS, answered, opened
from tests.deploy.deployed import BUCKET, STREAM, TORBAY, Deployed
from tests.stores import PATIENCE, recorded


@pytest.mark.parametrize("user", [each for each in EVERYBODY if each not in {"workers", "provisioner"}])
async def test_no_answer_is_sent_into_a_stream(
    user: str, deployed: Deployed, sealed: Callable[[], str], length: Callable[[], dict[str, int]]
) -> None:
    """The server sends an answer where the asker says: not into a stream on which the asker may not publish.

    Without an account of its own any reader could put what it liked among any council's events, or among the keys.
    """
    own = TORBAY if user.endswith(TORBAY) else "halton"
    targets = [
        *(
            f"sightline.{council}.audit.EVIL"
            for council in (TORBAY, "halton")
            if user not in {"doors", f"services-{council}"}
        ),
        *(
            f"$KV.{key_bucket(council)}._erased.{CHILD}.EVIL"
            for council in (TORBAY, "halton")
            if f"custodian-{council}" != user
        ),
        *(f"$JS.API.STREAM.{act}.{STREAM}" for act in ("PURGE", "DELETE")),
        *([f"$JS.API.STREAM.MSG.DELETE.{BUCKET}"] if user != "custodian-torbay" else []),
    ]
    names = {"stream": stream_name(own), "bucket": f"KV_{key_bucket(own)}"}
    asked = [each.format_map(names) for each in READS] + [f"$JS.API.STREAM.INFO.{names[each]}" for each in names]
    before = await asyncio.to_thread(length)
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, user)
        for target in targets:
            for subject in asked:
                await client.publish(subject, b'{"seq": 1}', reply=target)
        await client.flush()
        assert await answered(client, f"$JS.API.STREAM.INFO.{names['stream']}", b"", within=PATIENCE), (
            "all before it was heard"
        )
    assert await asyncio.to_thread(length) == before
    assert await asyncio.to_thread(sealed) == "still here"


EVERYTHING = (">", "_INBOX.>", "*.>", "$JS.>", "$KV.>", "$SRV.>", "$SYS.>", "sightline.>", "snapshots.>", "timers.>")


@pytest.mark.parametrize("user", EVERYBODY)
async def test_nobody_hears_the_others_answers(user: str, deployed: Deployed, master_key: Path) -> None:
    """A role that subscribes to everything hears its own answers, and nothing of the others' or of what is written."""
    heard: list[str] = []

    async def note(message: Msg) -> None:
        heard.append(message.subject)

    own = "halton" if user.endswith("halton") else TORBAY
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, user)
        for subject in (*EVERYTHING, *(f"_INBOX.{each}.>" for each in EVERYBODY)):
            await client.subscribe(subject, cb=note)
        await client.flush()
        await asyncio.to_thread(busy, deployed, master_key, [each for each in EVERYBODY if each != user])
        assert await answered(client, f"$JS.API.STREAM.INFO.{stream_name(own)}", b"", within=PATIENCE)
        await client.flush()
    assert heard, "what it may hear it does"
    assert [each for each in heard if not each.startswith(f"_INBOX.{user}.")] == []


def busy(deployed: Deployed, master_key: Path, users: list[str]) -> None:
    """Questions and answers of every role, as they come in its work."""
    for user in users:
        link = open_link(deployed.url(user))
        council = "halton" if user.endswith("halton") else TORBAY
        link.run(answered(link.client, f"$JS.API.STREAM.INFO.{stream_name(council)}", b"", within=PATIENCE))
        if user.startswith(("services", "reporting", "workers", "doors", "webhooks")):
            read_some(link, council)
        if user.startswith(("services", "doors")):
            with History(council, deployed.url(user)) as history:
                reference = f"audit/H-{len(history.load('audit/H-0'))}-{id(history)}"
                history.append(recorded(council, reference, 1))
                assert history.load(reference)
            ring = Keyring(council, MasterKey.load(master_key), JetStreamBucket(link, council), clock=shifted_clock())
            assert ring.unseal(ring.seal("F-2", FIELD, "text"), FIELD) == "text"
        close_link(link)


def read_some(link: Link, council: str) -> None:
    """One read as reports read: from any copy, many at once."""
    request = json.dumps({"seq": 1, "batch": 10}).encode()
    link.run(answered(link.client, f"$JS.API.DIRECT.GET.{stream_name(council)}", request, within=PATIENCE))
