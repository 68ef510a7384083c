"""Other services on a real server, with the accounts that the program prints: what is theirs they read, and no more."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from events.audits import AuditSubmitted
from events.escalations import EscalationRaised, Recipient
from events.published.message import read
from events.subjects import published_stream, stream_name, timer_stream
from services.settings import SHIPPED_POLICIES, Settings
from services.store.application import History
from services.store.link import inbox_of
from tests.cli.program import Program
from tests.deploy.attempts import EVERYBODY, accepted, answered, opened
from tests.deploy.deployed import BUCKET, READERS, STREAM, TORBAY, Deployed
from tests.deploy.test_forbidden import edits
from tests.histories import allocated, recorded
from tests.stores import PATIENCE
from tests.workers.publishing import until_published
from tests.workers.rig import Rig
from workers.system import System
from workers.telling.subscribers import Subscriber

ALARMS, FIGURES = Subscriber("alarms"), Subscriber("figures")
PUBLISHED = published_stream(TORBAY)
RAISED = EscalationRaised.model_validate(
    {
        "obligation": "return",
        "step": "overdue",
        "due": "2026-02-02T08:00:00Z",
        "trigger": "t",
        "level": 1,
        "title": "Late",
        "recipients": (Recipient(asked="director", role="director", holder="P-DIR"),),
    }
)


@pytest.fixture(scope="module")
def operator(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program of whoever runs the server, with the account of the workers."""
    folder = tmp_path_factory.mktemp("operator")
    return Program(Settings(data=folder, nats=deployed.url("workers"), policies=SHIPPED_POLICIES))


@pytest.fixture(scope="module", autouse=True)
def consumers(operator: Program) -> None:
    """The consumers of both services, as the program makes them: one reads escalations alone."""
    said = operator.run("subscriber", "add", "alarms", TORBAY, "--topics", "escalations")
    assert said.out == ALARMS.account([TORBAY]), said
    said = operator.run("subscriber", "add", "figures", "halton")
    assert said.out == FIGURES.account(["halton"]), said


@pytest.fixture(scope="module")
def some(deployed: Deployed, operator: Program) -> list[int]:
    """A late audit of each council, with its escalation, published."""
    for council in (TORBAY, "halton"):
        facts = [allocated(), RAISED, AuditSubmitted(grade="Good"), RAISED.model_copy(update={"number": 1})]
        with History(council, deployed.url(f"services-{council}")) as history:
            history.append(
                *[
                    recorded(fact, audit="S-1", version=number, authority=council)
                    for number, fact in enumerate(facts, start=1)
                ]
            )
    asyncio.run(publish(operator.settings))
    return [2, 4]


async def publish(settings: Settings) -> None:
    with System(settings) as system:
        councils = [Rig(settings, system, council) for council in (TORBAY, "halton")]
        async with councils[0].workers("publisher"):
            for rig in councils:
                await until_published(rig, 4)


async def fetched(client: Client, subscriber: Subscriber, council: str, many: int = 0) -> list[Msg]:
    """So many messages, which are all that there are; without a number what there is now."""
    pulled = await client.jetstream().pull_subscribe_bind(
        subscriber.user, published_stream(council), inbox_prefix=f"_INBOX.{subscriber.user}.".encode()
    )
    try:
        found = await pulled.fetch(many or 10, timeout=PATIENCE if many else 1)
    except TimeoutError:
        return []
    assert not found[-1].metadata.num_pending
    return found


def types(messages: list[Msg]) -> list[str]:
    return [str(read(each.data)["type"]).removeprefix("sightline.") for each in messages]


@pytest.mark.usefixtures("some")
async def test_each_reads_what_is_theirs(deployed: Deployed) -> None:
    """One of its council's escalations alone, the other all of its own; what was acknowledged does not come again."""
    async with AsyncExitStack() as stack:
        alarms = await opened(stack, deployed, ALARMS.user)
        found = await fetched(alarms, ALARMS, TORBAY, 2)
        assert types(found) == ["escalation.raised.v1"] * 2
        assert [each.subject for each in found] == ["sightline.v1.torbay.escalation.raised"] * 2
        for each in found:
            await each.ack_sync(PATIENCE)
        assert await fetched(alarms, ALARMS, TORBAY) == []
        figures = await opened(stack, deployed, FIGURES.user)
        seen = types(await fetched(figures, FIGURES, "halton", 4))
        assert seen == ["audit.allocated.v1", "escalation.raised.v1", "audit.returned.v1", "escalation.raised.v1"]


@pytest.mark.usefixtures("some")
async def test_replay(deployed: Deployed, operator: Program) -> None:
    """From a position by the subscriber itself, from a position or an instant by the operator: all comes again."""
    async with AsyncExitStack() as stack:
        alarms = await opened(stack, deployed, ALARMS.user)
        for each in await fetched(alarms, ALARMS, TORBAY):
            await each.ack_sync(PATIENCE)
        reset = f"$JS.API.CONSUMER.RESET.{PUBLISHED}.{ALARMS.user}"
        assert "error" not in await answered(alarms, reset, b'{"seq": 3}', within=PATIENCE)
        found = await fetched(alarms, ALARMS, TORBAY, 1)
        assert [each.metadata.sequence.stream for each in found] == [4]
        await found[0].ack_sync(PATIENCE)
        for begin in (("--from-position", "1"), ("--from", "2026-01-01")):
            said = await asyncio.to_thread(operator.run, "subscriber", "replay", "alarms", TORBAY, *begin)
            assert said.code == 0, said
            found = await fetched(alarms, ALARMS, TORBAY, 2)
            assert types(found) == ["escalation.raised.v1"] * 2
            for each in found:
                await each.ack_sync(PATIENCE)


FORGED = json.dumps({"specversion": "1.0", "type": "sightline.escalation.raised.v1"}).encode()


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("subscriber", [ALARMS, FIGURES], ids=lambda each: each.name)
async def test_nothing_else_is_within_reach(
    subscriber: Subscriber, deployed: Deployed, length: Callable[[], dict[str, int]]
) -> None:
    """It publishes nowhere, reads no stream and no other's consumer, and changes no message and no consumer."""
    before = await asyncio.to_thread(length)
    own, other = READERS[subscriber.name][0], "halton" if subscriber is ALARMS else TORBAY
    mine, theirs = published_stream(own), published_stream(other)
    stranger = FIGURES.user if subscriber is ALARMS else ALARMS.user
    config = {"name": "evil", "durable_name": "evil", "ack_policy": "none"}
    push = {**config, "deliver_subject": f"sightline.{own}.audit.EVIL"}
    again = {**config, "name": subscriber.user, "durable_name": subscriber.user, "filter_subject": ">"}
    tries: list[tuple[str, bytes]] = [
        *((f"sightline.v1.{each}.escalation.raised", FORGED) for each in (own, other)),
        *((f"sightline.{each}.audit.EVIL", b"{}") for each in (own, other)),
        *((f"timers.{each}.fired.audit.EVIL", b"") for each in (own, other)),
        *(edit for stream in (mine, theirs, STREAM, BUCKET) for edit in edits(stream)),
        *(
            (f"$JS.API.{ask}.{stream}", b'{"seq": 1}')
            for ask in ("STREAM.MSG.GET", "DIRECT.GET", "STREAM.INFO")
            for stream in (mine, theirs, stream_name(own), timer_stream(own), BUCKET)
        ),
        *(
            (f"$JS.API.CONSUMER.{act}", json.dumps({"stream_name": stream, "config": body}).encode())
            for stream in (mine, theirs, stream_name(own))
            for body in (config, push, again)
            for act in (
                f"CREATE.{stream}",
                f"CREATE.{stream}.{body['name']}",
                f"DURABLE.CREATE.{stream}.{body['name']}",
                f"CREATE.{stream}.{subscriber.user}.>",
            )
        ),
        *(
            (f"$JS.API.CONSUMER.{act}.{theirs}.{stranger}", b'{"seq": 1}')
            for act in ("INFO", "MSG.NEXT", "RESET", "DELETE", "PAUSE")
        ),
        *((f"$JS.API.CONSUMER.{act}.{mine}.{subscriber.user}", b"") for act in ("DELETE", "PAUSE")),
        *((f"$JS.API.CONSUMER.{act}.{mine}", b"") for act in ("NAMES", "LIST")),
        *((f"$JS.API.CONSUMER.MSG.NEXT.{stream}.publisher", b"1") for stream in (stream_name(own), mine)),
        (f"$JS.ACK.{theirs}.{stranger}.1.1.1.1.1", b"+ACK"),
        (f"$JS.FC.{mine}.x", b""),
        ("$SRV.PING", b""),
        ("$SYS.REQ.SERVER.PING", b""),
    ]
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, subscriber.user)
        through = await accepted([answered(client, *each) for each in tries])
        assert [tries[number] for number in through] == []
        reset = json.dumps({"seq": 1, "config": push}).encode()
        said = await answered(client, f"$JS.API.CONSUMER.RESET.{mine}.{subscriber.user}", reset, within=PATIENCE)
        assert "deliver_subject" not in said.get("config", {})
        if subscriber is ALARMS:
            assert said["config"]["filter_subjects"] == ["sightline.*.torbay.escalation.*"]
    assert await asyncio.to_thread(length) == before


@pytest.mark.usefixtures("some")
async def test_no_answer_is_sent_into_a_stream(deployed: Deployed, length: Callable[[], dict[str, int]]) -> None:
    """What it asks for is answered to itself: no message of its consumer, and no word about it, goes elsewhere."""
    before = await asyncio.to_thread(length)
    targets = [
        f"sightline.{TORBAY}.audit.EVIL",
        f"sightline.v1.{TORBAY}.escalation.raised",
        f"$JS.API.STREAM.PURGE.{STREAM}",
    ]
    own = f"{PUBLISHED}.{ALARMS.user}"
    async with AsyncExitStack() as stack:
        client = await opened(stack, deployed, ALARMS.user)
        assert "error" not in await answered(client, f"$JS.API.CONSUMER.RESET.{own}", b'{"seq": 1}', within=PATIENCE)
        for target in targets:
            for act in ("INFO", "MSG.NEXT", "RESET"):
                await client.publish(f"$JS.API.CONSUMER.{act}.{own}", b"", reply=target)
        await client.flush()
        assert await answered(client, f"$JS.API.CONSUMER.INFO.{own}", b"", within=PATIENCE)
    assert await asyncio.to_thread(length) == before


@pytest.mark.usefixtures("some")
async def test_nobody_hears_anothers_messages(deployed: Deployed) -> None:
    """One that listens to everything hears its own answers alone, while the other one is given its messages."""
    heard: list[str] = []

    async def note(message: Msg) -> None:
        heard.append(message.subject)

    async with AsyncExitStack() as stack:
        spy = await opened(stack, deployed, FIGURES.user)
        for subject in (">", "_INBOX.>", "_R_.>", "sightline.>", "$JS.>", *(f"_INBOX.{each}.>" for each in EVERYBODY)):
            await spy.subscribe(subject, cb=note)
        await spy.flush()
        alarms = await opened(stack, deployed, ALARMS.user)
        own = f"{PUBLISHED}.{ALARMS.user}"
        assert "error" not in await answered(alarms, f"$JS.API.CONSUMER.RESET.{own}", b'{"seq": 1}', within=PATIENCE)
        assert await fetched(alarms, ALARMS, TORBAY, 2)
        await spy.flush()
    assert heard == []


def test_a_name_that_could_be_another_subject_is_refused(operator: Program) -> None:
    """A name with a dot, a wildcard or capitals, an unknown topic or council, a replay from nowhere: one line."""
    for name in ("a.b", "*", ">", "Alarms", "a--b", "x" * 33):
        assert "name: " in operator.run("subscriber", "add", name, TORBAY).mistake()
    assert "what: unknown texts" in operator.run("subscriber", "add", "a", TORBAY, "--topics", "texts").mistake()
    assert "authority: no policy here" in operator.run("subscriber", "add", "a", "nowhere").mistake()
    assert "from: name an instant" in operator.run("subscriber", "replay", "alarms", TORBAY).mistake()
    assert "subscriber nobody: there is none" in operator.run("subscriber", "remove", "nobody", TORBAY).mistake()


def test_the_inbox_is_the_users_own(deployed: Deployed) -> None:
    """Where our own client listens for a subscriber is where its account lets it."""
    assert inbox_of(deployed.url(ALARMS.user)) == f"_INBOX.{ALARMS.user}"
    assert f'"_INBOX.{ALARMS.user}.>"' in ALARMS.account([TORBAY])
    assert Path(SHIPPED_POLICIES, TORBAY).is_dir()


def test_health_tells_of_each(operator: Program, some: list[int]) -> None:
    """The account of the workers is told how far each service has read, in the councils where it reads."""
    assert some
    said = operator.run("health", "--json")
    rows = [each for each in json.loads(said.out) if each["worker"].startswith("subscriber")]
    assert {(each["worker"], each["authority"]) for each in rows} == {
        (ALARMS.user, TORBAY),
        (FIGURES.user, "halton"),
    }
    assert all(each["state"] in {"behind", "up to date"} for each in rows)
