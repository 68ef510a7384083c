"""The guide for receivers of webhooks: its program, as it stands in it, takes what is posted and nothing else."""

import asyncio
import os
import re
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx

from events.audits import AuditSubmitted
from services.webhooks.decisions import new_secret
from tests.deploy.test_files import DEPLOY
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.rig import LOWEST, Rig
from tests.workers.test_webhooks import QUICK, set_webhook
from workers.webhooks.posting import headers_of

MakeRig = Callable[..., Rig]
GUIDE = (DEPLOY / "webhooks.md").read_text()


async def test_the_program_of_the_guide(make_rig: MakeRig, tmp_path: Path) -> None:
    """It prints each message once, and refuses what is signed with another secret or long ago."""
    (program,) = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    (tmp_path / "receiver.py").write_text(program)
    rig = make_rig(**QUICK)
    held = socket.socket()  # bound until the program listens there: nobody else gets the port
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = held.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    secret = await asyncio.to_thread(set_webhook, rig, url)
    own = {**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, tmp_path / "receiver.py", env=own, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    try:
        async with rig.workers("publisher", "webhooks"):
            await asyncio.to_thread(rig.record, "A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
            async with asyncio.timeout(PATIENCE):
                told = {(await process.stdout.readline()).decode().strip() for _ in range(2)}
        assert told == {"sightline.audit.allocated.v1 audit/A-1", "sightline.audit.returned.v1 audit/A-1"}
        post = partial(httpx.post, timeout=PATIENCE)
        body, now = b'{"id":"m","type":"t","subject":"s"}', datetime.now(UTC)
        keys = (
            ([new_secret()], now),
            ([secret], now - timedelta(minutes=6)),
            ([new_secret(), secret], now),
            ([secret], now),
        )
        statuses = [
            (await asyncio.to_thread(post, url, content=body, headers=headers_of(key, "m", body, at))).status_code
            for key, at in keys
        ]
        assert statuses == [401, 401, 204, 204]
        assert (await process.stdout.readline()).decode().strip() == "t s"
    finally:
        held.close()
        process.kill()
        rest, _ = await process.communicate()
    assert rest == b""
