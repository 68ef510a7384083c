"""Appending by a process beside this one: where many events are recorded, deciding them has a core to itself.

To write an event out and send it takes half as long as to decide it. A process for that is worth its start only where
thousands follow, so it is started after some, and takes over once it is ready. It writes batch after batch, each whole
or not at all, and answers after each; what will be in the next one it is told while that is decided, so that only to
send it is left. However it ends, or if it does not answer in time, this process goes on by itself: of what was on its
way then, an append finds the very events that stand already, or says that others do, and those are decided afresh. It
ends when this process does, however that ends, after the batch that it has.
"""

import os
import socket
import struct
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from multiprocessing import Pipe
from operator import is_
from threading import Lock
from typing import Self, TypeVar

from events.errors import Conflict
from events.recorded import Recorded
from services.log import Log
from services.snapshots import Folding, Opened
from services.store.application import History
from workers.processes.cores import cores
from workers.processes.failed import Failed
from workers.processes.program import program
from workers.recording.batches import Batch, Order, Place, Said

S = TypeVar("S")
log = Log(__name__)

WORTH_IT = 3_000
"""Events after which the process is started: about half a second of an import, and what its start costs."""

ENDING_SECONDS = 15.0
"""How long it may take to end: longer than it tries to write what it has."""

ANSWER_SECONDS = 60.0
"""How long an answer, or room on the line, is waited for: much longer than a batch takes that is written at all."""


class WritesBeside:
    """A history that many events are recorded on: it reads here, and appends in a process of its own once that pays.

    Appends come one after another. Close it, or use it as a context manager.
    """

    def __init__(self, history: History, place: Place) -> None:
        self._history, self._place = history, place
        self._left = WORTH_IT
        self._alone = cores() == 1
        self._process: _Process | None = None

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """As the history."""
        return self._history.load(aggregate_id, after=after)

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        """As the history."""
        return self._history.opened(aggregate_id, folding)

    def unwritten(self, aggregate_ids: Iterable[str]) -> frozenset[str]:
        """As the history."""
        return self._history.unwritten(aggregate_ids)

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        """As the history, whose errors are raised here.

        After a conflict the history appends by itself for a while: whoever decides afresh has it learn where the
        records end, and the process would not.
        """
        self._left -= len(recorded)
        self._begin()
        process = self._process if self.is_beside else None
        if process is None or expected:
            return self._history.append(*recorded, expected=expected)
        try:
            return tuple(process.append(recorded))
        except _Gone as gone:
            log.warning("process that writes was ended", authority=self._place.authority, code=gone.code)
            self.close()
            self._history.forget_ends()  # the server says whether it took the batch, and of two takes one
            return self._history.append(*recorded)
        except Conflict:
            self._end()
            raise

    def foretell(self, recorded: Sequence[Recorded]) -> None:
        """Say what will be in the next append, after what was said since the last one: it can be made ready meanwhile.

        What is appended is what `append` is given, whatever was said. It may be called while an append is under way,
        and costs nothing where this process writes.
        """
        process = self._process
        if process is not None and recorded:
            process.foretell(recorded)

    @property
    def is_beside(self) -> bool:
        """Whether the process is there, and takes events by now."""
        return self._process is not None and self._process.is_ready()

    def _begin(self) -> None:
        """Start the process where enough was appended, and it was not started yet."""
        if self._process is not None or self._left > 0 or self._alone:
            return
        try:
            self._process = _Process(self._place)
        except OSError as error:  # no process, memory or descriptor is left for it
            log.warning("process that writes cannot be started", authority=self._place.authority, reason=str(error))
            self._alone = True

    def close(self) -> None:
        """End the process; from now on the history appends by itself. A repeat changes nothing."""
        self._end()
        self._alone = True

    def _end(self) -> None:
        process, self._process, self._left = self._process, None, WORTH_IT
        if process is not None:
            process.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Gone(Exception):
    """The process is gone, with that exit code."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(code)


class _Process:
    """The process that appends (see `workers.recording.appending`)."""

    def __init__(self, place: Place) -> None:
        self.line, theirs = Pipe()
        _wait_at_most(ANSWER_SECONDS, self.line.fileno())
        self._is_ready = False
        self._sending = Lock()
        self._foretold: list[Recorded] = []
        self._is_broken = False
        try:
            with theirs:  # closed here, so that its end is heard
                self.process = subprocess.Popen(  # noqa: S603 - our own module
                    [*program("workers.recording.appending"), str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C reaches the one that imports, which ends this one
                )
        except OSError:
            self.line.close()
            raise
        try:
            self.line.send(place)
        except OSError:
            self._end(kill=True)
            raise

    def is_ready(self) -> bool:
        """Whether it takes events by now."""
        if not self._is_ready and self.line.poll():
            self._is_ready = True
        return self._is_ready

    def foretell(self, recorded: Sequence[Recorded]) -> None:
        """Send what will be appended. Of a line that takes nothing more, whoever appends next hears."""
        with self._sending:
            if not self._is_ready or self._is_broken or self.line.closed:
                return
            try:
                self.line.send(Batch.of(recorded))
            except OSError:  # what was sent in part, nobody could go on from; another thread may listen to the line
                self._is_broken = True
            else:
                self._foretold += recorded

    def append(self, recorded: Sequence[Recorded]) -> Sequence[int]:
        """What `History.append` gives, or raises. `_Gone` where nobody can say what became of it."""
        try:
            with self._sending:
                if self._is_broken:
                    raise BrokenPipeError
                self.line.send(self._ordered(recorded))
            while (answer := self.line.recv()) is Said.READY:
                pass
        except (EOFError, OSError):
            raise _Gone(self._end(kill=True)) from None
        if isinstance(answer, Failed):
            raise answer.error()
        positions: Sequence[int] = answer
        return positions

    def _ordered(self, recorded: Sequence[Recorded]) -> Order:
        """The order to write these: without them, where they are the very next of what was foretold."""
        known, count = self._foretold, len(recorded)
        if len(known) >= count and all(map(is_, known, recorded)):
            order = Order(count)
        else:
            past = (number for number, each in enumerate(known, start=1) if each is recorded[-1])
            order = Order(next(past, 0), Batch.of(recorded))
        del known[: order.foretold]
        return order

    def end(self) -> None:
        """Let it end after what it has."""
        self._end(kill=False)

    def _end(self, *, kill: bool) -> int | None:
        if kill:  # first of all: whoever sends to it meanwhile holds the line for as long as it takes nothing
            self.process.kill()
        with self._sending:
            self.line.close()
        try:
            return self.process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def _wait_at_most(seconds: float, line: int) -> None:
    """Have a line raise OSError where its other end neither says nor takes anything for so long."""
    limit = struct.pack("@ll", int(seconds), int(seconds % 1 * 1_000_000))
    with socket.socket(fileno=os.dup(line)) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
