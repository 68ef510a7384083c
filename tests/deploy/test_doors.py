"""The doors on the server that ships: they serve with their own account, and who gives orders reaches them alone."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import nats.errors
import orjson
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from events.subjects import published_stream, stream_name, timer_stream
from services.settings import SHIPPED_POLICIES, Settings
from tests.deploy.attempts import EVERYBODY, accepted, answered, opened
from tests.deploy.deployed import BUCKET, STREAM, TORBAY, Deployed
from tests.deploy.test_forbidden import edits
from tests.lives import people
from tests.stores import PATIENCE
from tests.workers.api.rig import Api, KnownTokens, allocation
from tests.workers.rig import Rig, eventually
from workers.api.app import make_app
from workers.doors.office import open_office
from workers.doors.receiver import receiver
from workers.recording.desks import recording_desks
from workers.system import System

CALLERS = ("callers-torbay", "callers-halton")
TOKENS = KnownTokens(frozenset({TORBAY, "halton"}))


@pytest.fixture(scope="module")
def doors(deployed: Deployed, master_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API of Torbay, with the account of the doors."""
    folder = tmp_path_factory.mktemp("doors")
    settings = Settings(data=folder, nats=deployed.url("doors"), policies=SHIPPED_POLICIES, master_key=master_key)
    with System(settings) as system:
        with recording_desks(system, "people", TORBAY, unverified=True) as importer:
            assert not importer.run(map(orjson.dumps, people(TORBAY))).rejections
        with open_office(system) as office:
            yield Api(Rig(settings, system, TORBAY), office, make_app(office, TOKENS))


@pytest.fixture
async def taking(doors: Api) -> AsyncIterator[None]:
    """Two copies of the receiver."""
    copies = [receiver(doors.office, TOKENS) for _ in range(2)]
    for each in copies:
        await each.start()
    yield
    for each in copies:
        await each.stop()


async def ordered(client: Client, audit: str, council: str = TORBAY, by: str = "P-QA") -> Msg:
    head = {"Authorization": f"Bearer {by}"}
    return await client.request(
        f"commands.v1.{council}.audit.allocate", orjson.dumps(allocation(audit)), timeout=PATIENCE, headers=head
    )


async def test_nobody_there_is_told_at_once(deployed: Deployed) -> None:
    """Where no receiver runs the server says so to the caller, in another account than the receiver's."""
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, "callers-torbay")
        with pytest.raises(nats.errors.NoRespondersError):
            await ordered(client, "D-0")


@pytest.mark.usefixtures("taking")
async def test_an_order_is_carried_out_once_and_answered(doors: Api, deployed: Deployed) -> None:
    """A council's own service gives an order and hears what became of it; one copy carries it out."""
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, "callers-torbay")
        answer = await ordered(client, "D-1")
        refused = await ordered(client, "D-2", by="nobody")
    assert orjson.loads(answer.data)["result"] == "accepted"
    assert len(doors.rig.history("D-1")) == 1
    assert orjson.loads(refused.data)["status"] == 401
    assert not doors.rig.history("D-2")


async def test_the_api_records_with_its_account(doors: Api) -> None:
    """It seals a text, which makes a key, and records it."""
    assert (await doors.act("audit.allocate", allocation("D-3"))).status_code == 200
    body = {"role": "auditor", "audit": "D-3", "concern": "no visit since May"}
    answer = await doors.act("audit.raise_safety_concern", body, by="P-AUD")
    assert answer.status_code == 200, answer.text
    stored = doors.rig.history("D-3")
    assert len(stored) == 2
    assert "visit" not in stored[-1].fact.model_dump_json()


@pytest.mark.usefixtures("taking")
@pytest.mark.parametrize("user", CALLERS)
async def test_callers_give_orders_to_their_council_and_reach_nothing_else(
    user: str, deployed: Deployed, doors: Api, length: Callable[[], dict[str, int]]
) -> None:
    """No order to another council, no event, no read, no consumer, no edit: not even a question about a stream."""
    own, other = (TORBAY, "halton") if user == "callers-torbay" else ("halton", TORBAY)
    config = json.dumps(
        {"stream_name": published_stream(own), "config": {"name": "evil", "ack_policy": "none"}}
    ).encode()
    tries: list[tuple[str, bytes]] = [
        (f"commands.v1.{other}.audit.allocate", orjson.dumps(allocation("EVIL"))),
        ("commands.v2.torbay.audit.allocate", b"{}"),
        *((f"sightline.{each}.audit.EVIL", b"{}") for each in (own, other)),
        *((f"sightline.v1.{each}.escalation.raised", b"{}") for each in (own, other)),
        *((f"snapshots.{each}.audit.EVIL", b"{}") for each in (own, other)),
        *((f"timers.{each}.fired.audit.EVIL", b"") for each in (own, other)),
        (f"$KV.{BUCKET.removeprefix('KV_')}.EVIL", b"x"),
        *(edit for stream in (STREAM, BUCKET, stream_name("halton"), published_stream(own)) for edit in edits(stream)),
        *(
            (f"$JS.API.{ask}.{stream}", b'{"seq": 1}')
            for ask in ("STREAM.MSG.GET", "DIRECT.GET", "STREAM.INFO")
            for stream in (stream_name(own), published_stream(own), timer_stream(own), BUCKET)
        ),
        *((f"$JS.API.CONSUMER.{act}.{published_stream(own)}.evil", config) for act in ("CREATE", "DURABLE.CREATE")),
        ("$JS.API.INFO", b""),
        ("$SRV.PING", b""),
        ("$SYS.REQ.SERVER.PING", b""),
    ]
    before = await asyncio.to_thread(length)
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, user)
        through = await accepted([answered(client, *each) for each in tries])
        assert [tries[number] for number in through] == []
        for target in (f"sightline.{own}.audit.EVIL", f"$JS.API.STREAM.PURGE.{STREAM}", "_INBOX.services-torbay.x"):
            await client.publish(f"commands.v1.{own}.audit.allocate", b"{}", reply=target)
        assert orjson.loads((await ordered(client, "D-4", own, by="nobody")).data)["status"] == 401, (
            "all before it was heard"
        )
    assert await asyncio.to_thread(length) == before
    assert not doors.rig.history("EVIL")


@pytest.mark.usefixtures("taking")
async def test_nobody_hears_an_order_or_its_answer(deployed: Deployed) -> None:
    """An order holds a token and texts: nobody but the receiver hears it, and nobody but its caller the answer."""
    heard: list[tuple[str, str]] = []
    everybody = [each for each in (*EVERYBODY, "sender", "callers-halton") if each != "doors"]
    async with AsyncExitStack() as stack:
        spies = []
        for user in everybody:
            spy = await opened(stack, deployed, user)
            spies.append(spy)

            async def note(message: Msg, user: str = user) -> None:
                heard.append((user, message.subject))

            for subject in (">", "commands.>", "_R_.>", "_INBOX.>", "_INBOX.callers-torbay.>", "$SYS.>"):
                await spy.subscribe(subject, cb=note)
            await spy.flush()
        client = await opened(stack, deployed, "callers-torbay")
        assert (await ordered(client, "D-5")).data
        for each in spies:
            await each.flush()
    assert heard == []


async def test_the_doors_hear_orders_in_their_group_alone(deployed: Deployed) -> None:
    """One that does not share the work may not listen to it: each order would be carried out by it too."""
    errors: list[str] = []
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, "doors", errors)
        await client.subscribe("commands.v1.*.*.*", queue="sightline")
        await client.flush()
        assert errors == []
        await client.subscribe("commands.v1.*.*.*")
        await client.flush()
        await eventually(lambda: bool(errors))
