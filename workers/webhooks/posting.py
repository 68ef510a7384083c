"""One post to a receiver: signed, to the very address that was looked at, within limits, and what came of it.

Nothing that the receiver answers is read beyond its status and headers, kept or logged: it is somebody else's text.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import httpx
from standardwebhooks import Webhook as Signer

from services.clock import Clock
from services.settings import Settings
from services.webhooks.schedule import retry_after
from services.webhooks.targets import Forbidden, Reach, Target, Unresolved

CONTENT_TYPE = "application/cloudevents+json"

Fault = Literal[
    "refused",
    "busy",
    "failed",
    "redirected",
    "unresolved",
    "unreachable",
    "timed_out",
    "dropped",
    "forbidden",
    "sealed",
]
"""Why a message was not taken. A list and no text: what a receiver answers, or is called, is nobody's business here.

`refused`: a status of 4xx; `busy`: 429 or 503; `failed`: another 5xx, or what is no status; `redirected`: 3xx, which
is not followed; `unresolved`: its name has no address now; `unreachable`: no connection, or none that is trusted;
`timed_out`: no answer in time; `dropped`: the connection ended in the middle; `forbidden`: its name leads where nothing
is posted to; `sealed`: address and secret cannot be opened.
"""

GONE = 410
BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It was not taken; `after` are the seconds for which the receiver asks to be left alone."""

    fault: Fault
    after: float | None = None


Answer = Literal["taken", "gone"] | NotTaken


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where is posted to, opened, with the secret that signs; the `former` one signs beside it `until` that instant."""

    url: str
    secret: str
    former: str | None = None
    until: datetime | None = None

    def secrets(self, now: datetime) -> list[str]:
        """What signs at that instant: whoever holds either of two secrets verifies what is posted."""
        overlaps = self.former is not None and self.until is not None and now < self.until
        return [self.secret, self.former] if overlaps and self.former else [self.secret]


def headers_of(secrets: Sequence[str], identity: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks for that body, signed with each of the secrets.

    `identity` is the message's own: it stays over all attempts.
    The instant is taken in UTC: the library that signs reads the digits of any other as if they were.
    """
    at = now.astimezone(UTC).replace(microsecond=0)
    return {
        "content-type": CONTENT_TYPE,
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(each).sign(identity, at, body.decode()) for each in secrets),
        "user-agent": "Sightline",
    }


class Poster:
    """Posts messages. Open it with `opened`."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings, reach: Reach, clock: Clock) -> None:
        self._client = client
        self._total = settings.webhooks_total_seconds
        self._reach = reach
        self._clock = clock

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings, reach: Reach, clock: Clock) -> AsyncIterator["Poster"]:
        """A poster for the time of the block. It follows no redirect, asks no proxy, and keeps no connection.

        A proxy would resolve the name again; a connection that was kept would go where the name led before.
        """
        for name in ("httpx", "httpcore"):  # they log whole addresses
            logging.getLogger(name).setLevel(logging.WARNING)
        limit = httpx.Timeout(settings.webhooks_read_seconds, connect=settings.webhooks_connect_seconds)
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(timeout=limit, limits=limits, follow_redirects=False, trust_env=False) as client:
            yield cls(client, settings, reach, clock)

    async def post(self, to: Addressed, identity: str, body: bytes) -> Answer:
        """Post the message, and say what came of it. It raises nothing for what a receiver does."""
        try:
            async with asyncio.timeout(self._total):
                target = await asyncio.to_thread(self._reach.of_url, to.url)
                signed = headers_of(to.secrets(self._clock()), identity, body, datetime.now(UTC))
                return await self._post(target, signed, body)
        except Forbidden:
            return NotTaken("forbidden")
        except Unresolved:
            return NotTaken("unresolved")
        except (TimeoutError, httpx.TimeoutException):
            return NotTaken("timed_out")
        except httpx.ConnectError:
            return NotTaken("unreachable")
        except httpx.HTTPError:
            return NotTaken("dropped")

    async def _post(self, target: Target, headers: dict[str, str], body: bytes) -> Answer:
        request = self._client.build_request(
            "POST",
            target.numeric,
            content=body,
            headers={"host": target.authority, **headers},
            extensions={"sni_hostname": target.host},
        )
        answer = await self._client.send(request, stream=True)
        try:
            return self._read(answer)
        finally:
            await answer.aclose()

    def _read(self, answer: httpx.Response) -> Answer:
        status = answer.status_code
        if answer.is_success:
            return "taken"
        if status == GONE:
            return "gone"
        if status in BUSY:
            return NotTaken("busy", retry_after(answer.headers.get("retry-after"), self._clock()))
        if answer.is_redirect:
            return NotTaken("redirected")
        return NotTaken("refused" if answer.is_client_error else "failed")
