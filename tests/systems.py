"""The whole system for a test that asks what it does, and not how its processes come to load the program."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from unittest.mock import patch

from services.settings import Settings
from tests.forks import Forked, fork
from workers.running import background, forking, loaded

STANDARD = (1, 2)
"""Where the processes of a system print: what this one's own output and errors are when they begin."""


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """As the program runs it beside other work, but what its processes are forks of is a fork too, and has loaded all.

    To load the program takes most of what it costs to start a system. Where a system begins as the program itself
    (`whole_system`, `test_supervisor`, `test_forking`), it loads as everywhere: also while another one runs here that
    began like this, so only its start is changed.
    """
    with ExitStack() as system:
        with patch.object(forking._Loaded, "begin", _begin) if forking.FORKS else nullcontext():
            system.enter_context(background.running(settings))
        yield


async def _begin(variables: Mapping[str, str], held: int) -> forking._Loaded:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = fork(loaded.__name__, environment=variables, output=theirs.fileno())
    socket.send_fds(ours, [b"."], [held, *STANDARD])
    ours.settimeout(0)
    return forking._Loaded(_Waited(process), ours)  # type: ignore[arg-type]  # of a process no more is asked


class _Waited:
    """A fork as asyncio has a process."""

    def __init__(self, process: Forked) -> None:
        self.kill = process.kill
        self._process = process

    async def wait(self) -> int:
        return await asyncio.to_thread(self._process.wait)
