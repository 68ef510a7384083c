"""`python -m workers.appending LINE` appends for the process that started it, which decides (see `workers.beside`).

It is told where on that line, an inherited one, says when it is ready, and answers each batch by its positions, or by
what it failed of. When the other end is gone it ends.
"""

import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from events.errors import SightlineError
from services.log import Log
from services.store.application import History
from workers.beside import Batch, Said
from workers.collecting import collect_seldom
from workers.failed import Failed
from workers.logs import configure_logs

log = Log(__name__)


def main(line: Connection) -> None:
    """Append what comes on the line, until nothing more can."""
    place = _heard(line)
    if place is None:
        return
    configure_logs(place.settings)
    try:
        with place.history() as history:
            collect_seldom()
            _told(line, Said.READY)
            while (batch := _heard(line)) is not None:
                _told(line, _append(history, batch))
    except SightlineError as error:
        log.warning("process that writes cannot begin", authority=place.authority, reason=str(error))
        sys.exit(1)


def _heard(line: Connection) -> Any:
    """What comes next on the line; None once nobody is at its other end, who may have ended in mid-sentence."""
    try:
        return line.recv()
    except (EOFError, OSError):
        return None


def _told(line: Connection, said: object) -> None:
    """Say it; where nobody waits for an answer any more, the line is heard to be at its end."""
    with suppress(OSError):
        line.send(said)


def _append(history: History, batch: Batch) -> list[int] | Failed:
    try:
        return list(history.recorder.insert_events(batch.to_store()) or ())
    except SightlineError as error:
        return Failed.by(error)


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
