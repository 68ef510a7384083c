"""`python -m workers.filling LINE` fills a share of new generations for the process that started it.

See `workers.sharing`. It is told what to fill on that line, an inherited one, and says there how far it is, at last
that it has come to the end, or of what it failed. When the other end is gone it ends.
"""

import os
import sys
from functools import partial
from multiprocessing.connection import Connection
from threading import Thread

from events.errors import SightlineError
from projections.shares import Part
from services.store.link import close_link
from workers.collecting import rarely_collected
from workers.logs import configure_logs
from workers.made import made, views_of, worked_out_from
from workers.sharing import Asked, Failed
from workers.streams import gathered, reader
from workers.system import System


def main(line: Connection) -> None:
    """Fill what is asked for on the line."""
    asked = line.recv()
    Thread(target=_end_with, args=(line,), daemon=True).start()
    configure_logs(asked.settings)
    try:
        with System(asked.settings) as system, rarely_collected():
            _fill(system, asked, line)
    except SightlineError as error:
        line.send(Failed.by(error))
    else:
        line.send(asked.until)


def _fill(system: System, asked: Asked, line: Connection) -> None:
    link = system.link()
    try:
        views = [made(system, name) for name in views_of(system) if name in asked.generations]
        part = Part(
            views,
            system.engine,
            asked.generations,
            asked.authority,
            asked.share,
            partial(worked_out_from, system),
        )
        read = gathered(reader(link, asked.authority, until=asked.until, wanted=asked.share.holds))
        part.fill(read, lambda position: line.send(min(position, asked.until - 1)))  # the end is said at the end
    finally:
        close_link(link)


def _end_with(line: Connection) -> None:
    """End this process when the other one is gone: nobody would hear what it does."""
    try:
        line.recv()
    except (EOFError, ConnectionError):
        os._exit(1)


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
