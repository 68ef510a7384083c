"""`python -m tests.forked DESCRIPTOR`: a process that has loaded the workers, to be forked from; see `tests.forks`."""

import gc
import os
import runpy
import socket
import sys
from contextlib import suppress
from importlib import import_module

import orjson

from workers.parts.worker import door_modules, worker_modules, worker_named
from workers.running import loaded

MORE = ("workers.views.projector", "workers.cli.app", "workers.cli.recording", "httpcore", "psutil")
"""What tests begin again and again, beside the workers, the doors and what all processes of `up` share."""


def main() -> None:
    """Load, answer as `workers.running.loaded` does, and be what is asked for in a fork, in its own environment."""
    gc.disable()
    loaded.load()
    for each in MORE:
        import_module(each)
    for each in (*worker_modules(), *door_modules()):
        worker_named(each)
    gc.freeze()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # what is said of a load that failed was said by now
    words = None
    with suppress(BrokenPipeError):  # whoever asked has gone
        words = loaded.answer(socket.socket(fileno=int(sys.argv[1])))
    if words is not None:
        environment, *sys.argv = words
        os.environ.clear()
        os.environ.update(orjson.loads(environment))
        if sys.argv[0] == loaded.__name__:
            sys.argv.append(str(_taken_over()))
            loaded.main()
        else:
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _taken_over() -> int:
    """The descriptor on which this fork is asked for others, with the standard ones that came on it; see `systems`."""
    channel = socket.socket(fileno=os.dup(sys.stdout.fileno()))
    _, standard, _, _ = socket.recv_fds(channel, 1, 3)
    for number, each in enumerate(standard):
        os.dup2(each, number)
        os.close(each)
    return channel.detach()


if __name__ == "__main__":
    main()
