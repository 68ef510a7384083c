"""The broker of the workers: FastStream's, on our own client."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from faststream.nats import NatsBroker
from faststream.nats.security import NatsCredentials
from nats.aio.client import Client

from services.store.link import in_time
from services.store.quick import QuickClient

WITHIN = 5.0
"""Seconds in which a broker has its connection, or ends: whoever runs it tries again, and hears when it is to stop."""


class QuickBroker(NatsBroker):
    """The broker on the client with faster headers: they were two fifths of what a view's catch-up took.

    Its subscribers take their messages where the connection takes its answers; FastStream gives each its own default.
    """

    def __init__(
        self, servers: Sequence[str], *, inbox_prefix: str, archives: Path | None = None, **options: Any
    ) -> None:
        super().__init__(servers, inbox_prefix=inbox_prefix, **options)
        self._inbox = inbox_prefix
        self._archives = archives
        self._url = ",".join(servers)

    def subscriber(self, *subjects: Any, **options: Any) -> Any:
        """A subscriber as the broker's own, see there."""
        return super().subscriber(*subjects, **{"inbox_prefix": f"{self._inbox}.".encode(), **options})

    async def start(self) -> None:
        """Begin; what is sent from then on finds its subscribers, for the server has heard of them."""
        await super().start()
        if self._connection is not None:
            await self._connection.flush()

    async def _connect(self) -> Client:
        """A connection, or StoreUnavailable: the client itself would wait for a server that does not come back."""
        client = QuickClient()
        client.archives = self._archives
        async with in_time(self._url, WITHIN):
            await client.connect(**self._connection_kwargs)
        self.config.connect(client)
        return client


def credentials(file: Path | None) -> NatsCredentials | None:
    """What the broker shows the server: the credentials of a file, or nothing."""
    return NatsCredentials(str(file)) if file else None
