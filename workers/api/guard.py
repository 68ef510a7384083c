"""What stands before every route: how many requests at once, how large, how deep and how slow a body, and the log.

Nothing of the request but its method, the form of its path and its size is written down: no path as it was asked, no
query, no body, no header.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from secrets import token_hex
from time import monotonic
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from events.errors import SightlineError
from services.log import Log
from workers.api.answers import problem_response
from workers.api.streams import Streams
from workers.doors.depth import require_depth
from workers.doors.problems import BUSY, DEFECT, MALFORMED, TOO_LARGE, TOO_SLOW, Problem, Stopped

log = Log(__name__)

REQUEST_ID = "request_id"
"""Where the id of the request stands in its scope."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the door takes. `body_seconds` is how long a whole body may take to arrive."""

    body_bytes: int = 1_000_000
    body_seconds: float = 10.0
    requests_at_once: int = 256


class Guard:
    """Wraps the application; every refusal is a problem, and no error leaves it."""

    def __init__(self, app: ASGIApp, limits: Limits, streams: Streams) -> None:
        self.app = app
        self.streams = streams
        self._limits = limits
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        began, request_id = monotonic(), token_hex(8)
        scope.setdefault("state", {})[REQUEST_ID] = request_id
        answer = _Answer(send, request_id)
        structlog.contextvars.clear_contextvars()
        with structlog.contextvars.bound_contextvars(request=request_id):
            self._in_hand += 1
            try:
                await self._serve(scope, receive, answer)
            except SightlineError as error:
                await answer.refuse(Problem.of(error), scope)
            except Exception as error:  # noqa: BLE001 - the last one who can answer
                log.error("request failed", error=type(error).__name__, where=_where(error))  # noqa: TRY400 - no text of it
                await answer.refuse(Problem(DEFECT, DEFECT.title), scope)
            finally:
                self._in_hand -= 1
            log.info(
                "request",
                method=scope["method"] if scope["method"].isalpha() else "?",
                route=getattr(scope.get("route"), "path", None),
                status=answer.status,
                ms=round((monotonic() - began) * 1000, 1),
            )

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if self._in_hand > self._limits.requests_at_once:
            raise Stopped(BUSY, f"at most {self._limits.requests_at_once} requests at once")
        body = await self._body(Headers(scope=scope), receive)
        await self.app(scope, _replayed(body, receive), answer)

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        """The whole body, within its limits; what is too large by its own word is not read at all."""
        limits = self._limits
        announced = headers.get("content-length", "0")
        if not announced.isdecimal():
            raise Stopped(MALFORMED, "is not a valid number", field="Content-Length")
        rule = f"at most {limits.body_bytes} bytes"
        too_large = Stopped(TOO_LARGE, rule, field="body", headers={"Connection": "close"})
        if len(announced) > len(str(limits.body_bytes)) + 1 or int(announced) > limits.body_bytes:
            raise too_large
        parts, size, more = [], 0, announced != "0" or "transfer-encoding" in headers
        try:
            async with asyncio.timeout(limits.body_seconds):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Stopped(MALFORMED, "the body ended too early", field="body")
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > limits.body_bytes:
                        raise too_large
                    more = message.get("more_body", False)
        except TimeoutError:
            rule = f"must arrive within {limits.body_seconds:g} seconds"
            raise Stopped(TOO_SLOW, rule, field="body", headers={"Connection": "close"}) from None
        body = b"".join(parts)
        require_depth(body)
        return body


class _Answer:
    """Sends an answer, knows its status, and puts the id of the request and what browsers must keep to upon it."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            added = [(b"x-request-id", self._id.encode()), *ALWAYS]
            message["headers"] = [*message.get("headers", ()), *added]
        await self._send(message)

    async def refuse(self, problem: Problem, scope: Scope) -> None:
        """Answer with the problem, unless an answer has begun: that one is cut off by the end of it."""
        if not self.status:
            await problem_response(problem, self._id)(scope, _nothing, self)


ALWAYS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
]
"""What every answer says: nothing in between keeps it, and a browser runs nothing of it."""


def _replayed(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _where(error: BaseException) -> str:
    """The place in the code where it was raised, which holds nothing of what was asked."""
    trace: Any = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else ""
