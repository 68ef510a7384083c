"""`python -m workers.running.loaded DESCRIPTOR`: a process to be forked from, which has loaded what all of `up` need.

Each of them begins as a fork of it (see `workers.running.forking`), so that what they share is loaded once and stands
in memory once. It loads, and no more: no thread, no loop, no connection and no database, so that a fork is as clean as
a process that began by exec. What is drawn at random is drawn by the fork: Python seeds its generator anew in each, the
server's client draws its inboxes when it connects, and nothing of ours draws while it is loaded.

It answers on the socket of that descriptor, one question after the other, and ends when the supervisor has gone:

- `["begin", MODULE, ARGUMENT...]`, with a descriptor of its standard output if it is to have its own: the number of the
  process, a descriptor of it, and one to write a byte to once it is held. With that it goes on as `python -m MODULE
  ARGUMENT...` does, in a session of its own, with the environment, the standard input and the standard error of the
  loaded process.
- `["code", NUMBER]`: the exit code of one that has ended, told once.

A file of what is loaded that has changed since ends it at the next question: what forks load from then on would not go
with what they have. The supervisor begins it again.

Python's own server for forks (multiprocessing's) begins functions, not programs: it runs the main module of whoever
calls in each of them, has an environment of its own and another process beside, and a fork of it ends without what
Python does at an end. What is here is less than what would have to be known of that.
"""

import gc
import os
import runpy
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import orjson

import workers.processes.lean  # noqa: F401 - before whatever else loads it

SHARED = (
    "workers.running.process",
    "workers.views.made",
    "workers.intake.delivered",
    "workers.kept.leases",
    "workers.intake.pulling",
    "workers.recording.desks",
    "workers.intake.broker",
    "workers.due.arming",
    "workers.kept.halts",
    "services.store.application",
    "services.store.factory",
)
"""What each process of `up` loads sooner or later, and with it what these load. What only one needs it loads itself."""

LARGEST = 65_536
"""Bytes of a question, at most: a few words."""


def load() -> None:
    """Load what all share. The catalogue of the domain is made, since it loads the parts when it is first asked."""
    for each in SHARED:
        import_module(each)
    from services.modules import CATALOGUE  # noqa: PLC0415 - `workers.processes.lean` and the order above come first

    CATALOGUE.named  # noqa: B018 - to be asked is what loads it


def files() -> Mapping[str, tuple[int, int] | None]:
    """The files of all that is loaded, with what changes when somebody writes to them."""
    loaded = {getattr(each, "__file__", None) for each in list(sys.modules.values())}
    return {file: _mark(file) for file in loaded if file}


def _mark(file: str) -> tuple[int, int] | None:
    with suppress(OSError):
        told = Path(file).stat()
        return told.st_mtime_ns, told.st_size
    return None


def answer(channel: socket.socket) -> list[str] | None:
    """Answer until nobody asks any more. In a fork it returns, with the module and the arguments that it is to run."""
    loaded = files()
    while True:
        asked, descriptors, _, _ = socket.recv_fds(channel, LARGEST, 1)
        if not asked:
            return None
        what, *words = orjson.loads(asked)
        if what == "code":
            _, status = os.waitpid(words[0], 0)
            channel.send(orjson.dumps(os.waitstatus_to_exitcode(status)))
            continue
        if any(_mark(file) != mark for file, mark in loaded.items()):
            return None
        if _forked(channel, descriptors):
            return list(words)


def _forked(channel: socket.socket, descriptors: list[int]) -> bool:
    """Whether this is the fork: in a session of its own, with an output if one came along.

    It goes on once whoever asked holds it and has said so, and ends where nobody can: what runs, somebody can end.
    """
    held, holding = os.pipe()
    process = os.fork()
    if process:
        seen = os.pidfd_open(process)
        socket.send_fds(channel, [orjson.dumps(process)], [seen, holding])
        for each in (held, holding, seen, *descriptors):
            os.close(each)
        return False
    os.close(holding)
    channel.close()
    if not os.read(held, 1):
        os._exit(1)
    os.close(held)
    os.setsid()
    for each in descriptors:
        os.dup2(each, sys.stdout.fileno())
        os.close(each)
    return True


def main() -> None:
    """Load, answer, and in a fork be the module that is asked for."""
    gc.disable()  # what is loaded stays, and is not looked through
    load()
    gc.freeze()  # nor in a fork, where a look would copy all of it; what is garbage now leaves no holes to be filled
    words = None
    with suppress(BrokenPipeError):  # whoever asked has gone
        words = answer(socket.socket(fileno=int(sys.argv[1])))
    if words is not None:
        sys.argv = words
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
