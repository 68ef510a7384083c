"""Processes of the program that begin as forks of one which has loaded it, as those of `up` do: a tenth of a start.

For tests that begin a process to kill it, or several of one kind: what they are about is the process, not its start.
"""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import IO

import orjson

from tests.beside import ROOT
from workers.running.forking import FORKS, LARGEST


class Forked:
    """A process that is no child of this one, held by a descriptor. It is used as one of `subprocess` is."""

    def __init__(self, pid: int, descriptor: int, loaded: "_Loaded") -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._descriptor = descriptor
        self._loaded = loaded

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; its exit code, a signal below zero."""
        if self.returncode is None:
            ended, _, _ = select.select([self._descriptor], [], [], timeout)
            if not ended:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode, _ = self._loaded.ask("code", self.pid)
            os.close(self._descriptor)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it has ended
                signal.pidfd_send_signal(self._descriptor, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Process = Forked | subprocess.Popen[bytes]


class _Loaded:
    """The process of which the others are forks. It ends with this one, whose end closes its channel."""

    def __init__(self) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._turn = Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def ask(self, *question: object, output: int | None = None) -> tuple[int, list[int]]:
        with self._turn:
            socket.send_fds(self._channel, [orjson.dumps(question)], [] if output is None else [output])
            answer, came, _, _ = socket.recv_fds(self._channel, LARGEST, 2)
        assert answer, "the loaded process has ended: a file of what it had loaded was changed, or it could not load"
        return orjson.loads(answer), came


@cache
def _loaded() -> _Loaded:
    return _Loaded()


def begin(module: str, *arguments: str, environment: Mapping[str, str], output: IO[bytes] | None = None) -> Process:
    """What `python -m MODULE ARGUMENTS` runs, in that environment; what it prints goes to the file, if there is one.

    Its input is empty, and what it says of errors goes nowhere. Where the platform has no such forks it begins by exec.
    """
    if not FORKS:
        none = subprocess.DEVNULL
        words = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(words, cwd=ROOT, env=environment, stdin=none, stdout=output or none, stderr=none)
    return fork(module, *arguments, environment=environment, output=None if output is None else output.fileno())


def fork(module: str, *arguments: str, environment: Mapping[str, str], output: int | None) -> Forked:
    """As `begin`, where the platform has forks; the output goes to that descriptor."""
    loaded, told = _loaded(), orjson.dumps({**environment}).decode()
    pid, (descriptor, holding) = loaded.ask("begin", told, module, *arguments, output=output)
    with suppress(BrokenPipeError):  # it has ended already
        os.write(holding, b".")
    os.close(holding)
    return Forked(pid, descriptor, loaded)
