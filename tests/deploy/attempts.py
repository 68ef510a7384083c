"""What the tests of the forbidden share: who tries, with what connection, and what counts as having got through."""

import asyncio
import json
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from typing import Any

import nats
import nats.errors
from nats.aio.client import Client

from events.subjects import key_bucket
from services.store.link import inbox_of
from tests.deploy.deployed import TORBAY, Deployed

PREFIX = f"$KV.{key_bucket(TORBAY)}."
CHILD, FIELD = "F-1", "evidence"
SILENCE = 0.4
"""Seconds without an answer after which a question counts as heard by nobody. What must be answered is waited for."""
SERVES_ALL = ("workers", "webhooks", "doors")
"""The roles that serve every council."""

ROLES = ("services-torbay", "reporting-torbay", "custodian-torbay", *SERVES_ALL, "provisioner")
OTHERS = ("services-halton", "reporting-halton", "custodian-halton")
EVERYBODY = (*ROLES, *OTHERS)
READS = [
    *(f"$JS.API.STREAM.MSG.GET.{{{each}}}" for each in ("stream", "bucket")),
    *(f"$JS.API.DIRECT.GET.{{{each}}}" for each in ("stream", "bucket")),
]


async def opened(stack: AsyncExitStack, deployed: Deployed, user: str, errors: list[str] | None = None) -> Client:
    """A bare connection of a role, which may ask for whatever it likes."""

    async def note(error: Exception) -> None:
        if errors is not None:
            errors.append(str(error))

    url = deployed.url(user)
    client = await nats.connect(url, inbox_prefix=inbox_of(url), error_cb=note)
    stack.push_async_callback(client.close)
    return client


async def answered(
    client: Client, subject: str, body: bytes = b"{}", headers: dict[str, str] | None = None, within: float = SILENCE
) -> Any:
    """What the server said, None where nobody heard the question."""
    try:
        answer = await client.request(subject, body, timeout=within, headers=headers)
    except (nats.errors.TimeoutError, nats.errors.NoRespondersError):
        return None
    return json.loads(answer.data) if answer.data else dict(answer.headers or {})


async def accepted(asked: Sequence[Awaitable[Any]]) -> list[int]:
    """Which of the attempts got an answer that is no error; all at once, since a silence takes its time."""
    answers = await asyncio.gather(*asked)
    return [
        number
        for number, said in enumerate(answers)
        if said is not None and "error" not in said and said.get("Status") not in {"404", "408", "503"}
    ]
