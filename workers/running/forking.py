"""How the supervisor begins its processes: as forks of one that has loaded what they share, or each by exec."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process, create_subprocess_exec
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import orjson

from services.log import Log
from workers.processes.program import program


def _has_descriptors() -> bool:
    """Whether a process can be held by a descriptor: an old kernel has none, and a container may forbid it."""
    if sys.platform != "linux":  # macOS does not bear a fork that goes on without exec
        return False
    try:
        own = os.pidfd_open(os.getpid())
        try:
            signal.pidfd_send_signal(own, 0)
        finally:
            os.close(own)
    except (AttributeError, OSError):  # an old Python has no such calls
        return False
    return True


FORKS = _has_descriptors()
"""Whether processes may begin as forks. Elsewhere each begins by exec, and loads everything itself."""

ANSWERS_WITHIN = 60.0
"""Seconds for the loaded process to answer, on the smallest machine that we think of: it may have to load first."""

LARGEST = 65_536
"""Bytes of an answer, at most: a number."""

log = Log(__name__)


class Begun(Protocol):
    """A process that was begun, as asyncio has one."""

    @property
    def pid(self) -> int:
        """Its number."""

    @property
    def returncode(self) -> int | None:
        """Its exit code once it was waited for, None before and where nobody could tell; a signal below zero."""

    async def wait(self) -> int | None:
        """Wait until it has ended; its `returncode` then."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""


class Gone(Exception):
    """The loaded process has ended, or does not answer and is ended."""


class Processes:
    """Begins the processes of one supervisor, all with the same variables.

    Where it `forks`, one process loads what they share (see `workers.running.loaded`), begun with the first need, or
    before by `load`. Whoever was begun does not hang on it: it may die, and is begun again with the next need.
    """

    def __init__(self, variables: Mapping[str, str], held: int, *, forks: bool) -> None:
        self._variables = variables
        self._held = held
        self.forks = forks
        self._loaded: _Loaded | None = None
        self._turn = asyncio.Lock()

    async def load(self) -> "_Loaded":
        """Have what is shared loaded meanwhile. A repeat changes nothing, and it begins again where it has died."""
        async with self._turn:
            if self._loaded is None or self._loaded.is_gone:
                self._loaded = await _Loaded.begin(self._variables, self._held)
            return self._loaded

    async def begin(self, module: str, *arguments: str, output: int | None = None) -> Begun:
        """What `python -m MODULE ARGUMENTS` runs, in a session of its own; its output goes to that descriptor.

        Where what is shared cannot be loaded, the log says so and the process loads by itself what it can.
        """
        while self.forks:
            loaded = await self.load()
            with suppress(Gone):
                return await loaded.fork(module, *arguments, output=output)
            if not loaded.has_answered:
                log.error("what the processes share is not loaded: this one begins alone", words=[module, *arguments])
                break
            log.warning("the loaded process has ended, and begins again")
        return await create_subprocess_exec(
            *program(module),
            *arguments,
            stdin=self._held,
            stdout=output,
            env=self._variables,
            start_new_session=True,
        )

    async def end(self) -> None:
        """End what has loaded, which holds nothing. It begins no process any more."""
        self.forks = False
        if self._loaded is not None:
            await self._loaded.end()


@asynccontextmanager
async def beginning(variables: Mapping[str, str], *, alone: bool) -> AsyncIterator[Processes]:
    """Begin processes while the block runs, each by exec where it is to be `alone` or the platform does not fork.

    Their standard input is a pipe that closes with the block, or however else this process ends.
    """
    held, ours = os.pipe()
    processes = Processes(variables, held, forks=FORKS and not alone)
    try:
        if processes.forks:
            await processes.load()
        yield processes
    finally:
        await processes.end()
        os.close(held)
        os.close(ours)


class _Loaded:
    """One life of the loaded process. It is asked one question after the other."""

    def __init__(self, process: Process, channel: socket.socket) -> None:
        self._process = process
        self._channel = channel
        self._turn = asyncio.Lock()
        self.is_gone = False
        self.has_answered = False

    @classmethod
    async def begin(cls, variables: Mapping[str, str], held: int) -> "_Loaded":
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(0)
        with theirs:
            process = await create_subprocess_exec(
                *program("workers.running.loaded"),
                str(theirs.fileno()),
                stdin=held,
                env=variables,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        return cls(process, ours)

    async def fork(self, *words: str, output: int | None) -> "_Forked":
        """A fork that runs these words. Gone where there is none."""
        pid, (seen, holding) = await self._ask("begin", *words, descriptors=[] if output is None else [output])
        with suppress(BrokenPipeError):  # it has ended already
            os.write(holding, b".")
        os.close(holding)
        return _Forked(pid, seen, self)

    async def code(self, pid: int) -> int:
        """The exit code of a fork that has ended, told once. Gone where nobody can tell."""
        code, _ = await self._ask("code", pid)
        return code

    async def end(self) -> None:
        """End it, and wait for that. A repeat changes nothing."""
        self._lose()
        await self._process.wait()

    async def _ask(self, *question: object, descriptors: list[int] | None = None) -> tuple[int, list[int]]:
        async with self._turn:
            if self.is_gone:
                raise Gone
            answer = b""
            try:
                socket.send_fds(self._channel, [orjson.dumps(question)], descriptors or [])
                async with asyncio.timeout(ANSWERS_WITHIN):
                    await _readable(self._channel.fileno())
                answer, came, _, _ = socket.recv_fds(self._channel, LARGEST, 2)
            except OSError as error:  # a time-out is one
                raise Gone from error
            finally:
                if not answer:  # nor would a later question have an answer of its own
                    self._lose()
            if not answer:
                raise Gone
            self.has_answered = True
            return orjson.loads(answer), came

    def _lose(self) -> None:
        self.is_gone = True
        self._channel.close()
        with suppress(ProcessLookupError):
            self._process.kill()


class _Forked:
    """A process that is not our child, held by a descriptor: that means no other, whatever becomes of its number."""

    def __init__(self, pid: int, descriptor: int, loaded: _Loaded) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._descriptor: int | None = descriptor
        self._loaded = loaded

    async def wait(self) -> int | None:
        if self._descriptor is not None:
            await _readable(self._descriptor)
            try:
                self.returncode = await self._loaded.code(self.pid)
            except Gone:
                await self._loaded.end()  # only then its forks are another's
                self.returncode = _code_of_ours(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
        return self.returncode

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self._descriptor is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)


def _code_of_ours(descriptor: int) -> int | None:
    """The exit code of a process that has ended, if it became our child with the end of its own parent; None otherwise.

    That is so where this process is the first one, as in a container: nobody else would take it off the machine's list.
    """
    with suppress(ChildProcessError):  # another one's: its end is all that is known
        ended = os.waitid(os.P_PIDFD, descriptor, os.WEXITED | os.WNOHANG)
        if ended is not None:
            return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
    return None


async def _readable(descriptor: int) -> None:
    """Wait until something can be read; of a process, until it has ended."""
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_reader(descriptor, arrived.set)
    try:
        await arrived.wait()
    finally:
        loop.remove_reader(descriptor)
