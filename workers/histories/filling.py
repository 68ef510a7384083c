"""`python -m workers.histories.filling LINE` fills a share of new generations for the process that started it.

See `workers.histories.sharing`. It is told what to fill on that line, an inherited one, and says there how far it is,
at last that it has come to the end, or of what it failed. When the other end is gone it ends.
"""

import os
import sys
from multiprocessing.connection import Connection
from threading import Event, Thread

from events.errors import SightlineError
from workers.histories.sharing import Asked, Said, fill_share
from workers.processes.collecting import rarely_collected
from workers.processes.failed import Failed
from workers.processes.logs import configure_logs
from workers.system import System


def main(line: Connection) -> None:
    """Fill what is asked for on the line."""
    asked = line.recv()
    told = Event()
    Thread(target=_listen, args=(line, told), daemon=True).start()
    configure_logs(asked.settings)
    try:
        with System(asked.settings) as system, rarely_collected():
            _fill(system, asked, line, told)
    except SightlineError as error:
        line.send(Failed.by(error))
    else:
        line.send(Said.FILLED)


def _fill(system: System, asked: Asked, line: Connection, told: Event) -> None:
    def together() -> None:
        line.send(Said.READ_IN)
        told.wait()

    fill_share(system, asked, line.send, together)


def _listen(line: Connection, told: Event) -> None:
    """Hear that all have read in. End this process when the other one is gone: nobody would hear what it does."""
    try:
        while line.recv() is Said.GO_ON:
            told.set()
    except (EOFError, ConnectionError):
        os._exit(1)


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
