"""Acts and questions by HTTP under a hundred clients, beside the same act at the desk, a bare route and a bare publish.

The server has a process of its own, as it has in service; the clients keep their connections open. What is compared is
measured one after the other on the same machine.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import orjson
import uvicorn
from fastapi import FastAPI

from services.settings import Settings
from tests.bench.report import Row
from tests.stores import Store
from tests.workers.api.rig import KnownTokens, allocation, api_of
from workers.api.app import make_app
from workers.api.door import config, listener
from workers.doors.office import DESK_THREADS, open_office
from workers.processes.logs import configure_logs
from workers.recording.desks import desk_of, keyrings
from workers.system import System

CLIENTS, EACH = 100, 20
QUIET = {"api_rate": 1e6, "api_burst": 10**6, "log_level": "error"}


@dataclass(frozen=True, slots=True)
class Timed:
    """How long each of many requests took, and all of them together."""

    each: Sequence[float]
    whole: float

    @property
    def rate(self) -> float:
        return len(self.each) / self.whole

    def __str__(self) -> str:
        ordered = sorted(self.each)
        half, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        return f"{self.rate:,.0f} /s, p50 {half * 1000:.0f} ms, p99 {most * 1000:.0f} ms"


def by_http(store: Store, folder: Path, *, clients: int = CLIENTS, each: int = EACH) -> list[Row]:
    """An act and a question by HTTP, each beside its peers."""
    folder.mkdir(parents=True, exist_ok=True)
    with api_of(store, folder, **QUIET) as api:
        configure_logs(api.rig.settings)
        asyncio.run(_prepared(api, clients))
        settings, authority = api.rig.settings, api.authority
    asked = [_question(authority) for _ in range(clients)]
    with _served(_serve_api, settings, authority) as url:
        acts = asyncio.run(_all(url, [_act(authority, number, "http") for number in range(clients)], each))
        questions = asyncio.run(_all(url, asked, each))
    with _served(_serve_bare) as url:
        bare = asyncio.run(_all(url, asked, each))
    desk, published = _at_the_desk(settings, authority, clients, each), _published(store, clients, each)
    ratio = acts.rate / desk.rate
    return [
        Row("act by HTTP, 100 clients", str(acts), f"at the desk: {desk}", f"{ratio:.2f}", "≥ 0.5", ratio >= 0.5),
        Row("", "", f"bare publish: {published}", f"{acts.rate / published.rate:.2f}"),
        Row(
            "question by HTTP, 100 clients", str(questions), f"bare route: {bare}", f"{questions.rate / bare.rate:.2f}"
        ),
    ]


async def _prepared(api: Any, clients: int) -> None:
    """An audit for each client of either place, and the register that is asked for."""
    async with api.rig.workers("register"):
        for place in ("http", "desk"):
            for number in range(clients):
                answer = await api.act("audit.allocate", allocation(f"{place}-{number}"))
                assert answer.status_code == 200, answer.text
        end = api.rig.system.history(api.authority).position()
        await api.rig.until(lambda: api.rig.reached("register") == end)


def _graded(number: int, place: str) -> dict[str, Any]:
    words = {"section": "Risk", "grade": "Meets good", "evidence": f"seen on file, {place}", "impact": "felt at home"}
    return {"role": "auditor", "audit": f"{place}-{number}", **words}


def _act(authority: str, number: int, place: str) -> bytes:
    body = orjson.dumps(_graded(number, place))
    return _head("POST", f"/v1/{authority}/commands/audit.grade_section", "P-AUD", len(body)) + body


def _question(authority: str) -> bytes:
    return _head("GET", f"/v1/{authority}/views/register?team=T-1&limit=10", "P-QA", 0)


def _head(method: str, path: str, person: str, length: int) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: api", f"Authorization: Bearer {person}", f"Content-Length: {length}"]
    return "\r\n".join((*lines, "Content-Type: application/json", "", "")).encode()


async def _all(url: str, requests: Sequence[bytes], each: int) -> Timed:
    """Every client sends its request so many times, one after another; all of them at once."""
    began = perf_counter()
    taken = await asyncio.gather(*(_client(url, request, each) for request in requests))
    return Timed([one for client in taken for one in client], perf_counter() - began)


async def _client(url: str, request: bytes, each: int) -> list[float]:
    place, taken = urlsplit(url), []
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    for _ in range(each):
        began = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        taken.append(perf_counter() - began)
    writer.close()
    return taken


@contextmanager
def _served(serve: Callable[..., None], *args: Any) -> Iterator[str]:
    """A server in a process of its own while the block runs; where it listens."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(theirs, *args))
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _serve_api(told: Any, settings: Settings, authority: str) -> None:
    configure_logs(settings)
    with System(settings) as system, open_office(system) as office:
        _serve(told, config(make_app(office, KnownTokens(frozenset({authority})))))


def _serve_bare(told: Any) -> None:
    app = FastAPI()

    @app.get("/{rest:path}")
    async def answer(rest: str) -> dict[str, str]:
        return {"rest": rest}

    _serve(told, uvicorn.Config(app, http="h11", ws="none", access_log=False, log_level="critical"))


def _serve(told: Any, configured: uvicorn.Config) -> None:
    bound = listener(Settings(api_port=0))

    async def run() -> None:
        server = uvicorn.Server(configured)
        bound.listen()
        told.send(f"http://127.0.0.1:{bound.getsockname()[1]}")
        await server.serve(sockets=[bound])

    asyncio.run(run())


def _at_the_desk(settings: Settings, authority: str, clients: int, each: int) -> Timed:
    """The same acts at as many desks as the server has, without HTTP."""
    with System(settings) as system, keyrings(system) as (rings, master):
        desks = [desk_of(system, authority, rings[authority], master) for _ in range(DESK_THREADS)]
        system.history(authority)

        def work(place: int) -> list[float]:
            taken = []
            for _ in range(each):
                for number in range(place, clients, DESK_THREADS):
                    line = {"command": "audit.grade_section", "authority": authority, "actor": "P-AUD"}
                    command = orjson.dumps({**line, **_graded(number, "desk")})
                    began = perf_counter()
                    desks[place].carry_out(system.catalogue.parse(command))
                    taken.append(perf_counter() - began)
            return taken

        began = perf_counter()
        with ThreadPoolExecutor(DESK_THREADS) as pool:
            taken = list(pool.map(work, range(DESK_THREADS)))
        return Timed([one for lane in taken for one in lane], perf_counter() - began)


def _published(store: Store, clients: int, each: int) -> Timed:
    """Messages of the same size, each acknowledged by the server, from as many clients."""
    authority = store.authority()
    body = orjson.dumps(_graded(0, "publish"))

    def lane(number: int) -> Coroutine[Any, Any, list[float]]:
        async def publish() -> list[float]:
            js, taken = store.link.client.jetstream(), []
            for _ in range(each):
                began = perf_counter()
                await js.publish(f"sightline.{authority}.audit.P-{number}", body)
                taken.append(perf_counter() - began)
            return taken

        return publish()

    async def every() -> list[list[float]]:
        return await asyncio.gather(*(lane(number) for number in range(clients)))

    began = perf_counter()
    taken = store.link.run(every())
    return Timed([one for client in taken for one in client], perf_counter() - began)
