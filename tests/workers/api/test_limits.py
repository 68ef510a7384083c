"""Limits at the door, over a real connection: size, depth, slowness, rate, how many at once; and what is logged."""

import asyncio
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import structlog

from tests.stores import PATIENCE, Store
from tests.workers.api.rig import Api, allocation, api_of
from workers.api.app import NO_TELEMETRY
from workers.api.door import keep_serving
from workers.api.guard import Limits
from workers.doors.problems import Stopped
from workers.doors.rates import Buckets
from workers.processes.together import beside


async def raw(url: str, *parts: bytes, within: float = PATIENCE) -> bytes:
    """Send the parts over one connection and read what comes until the server closes it, or falls silent."""
    host = urlsplit(url)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    answer = asyncio.ensure_future(reader.readuntil(b"\r\n\r\n"))  # it may come, and the end, before all is sent
    try:
        with suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
        return await asyncio.wait_for(answer, within)
    finally:
        writer.close()


def head(api: Api, *more: str) -> bytes:
    lines = [
        f"POST {api.path('commands', 'audit.allocate')} HTTP/1.1",
        "Host: api",
        "Authorization: Bearer P-QA",
        "Content-Type: application/json",
        *more,
    ]
    return "\r\n".join((*lines, "", "")).encode()


async def test_a_body_that_says_it_is_too_large_is_not_read(api: Api) -> None:
    """The answer comes although no byte of the body was sent."""
    async with api.served() as url:
        assert b"413" in await raw(url, head(api, "Content-Length: 1000001"))
        assert b"413" in await raw(url, head(api, f"Content-Length: {10**18}"))


async def test_a_body_that_hides_its_size_is_cut_off(api: Api) -> None:
    """Chunks are counted as they come."""
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    async with api.served() as url:
        assert b"413" in await raw(url, head(api, "Transfer-Encoding: chunked"), *[chunk] * 17)


async def test_a_body_that_does_not_come_is_given_up(api: Api) -> None:
    """A caller who sends half of a body and waits holds nothing for longer than the limit."""
    api.app._limits = Limits(body_seconds=0.3)
    async with api.served() as url:
        assert b"408" in await raw(url, head(api, "Content-Length: 10"), b"{")


async def test_more_at_once_than_are_taken_are_told_to_come_back(api: Api) -> None:
    """What is over the limit is refused at once, with Retry-After; what is under way is finished."""
    api.app._limits = Limits(requests_at_once=2)
    async with api.served() as url:
        host = urlsplit(url)
        held = [await asyncio.open_connection(host.hostname, host.port) for _ in range(2)]
        for _, writer in held:
            writer.write(head(api, "Content-Length: 10") + b"{")
            await writer.drain()
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
            answer = await until(client, 503)  # the two may not have been heard yet
            assert (answer.status_code, answer.json()["type"]) == (503, "urn:sightline:problem:busy")
            assert answer.headers["Retry-After"]
            for _, writer in held:
                writer.close()
            await until(client, 200)  # that they are gone is seen when the server reads of it


async def until(client: httpx.AsyncClient, status: int) -> httpx.Response:
    """Ask until the answer has that status."""
    async with asyncio.timeout(PATIENCE):
        while (answer := await client.get("/v1/openapi.json")).status_code != status:
            pass
    return answer


async def test_each_caller_has_a_rate_of_their_own(single_store: Store, tmp_path: Path) -> None:
    """Who asks too often is told when to come back, and nobody else is held up; guesses at tokens count as well."""
    with api_of(single_store, tmp_path, api_burst=3, api_rate=0.001) as api:
        async with api.client() as client, api.client("P-DIR") as other, api.client("nobody") as guesser:
            path = api.path("records", "audit", "A-1", "owed")
            assert [(await client.get(path)).status_code for _ in range(5)] == [404] * 3 + [429] * 2
            told = await client.get(path)
            assert int(told.headers["Retry-After"]) > 1
            assert (await other.get(path)).status_code == 404
            assert [(await guesser.get(path)).status_code for _ in range(5)] == [401] * 3 + [429] * 2


@pytest.mark.parametrize(("proxies", "held_up"), [((), True), (("127.0.0.1",), False), (("192.0.2.0/24",), True)])
async def test_a_guesser_holds_up_nobody_behind_the_same_server(
    single_store: Store, tmp_path: Path, proxies: tuple[str, ...], *, held_up: bool
) -> None:
    """Where the settings name the server in front, its word on who asks counts, and nobody else's."""
    with api_of(single_store, tmp_path, api_burst=3, api_rate=0.001, api_proxies=proxies) as api:
        async with api.served() as url, httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
            path = api.path("records", "audit", "A-1", "owed")

            async def asked(person: str, said: str) -> int:
                head = {"Authorization": f"Bearer {person}", "X-Forwarded-For": said}
                return (await client.get(path, headers=head)).status_code

            assert [await asked("nobody", f"203.0.113.{n}, 198.51.100.1") for n in range(4)] == [401] * 3 + [429]
            assert await asked("P-DIR", "198.51.100.2") == (429 if held_up else 404)


async def test_a_data_folder_that_takes_no_file_stops_no_server(api: Api, tmp_path: Path) -> None:
    """A container has nothing to write on: the API serves all the same."""
    (tmp_path / "file").touch()
    settings = api.rig.settings.model_copy(update={"api_port": 0, "data": tmp_path / "file" / "data"})
    with structlog.testing.capture_logs() as logs:
        looked = asyncio.Event()
        async with beside(lambda stop: keep_serving(settings, api.app, stop, looked)):
            await looked.wait()
            (url,) = [each["address"] for each in logs if each["event"] == "the HTTP API listens"]
            async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
                assert (await client.get("/v1/openapi.json")).status_code == 200


def test_a_bucket_fills_again() -> None:
    """After a while there is room again, and never for more than the burst."""
    now = [0.0]
    buckets = Buckets(2.0, 3, clock=lambda: now[0])
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(Stopped):
        buckets.take("a")
    now[0] = 0.5
    buckets.take("a")
    now[0] = 1000.0
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(Stopped):
        buckets.take("a")


async def test_nothing_that_was_asked_is_logged(api: Api, capfd: pytest.CaptureFixture[str]) -> None:
    """The log knows the method, the form of the path and the status: no path, query, header or body as they came."""
    async with api.served() as url, httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
        client.headers["Authorization"] = "Bearer P-CANARY"
        client.headers["X-Request-Id"] = "canary"
        body = allocation("A-CANARY", child="C-CANARY", worker="canary\nworker")
        await client.post(api.path("commands", "audit.allocate"), json=body)
        await client.get(api.path("records", "child", "C-CANARY", "timeline"), params={"child": "C-CANARY"})
        await client.get("/v1/canary/C-CANARY%0d%0aX: 1")
    out, err = capfd.readouterr()
    assert "canary" not in (out + err).lower()
    assert "/v1/{authority}/records/{kind}/{reference}/timeline" in out + err


async def test_an_id_injects_no_header_and_no_subject(api: Api) -> None:
    """Through no field, path or header does anything get into an answer's headers or into another subject."""
    evil = ["A-1\r\nX-Evil: 1", "A.1", "A *", ">", "$JS.API", "../../etc", "A\u2028", "%0d%0aX-Evil:1"]
    end = api.rig.system.history(api.authority).position()
    async with api.client() as client:
        for each in evil:
            for name in ("audit", "child", "team", "worker", "auditor", "round", "role"):
                answer = await client.post(
                    api.path("commands", "audit.allocate"), json={**allocation("A-1"), name: each}
                )
                assert answer.status_code == 422, (name, each, answer.text)
                assert "x-evil" not in answer.headers
            for place in (f"records/audit/{each}/owed", f"records/{each}/A-1/owed"):
                answer = await client.get(httpx.URL(f"http://api{api.path()}/").join(place.replace("\r\n", "%0d%0a")))
                assert answer.status_code in {404, 422}
                assert "x-evil" not in answer.headers
        answer = await api.act("audit.allocate", allocation("A-1"), **{"Idempotency-Key": "a b"})
        assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
    assert api.rig.system.history(api.authority).position() == end


def test_no_telemetry_whatever_the_environment_says() -> None:
    """Every signal of the framework is switched off by name: a new one would be seen here."""
    from fastapi.telemetry import TelemetryConfig  # noqa: PLC0415 - what it knows today

    signals = {"tracing", "metrics", "logs", "operation_spans", "auto_configure"}
    providers = {"tracer_provider", "meter_provider", "logger_provider", "exclude"}
    assert set(TelemetryConfig.__annotations__) == signals | providers
    assert dict.fromkeys(signals, False) == NO_TELEMETRY
