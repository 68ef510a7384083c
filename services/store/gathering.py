"""The messages that come for one question, until the server says that these are all."""

import asyncio
from collections.abc import Mapping

from nats.aio.msg import Msg

from services.store.messages import RawMessage, from_replica

STATUS = "Status"
END_OF_BATCH = "204"
NO_MESSAGE = "404"
PENDING = "Nats-Num-Pending"
"""How many messages of a batch are still to come, as the server's index counts them: also those that it cannot read."""


class Gathering:
    """The messages of one batched request, until the server says that the batch ends."""

    def __init__(self) -> None:
        self.messages: list[RawMessage] = []
        self.done: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()

    def take(self, message: Msg) -> None:
        """Collect a message, or note the end of the batch."""
        headers = message.headers or {}
        if STATUS not in headers:
            self.messages.append(from_replica(headers, message.data))
        elif not self.done.done():
            self.done.set_result(headers)
