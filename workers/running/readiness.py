"""Telling and hearing that a process is ready: the protocol of systemd (sd_notify), for it and for our supervisor."""

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from services.log import Log

NOTIFY_SOCKET = "NOTIFY_SOCKET"
"""The variable that names the socket on which somebody listens."""

SUPERVISED = "SIGHTLINE_SUPERVISED"
"""Set for a process whose standard input is a pipe from its supervisor: when that closes, it is to end."""

NAME = "X_SIGHTLINE_WORKER"
READY = "READY=1"

log = Log(__name__)


def say_ready(name: str, environment: Mapping[str, str] = os.environ) -> None:
    """Tell whoever started the process that it does its work now. Without a listener nothing happens."""
    address = environment.get(NOTIFY_SOCKET)
    if not address:
        return
    if address.startswith("@"):  # Linux's sockets without a file
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        try:
            channel.sendto(f"{READY}\n{NAME}={name}".encode(), address)
        except OSError as error:
            log.warning("nobody listens for readiness", error=type(error).__name__)


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, _address: object) -> None:
        lines = dict(line.split("=", 1) for line in data.decode().splitlines() if "=" in line)
        if lines.get("READY") == "1" and NAME in lines:
            self._heard(lines[NAME])


@asynccontextmanager
async def hearing(heard: Callable[[str], None]) -> AsyncIterator[str]:
    """Listen while the block runs; the address to hand to processes. `heard` gets the name of each that is ready."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-"))  # short: the path of a socket has 100 characters at most
    address = str(folder / "ready")
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Listener(heard), local_addr=address, family=socket.AF_UNIX
    )
    try:
        yield address
    finally:
        transport.close()
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
