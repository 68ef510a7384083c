"""The client with faster headers, in both directions, and a faster way for whole messages.

An event carries two dozen headers. Reading and writing them one by one, with checks of every character, was most of the
work of a read and of a batch. Tests hold both ways to the results of the client's own; a header that is anything but
plain takes the client's own way.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nats.aio.client import DEFAULT_FLUSH_TIMEOUT, Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import ConnectionClosedError, ConnectionDrainingError, ConnectionReconnectingError, Error
from nats.protocol import command

from services.log import Log
from services.store.ending import ended
from services.store.headers import FIRST_LINE, header_block, headers_of, read_headers
from services.store.parsing import QuickParser

log = Log(__name__)

Command = tuple[str, dict[str, str], bytes]
"""What is published: the subject, the headers and the body."""

Take = Callable[[bytes, bytes, bytes, bytes], None]
"""Takes a message as it came: its subject, where it is to be answered, the block of its headers and its body."""

_REFUSED = re.compile(r'permissions violation for publish to "([^"]+)"')

SMALL = 65_536
"""Bytes of a request that is written at once; a larger one waits until the connection has room."""

OF_A_CONSUMER = b"$JS.ACK."
"""How the address begins at which a message of a consumer is acknowledged. What is said of the consumer has no such."""


class QuickClient(Client):
    """The client of every connection that the store opens.

    `archives` is the folder of what was archived of the streams it reads, None where none is named. `back` is set for a
    moment whenever a lost connection is there again: whoever waits for an answer that went with it need not. `reads_on`
    is False once it was seen that long stretches cannot be read by a consumer over it (see `services.store.runs`).
    `refused` holds, in small letters, the subjects on which the server has refused to hear it, since it is connected:
    nobody answers there.
    """

    archives: Path | None = None
    reads_on = True

    def __init__(self) -> None:
        super().__init__()
        self._ps = QuickParser(self)
        self.back = asyncio.Event()
        self.refused: set[str] = set()
        self._takers: dict[int, Take] = {}

    async def connect(self, *servers: Any, **options: Any) -> None:
        """Connect as the client does; an attempt that fails, or is given up, leaves nothing open."""
        told = options.pop("reconnected_cb", None)

        async def back() -> None:
            self.refused.clear()
            self.back.set()
            self.back.clear()
            if told is not None:
                await told()

        try:
            await super().connect(*servers, **{**options, "reconnected_cb": back})
        except BaseException:
            if self._transport is not None:
                await self.close()
            raise

    async def _process_err(self, err_msg: str) -> None:
        """Remember what the server refuses to hear, and go on as the client does."""
        self.refused.update(_REFUSED.findall(err_msg.lower()))
        await super()._process_err(err_msg)

    async def flush(self, timeout: int = DEFAULT_FLUSH_TIMEOUT) -> None:  # noqa: ASYNC109 - the client's own signature
        """Flush as the client does. ConnectionReconnectingError once the connection is lost: no answer will come."""
        connecting = self._reconnection_task
        if connecting is not None and not connecting.done() and connecting is not asyncio.current_task():
            raise ConnectionReconnectingError
        await super().flush(timeout)

    async def drain(self) -> None:
        """Finish what came and send what is unsent, then close; a second call changes nothing.

        A connection that is lost, or is lost meanwhile, is closed as well, and that is no error: what came of it and is
        not acknowledged comes again.
        """
        if self.is_draining:
            return
        try:
            if self.is_connected:
                await super().drain()
        except (Error, OSError) as error:
            log.info("nats connection ended before it was drained", error=type(error).__name__)
        finally:
            await self.close()

    async def _send_ping(self, future: asyncio.Future[Any] | None = None) -> None:
        """Ask for a word of the server after all that was said before: the client's own question overtakes what waits.

        Only so a flush says that a subscription is known to the server.
        """
        self._write_pending()
        await super()._send_ping(future)

    def _write_pending(self) -> bool:
        """Give all that waits to the connection at once, without the turns of the task for it; whether there is one."""
        if self._transport is None or not self.is_connected:
            return False
        waiting, self._pending, self._pending_data_size = self._pending, [], 0
        if waiting:
            self._transport.writelines(waiting)
        return True

    async def take_all(self, subject: str, take: Take) -> Subscription:
        """Subscribe, and give each message to `take` as it came: no headers read, no queue, no task between."""
        listening = await self.subscribe(subject, cb=_nobody)
        self._takers[listening._id] = take  # noqa: SLF001 - by which the client knows it
        return listening

    async def no_more(self, listening: Subscription) -> None:
        """End what `take_all` began. On a connection that was closed it has ended."""
        self._takers.pop(listening._id, None)  # noqa: SLF001 - as above
        with suppress(ConnectionClosedError, ConnectionDrainingError):
            await listening.unsubscribe()

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        """Take a message as the client does, by a shorter way where it is plain.

        An answer goes to who waits for it, without a queue and a task; of what a consumer brings each header is read
        when it is asked for.
        """
        if (take := self._takers.get(sid)) is not None:
            self.stats["in_msgs"] += 1
            self.stats["in_bytes"] += len(data)
            try:
                take(subject, reply, headers or b"", data)
            except Exception as error:  # noqa: BLE001 - an error that left here would end all reading, in silence
                await self._error_cb(error)
            return
        prefix, sub = self._resp_sub_prefix, self._subs.get(sid)
        if sub is not None and reply.startswith(OF_A_CONSUMER) and _is_plain_for(sub, data, headers):
            self.stats["in_msgs"] += 1
            self.stats["in_bytes"] += len(data)
            sub._received += 1  # noqa: SLF001 - as the client does, like all that follows
            sub._pending_size += len(data)  # noqa: SLF001
            found: Any = headers_of(headers)
            sub._pending_queue.put_nowait(self._build_message(sid, subject, reply, data, found))  # noqa: SLF001
            return
        if headers or sub is None or not prefix or not subject.startswith(prefix):
            await super()._process_msg(sid, subject, reply, data, headers)
            return
        self.stats["in_msgs"] += 1
        self.stats["in_bytes"] += len(data)
        waiting = self._resp_map.get(subject[len(prefix) :].decode())
        if waiting is not None and not waiting.done():
            waiting.set_result(self._build_message(sid, subject, reply, data, None))

    async def _process_op_err(self, e: Exception) -> None:
        """Connect again as the client does; who waits to hear that something was sent hears that it is not known."""
        await super()._process_op_err(e)
        if not self.is_connected:
            self._release(ConnectionReconnectingError())

    async def _process_pong(self) -> None:
        """Take an answer as the client does, also one for which nobody waits any more.

        The client's own way falls over that and hears nothing from then on, over a connection that stands.
        """
        if self._pongs and self._pongs[0].done():
            self._pongs[0] = asyncio.get_running_loop().create_future()
        await super()._process_pong()

    async def _stop_connecting(self) -> None:
        """End the task that connects again, but where it is itself what closes."""
        task = self._reconnection_task
        if task is not None and task is not asyncio.current_task():
            await ended(task)

    def _release(self, error: Error) -> None:
        """Let nobody wait for what a connection that is gone did not answer."""
        waiting, self._pongs = self._pongs, []
        for each in waiting:
            if not each.done():
                each.set_exception(error)
                each.exception()  # the client's own pings are asked by nobody

    async def _close(self, status: int, do_cbs: bool = True) -> None:  # noqa: FBT001, FBT002 - the client's own signature
        """Close as the client does, whatever becomes of the socket meanwhile.

        The client's own way falls over a lost connection thrice: what could not be sent is an error before those who
        wait for an answer are released; the end of the task that connects again cancels the end of the socket, of
        which whoever closes then hears as if he had been cancelled himself; and that task may miss its end, and opens
        again what was closed.
        """
        try:
            await self._stop_connecting()
            try:
                await super()._close(status, do_cbs)
            except OSError:
                self._status = Client.DISCONNECTED  # there is nothing left to send now: the rest of the way is free
                await super()._close(status, do_cbs)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
        finally:
            self._release(ConnectionClosedError())

    _parse_header_lines = staticmethod(read_headers)

    async def _send_publish(
        self, subject: str, reply: str, payload: bytes, payload_size: int, headers: dict[str, Any] | None
    ) -> None:
        block = header_block(headers) if headers and subject else None
        if block is None:
            await super()._send_publish(subject, reply, payload, payload_size, headers)
            return
        self.stats["out_msgs"] += 1
        self.stats["out_bytes"] += payload_size
        await self._send_command(command.hpub_cmd(subject, reply, block, payload))
        if reply and payload_size <= SMALL and self._write_pending():
            return
        if self._flush_queue is not None and self._flush_queue.empty():
            await self._flush_pending()


async def _nobody(_message: Msg) -> None:
    """What a subscription needs to be made, and nobody calls."""


async def publish_all(client: Client, messages: Sequence[Command]) -> None:
    """Publish messages in their order, as one write to the connection. The errors are those of the client's own way.

    They travel at the latest with whatever is published or asked next.
    """
    lines: list[bytes] = []
    if client.is_connected and not client.is_draining_pubs:
        most = client.max_payload
        for subject, headers, payload in messages:
            block = header_block(headers) if headers and len(payload) <= most else None
            if block is None:
                break
            lines.append(command.hpub_cmd(subject, "", block, payload))
    if len(lines) == len(messages):
        client.stats["out_msgs"] += len(lines)
        client.stats["out_bytes"] += sum(len(payload) for _, _, payload in messages)
        await client._send_command(b"".join(lines))  # noqa: SLF001 - the base class of this module's own client
        return
    for subject, headers, payload in messages:
        await client.publish(subject, payload, headers=headers)


def _is_plain_for(sub: Subscription, data: bytes, headers: bytes) -> bool:
    """Whether a message with headers is only to be put into the subscription's queue, and there is room in it."""
    if sub._jsi or sub._future or sub._max_msgs or sub._pending_queue.full():  # noqa: SLF001 - as the client looks at them
        return False
    most = sub._pending_bytes_limit  # noqa: SLF001 - as above
    return (most <= 0 or sub._pending_size + len(data) < most) and (headers or b"").startswith(FIRST_LINE)  # noqa: SLF001
