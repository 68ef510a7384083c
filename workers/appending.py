"""`python -m workers.appending LINE` appends for the process that started it, which decides (see `workers.beside`).

It is told where on that line, an inherited one, says when it is ready, and answers each batch by its positions, or by
what it failed of. When the other end is gone it ends.
"""

import sys
from multiprocessing.connection import Connection

from events.errors import SightlineError
from services.log import Log
from services.store.application import History
from workers.beside import Batch, Place, Said
from workers.collecting import collect_seldom
from workers.failed import Failed
from workers.logs import configure_logs

log = Log(__name__)


def main(line: Connection) -> None:
    """Append what comes on the line, until nothing more can."""
    place: Place = line.recv()
    configure_logs(place.settings)
    try:
        with place.history() as history:
            collect_seldom()
            line.send(Said.READY)
            while True:
                line.send(_append(history, line.recv()))
    except (EOFError, ConnectionError):
        return  # nobody waits for an answer any more
    except SightlineError as error:
        log.warning("process that writes cannot begin", authority=place.authority, reason=str(error))
        sys.exit(1)


def _append(history: History, batch: Batch) -> list[int] | Failed:
    try:
        return list(history.recorder.insert_events(batch.to_store()) or ())
    except SightlineError as error:
        return Failed.by(error)


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
