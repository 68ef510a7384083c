"""Streams of events over a real connection: what is told, taking up again, silence, places, and the end of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import orjson

from events.escalations import EscalationRaised
from tests.stores import PATIENCE
from tests.workers.api.rig import Api, allocation
from tests.workers.rig import eventually
from workers.api.streams import OF_ONE_CALLER

Told = tuple[int, str, dict[str, Any]]


class Listener:
    """Reads one stream as a browser does."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.last = ""
        self.silences = 0

    async def next(self) -> Told:
        """The next event; comments and bare ids are taken in on the way."""
        held: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if line.startswith(":"):
                    self.silences += 1
                elif line:
                    held[name] = value
                else:
                    self.last = held.get("id", self.last)
                    if "data" in held:
                        return int(held["id"]), held["event"], orjson.loads(held["data"])
                    held = {}
        raise AssertionError("the stream ended")

    async def silence(self) -> None:
        """Read until the server says that it is still there."""
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith(":"):
                    return


@asynccontextmanager
async def listening(url: str, path: str, last: str = "", person: str = "P-QA") -> AsyncIterator[Listener]:
    head = {"Authorization": f"Bearer {person}", **({"Last-Event-ID": last} if last else {})}
    async with (
        httpx.AsyncClient(base_url=url, headers=head, timeout=PATIENCE) as client,
        client.stream("GET", path) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Listener(answer.aiter_lines())


async def test_the_story_of_a_record_as_it_goes_on(api: Api) -> None:
    """Each event comes once, in order, with its position as id; whoever comes back misses nothing."""
    async with api.rig.workers("timeline"), api.served() as url:
        written = await api.act("audit.allocate", allocation("A-1"))
        async with api.client() as client:
            asked = {"wait-for": written.headers["Sightline-Position"]}
            await client.get(api.path("records", "audit", "A-1", "timeline"), params=asked)
        path = api.path("records", "audit", "A-1", "events")
        async with listening(url, path, last="0") as listener:
            position, name, told = await listener.next()
            assert (position, name) == (api.rig.history("A-1")[0].position, api.rig.history("A-1")[0].fact.stored_name)
            assert (told["record"], told["version"]) == ("audit/A-1", 1)
            await api.act("audit.allocate", allocation("A-2"))  # another's
            concern = {"role": "auditor", "audit": "A-1", "concern": "was not seen"}
            await api.act("audit.raise_safety_concern", concern, by="P-AUD")
            _, name, told = await listener.next()
            assert (name, told["texts"]) == ("audit.safety_concern_raised.v1", ["concern"])
            assert "sealed:" not in orjson.dumps(told).decode()
        async with listening(url, path, last=str(position)) as listener:
            assert (await listener.next())[2] == told


async def test_the_escalations_of_an_authority(api: Api) -> None:
    """Without a last id the stream begins now; an escalation that a concern causes comes as it is raised."""
    async with api.rig.workers("timeline", "timekeeper", "escalator"), api.served() as url:
        await api.act("audit.allocate", allocation("A-1"))
        async with listening(url, api.path("escalations", "events")) as listener:
            await listener.silence()
            concern = {"role": "auditor", "audit": "A-1", "concern": "was not seen"}
            await api.act("audit.raise_safety_concern", concern, by="P-AUD")
            _, name, told = await listener.next()
            assert (name, told["record"]) == (EscalationRaised.stored_name, "audit/A-1")
            assert "C-1" not in orjson.dumps(told).decode()


async def test_silence_is_told_and_moves_the_id(api: Api) -> None:
    """From time to time the stream says how far it is, so that taking it up again reads nothing anew."""
    api.app.streams._heartbeat = 0.1
    async with api.rig.workers("timeline"), api.served() as url:
        written = await api.act("audit.allocate", allocation("A-1"))
        end = written.headers["Sightline-Position"]
        async with listening(url, api.path("escalations", "events"), last="1") as listener:
            while listener.last != end:
                async with asyncio.timeout(PATIENCE):
                    async for line in listener._lines:
                        if line.startswith("id: "):
                            listener.last = line.removeprefix("id: ")
                            break


async def test_a_place_is_free_again_when_the_connection_is_gone(api: Api) -> None:
    """One caller has so many places, all callers together so many; each is free again with its connection."""
    path = api.path("escalations", "events")
    async with api.rig.workers("timeline"), api.served() as url:
        async with AsyncExitStack() as stack:
            held = [await stack.enter_async_context(listening(url, path)) for _ in range(OF_ONE_CALLER)]
            for each in held:
                await each.silence()
            assert api.app.streams.open["P-QA"] == OF_ONE_CALLER
            async with api.client() as client, api.client("P-DIR") as other:
                assert (await client.get(path)).status_code == 429
                api.rig.system.settings = api.rig.settings.model_copy(update={"api_streams": OF_ONE_CALLER})
                assert (await other.get(path)).status_code == 503
        await eventually(lambda: not api.app.streams.open)


async def test_a_stream_ends_with_its_server(api: Api) -> None:
    """A server that is told to stop does not wait for its listeners."""
    async with api.rig.workers("timeline"), AsyncExitStack() as stack:
        async with api.served() as url:
            listener = await stack.enter_async_context(listening(url, api.path("escalations", "events")))
            await listener.silence()
        assert not api.app.streams.open


async def test_no_stream_of_what_is_none(api: Api) -> None:
    """A child is no record in an address, and an id that nobody was given is refused."""
    async with api.client() as client:
        answers = [
            await client.get(api.path("records", "child", "C-1", "events")),
            await client.get(api.path("escalations", "events"), headers={"Last-Event-ID": "x"}),
            await client.get(api.path("escalations", "events"), headers={"Last-Event-ID": "99999"}),
            await client.get(api.path("escalations", "events"), params={"child": "C-1"}),
        ]
    assert [each.status_code for each in answers] == [422] * 4
