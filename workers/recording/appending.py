"""`python -m workers.recording.appending LINE` appends for the process that started it, which decides.

See `workers.recording.beside`. It is told where on that line, an inherited one, says when it is ready, and answers each
order by the positions of its batch, or by what it failed of. What is foretold it makes ready while it writes what was
ordered before. When the other end is gone it ends.
"""

import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from events.errors import SightlineError
from services.log import Log
from services.store.application import History
from services.store.stored import StoredFact
from workers.processes.collecting import collect_seldom
from workers.processes.failed import Failed
from workers.processes.logs import configure_logs
from workers.recording.batches import Batch, Order, Place, Said

log = Log(__name__)


def main(line: Connection) -> None:
    """Append what comes on the line, until nothing more can."""
    place = _heard(line)
    if not isinstance(place, Place):
        return
    configure_logs(place.settings)
    try:
        with place.history() as history:
            collect_seldom()
            _told(line, Said.READY)
            ordered: SimpleQueue[list[StoredFact] | None] = SimpleQueue()
            Thread(target=_listen, args=(line, ordered), daemon=True).start()
            while (batch := ordered.get()) is not None:
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


def _listen(line: Connection, ordered: "SimpleQueue[list[StoredFact] | None]") -> None:
    """Make ready what is foretold, and hand on what is ordered; None once nothing more will be."""
    ready: list[StoredFact] = []
    try:
        while (heard := _heard(line)) is not None:
            if isinstance(heard, Batch):
                ready += heard.to_store()
            elif isinstance(heard, Order):
                foretold, ready = ready[: heard.foretold], ready[heard.foretold :]
                ordered.put(foretold if heard.batch is None else heard.batch.to_store())
    finally:
        ordered.put(None)  # also where it failed: who waits hears that nobody is here any more


def _append(history: History, batch: list[StoredFact]) -> list[int] | Failed:
    try:
        return list(history.recorder.insert_events(batch) or ())
    except SightlineError as error:
        return Failed.by(error)


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
