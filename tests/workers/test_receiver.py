"""Commands by message: the same answers as by HTTP, to an inbox and nowhere else, by however many copies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import nats.errors
import orjson
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.modules import CATALOGUE
from tests.stores import Store
from tests.workers.api.rig import Api, KnownTokens, allocation, api_of
from tests.workers.rig import eventually
from workers.doors.receiver import receiver

CODE = "Nats-Service-Error-Code"


class Bus:
    """Whoever asks by message."""

    def __init__(self, api: Api, client: Client) -> None:
        self.api = api
        self.client = client

    async def ask(self, command: str, body: Any, *, by: str | None = "P-QA", authority: str = "") -> Msg:
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        headers = {"Authorization": f"Bearer {by}"} if by else None
        subject = f"commands.v1.{authority or self.api.authority}.{command}"
        return await self.client.request(subject, data, timeout=60, headers=headers)

    async def refused(self, command: str, body: Any, **options: Any) -> tuple[int, str, str]:
        """Status, field and rule of the problem that is answered."""
        answer = await self.ask(command, body, **options)
        assert answer.headers is not None
        told = orjson.loads(answer.data)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers[CODE] == str(told["status"])
        assert answer.headers["Nats-Service-Error"] == told["title"]
        return told["status"], told.get("field", ""), told.get("rule", "")


@asynccontextmanager
async def receiving(api: Api, *, copies: int = 1) -> AsyncIterator[Bus]:
    tokens = KnownTokens(frozenset({api.authority, "elsewhere"}))
    brokers = [receiver(api.office, tokens) for _ in range(copies)]
    client = await nats.connect(api.rig.settings.nats or "")
    try:
        for each in brokers:
            await each.start()
        yield Bus(api, client)
    finally:
        for each in brokers:
            await each.stop()
        if client.is_connected:
            await client.flush()  # what they answered before they ended has come by then
        await client.close()


@pytest.fixture
async def bus(api: Api) -> AsyncIterator[Bus]:
    async with receiving(api) as found:
        yield found


@pytest.fixture
def api(single_store: Store, tmp_path: Path) -> Any:
    with api_of(single_store, tmp_path, api_burst=100_000) as found:
        yield found


async def test_the_answer_is_that_of_http(api: Api, bus: Bus) -> None:
    """An order by message leads to the same events, told in the same words."""
    by_message = await bus.ask("audit.allocate", allocation("A-1"))
    by_http = await api.act("audit.allocate", allocation("A-2"))
    told, other = orjson.loads(by_message.data), by_http.json()
    assert (told["result"], told["record"], told["version"]) == ("accepted", "audit/A-1", 1)
    assert told.keys() == other.keys()
    assert [each["type"] for each in told["events"]] == [each["type"] for each in other["events"]]
    [stored] = api.rig.history("A-1")
    assert (stored.envelope.actor, stored.envelope.role) == ("P-QA", "qa_team")


async def test_a_repeat_answers_as_the_first_time(api: Api, bus: Bus) -> None:
    """Whoever got no answer asks again with the same id; nothing is done twice, and another body is refused."""
    first = orjson.loads((await bus.ask("audit.allocate", allocation("A-1", id="one"))).data)
    again = orjson.loads((await bus.ask("audit.allocate", allocation("A-1", id="one"))).data)
    assert again["result"] == "repeated"
    assert again["events"] == [each for each in first["events"] if each["type"] != "command.named.v1"]
    assert len(api.rig.history("A-1")) == 1
    status, field, _ = await bus.refused("audit.allocate", allocation("A-1", id="one", team="T-2"))
    assert (status, field) == (422, "id")


async def test_many_copies_do_each_order_once(api: Api) -> None:
    """Three copies share forty orders; each is carried out by one of them, and every one is answered."""
    async with receiving(api, copies=3) as bus:
        answers = await asyncio.gather(*(bus.ask("audit.allocate", allocation(f"A-{n}")) for n in range(40)))
    assert {orjson.loads(each.data)["result"] for each in answers} == {"accepted"}
    assert all(len(api.rig.history(f"A-{n}")) == 1 for n in range(40))


@pytest.mark.parametrize("by", [None, "nobody", ""])
async def test_who_is_not_known_is_refused(api: Api, bus: Bus, by: str | None) -> None:
    """Without a good token nothing is done, and nothing is told but that."""
    status, _, _ = await bus.refused("audit.allocate", allocation("A-1"), by=by)
    assert status == 401
    assert not api.rig.history("A-1")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (allocation("A-1", actor="P-AUD"), (403, "actor")),
        (allocation("A-1", authority="torbay"), (422, "authority")),
        (allocation("A-1", command="audit.void"), (422, "command")),
        (allocation("A-1", role="auditor"), (403, "role")),
        (allocation("A 1"), (422, "audit")),
        (allocation("A-1\r\nX: y"), (422, "audit")),
        (b"{", (400, "body")),
        (b"[]", (400, "body")),
        (b"\xff\xfe", (400, "body")),
        (b'{"audit": "A-1", "audit": "A-2"}', (422, "audit")),
        (b'{"a":' * 500 + b"1" + b"}" * 500, (400, "body")),
        (b'{"audit": "' + b"A" * 1_000_001 + b'"}', (413, "body")),
    ],
)
async def test_bad_orders(api: Api, bus: Bus, body: Any, expected: tuple[int, str]) -> None:
    """Each is refused by field and rule, and nothing is written."""
    before = api.rig.system.history(api.authority).position()
    status, field, rule = await bus.refused("audit.allocate", body)
    assert (status, field) == expected
    assert rule
    assert api.rig.system.history(api.authority).position() == before


async def test_what_there_is_not(bus: Bus) -> None:
    """An unknown command names the nearest; of another authority nothing is told."""
    status, field, rule = await bus.refused("audit.alocate", allocation("A-1"))
    assert (status, field) == (422, "command")
    assert "audit.allocate" in rule
    assert (await bus.refused("audit.allocate", allocation("A-1"), authority="strange"))[:2] == (403, "authority")
    assert (await bus.refused("audit.allocate", allocation("A-1"), authority="elsewhere"))[0] == 404


async def test_an_answer_goes_to_inboxes_alone(api: Api, bus: Bus) -> None:
    """The asker names the subject of the answer: on one of ours, history would hold what nobody decided."""
    held = api.rig.system.history(api.authority)
    before = held.position()
    ours = f"sightline.{api.authority}.audit.A-1"
    order = orjson.dumps(allocation("A-1"))
    subject = f"commands.v1.{api.authority}.audit.allocate"
    await bus.client.publish(subject, order, reply=ours, headers={"Authorization": "Bearer P-QA"})
    await bus.client.publish(subject, order, headers={"Authorization": "Bearer P-QA"})
    await bus.ask("audit.allocate", allocation("A-2"))  # comes after them
    assert held.position() > before
    assert not api.rig.history("A-1")


async def test_a_defect_is_answered_and_the_next_order_is_served(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw ends no worker, and tells the asker nothing of itself."""
    secret = "the child's name"  # noqa: S105 - what must not be told

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(secret)

    with monkeypatch.context() as patch:
        patch.setattr("workers.doors.receiver.carried_out", broken)
        answer = await bus.ask("audit.allocate", allocation("A-1"))
    told = orjson.loads(answer.data)
    assert told["status"] == 500
    assert secret not in answer.data.decode()
    assert orjson.loads((await bus.ask("audit.allocate", allocation("A-1"))).data)["result"] == "accepted"


async def test_orders_in_hand_are_finished_at_the_end(api: Api) -> None:
    """A copy that is told to stop answers what it has begun."""
    async with receiving(api) as bus:
        asked = [asyncio.create_task(bus.ask("audit.allocate", allocation(f"A-{n}"))) for n in range(20)]
        await eventually(lambda: any(api.rig.history(f"A-{n}") for n in range(20)))
    answered = await asyncio.gather(*asked, return_exceptions=True)
    done = {n for n in range(20) if api.rig.history(f"A-{n}")}
    told = {n for n, each in enumerate(answered) if isinstance(each, Msg) and b'"accepted"' in each.data}
    assert told == done != set()


async def test_nobody_there_is_told_at_once(api: Api) -> None:
    """Where no copy runs, the server says so; nothing waits in secret to be carried out later."""
    client = await nats.connect(api.rig.settings.nats or "")
    with pytest.raises(nats.errors.NoRespondersError):
        await Bus(api, client).ask("audit.allocate", allocation("A-1"))
    await client.close()


async def test_every_command_has_its_subject(bus: Bus) -> None:
    """Each command of the catalogue is found by its subject: what is missing is a field of its own."""
    for name in CATALOGUE.commands:
        status, field, _ = await bus.refused(name, {"role": "qa_team"})
        assert (status, field != "command") == (422, True), name
