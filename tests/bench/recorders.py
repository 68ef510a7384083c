"""The library's own two performance cases, on our recorder and on the library's PostgreSQL recorder.

The cases run as the library ships them; a recorder that notes when each call began and ended tells the rate, so that
nothing is read from what they print. PostgreSQL is real, with `fsync` and `synchronous_commit` on; our server
acknowledges after the disk as well.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

import psycopg
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.tests.persistence import ApplicationRecorderTestCase

from tests.bench.report import Row, rate_row
from tests.postgres import running_postgres
from tests.stores import Store

CASES = {"test_performance": 10, "test_concurrent_throughput": 4}
"""Each case with the number of calls with which it warms up."""

POOL = 5  # the library's own default


class Timed:
    """Notes the time of each insert on its way to the recorder."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        self.calls: list[tuple[float, float, int]] = []
        self._insert = recorder.insert_events
        self.recorder = recorder

    def insert(self, events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        began = perf_counter()
        try:
            return self._insert(events, **kwargs)
        finally:
            self.calls.append((began, perf_counter(), len(events)))

    def rate(self, warming: int) -> float:
        """Inserts per second, from the first call after the warming up to the end of the last."""
        calls = sorted(self.calls)[warming:]
        return sum(each[2] for each in calls) / (max(each[1] for each in calls) - calls[0][0])


def measured(case: str, recorder: ApplicationRecorder) -> float:
    """Run the library's case on the recorder; inserts per second."""
    timed = Timed(recorder)

    class Case(ApplicationRecorderTestCase[ApplicationRecorder]):
        def create_recorder(self) -> ApplicationRecorder:
            return recorder

    with patch.object(recorder, "insert_events", timed.insert), redirect_stdout(StringIO()):
        getattr(Case(case), case)()
    return timed.rate(CASES[case])


def library_cases(store: Store, folder: Path, *, rounds: int = 20, plain: bool = True) -> list[Row]:
    """Both cases, in turns on both recorders; the medians.

    The goal is held against PostgreSQL as the library sets it up by default (`plain`); with its optional database
    functions for inserting it is faster, which is shown beside.
    """
    ours = store.recorder()
    rows = []
    for functions in (False, True) if plain else (False,):
        goal = 1.0 if plain and not functions else None
        of = "PostgreSQL, functions" if functions else "PostgreSQL"
        with postgres_recorder(folder / f"postgres-{functions}", functions=functions) as peer:
            for case in CASES:
                label = f"library's {case}" + ("" if plain else f", {store.replicas} copies")
                found = [(measured(case, ours), measured(case, peer)) for _ in range(rounds + 1)][1:]  # one to warm up
                mine, theirs = (median(each) for each in zip(*found, strict=True))
                rows.append(rate_row(label, mine, theirs, goal=goal, of=of))
    return rows


@contextmanager
def postgres_recorder(folder: Path, *, functions: bool) -> Iterator[PostgresApplicationRecorder]:
    """The library's recorder on a PostgreSQL of our own, which must write to the disk before it commits."""
    folder.mkdir(parents=True)
    with running_postgres(within=folder) as server:
        with psycopg.connect(server.get_uri()) as db:
            for setting in ("fsync", "synchronous_commit"):
                assert db.execute(f"SHOW {setting}".encode()).fetchone() == ("on",), setting
            socket = db.info.host  # beside the folder where that has too long a name for a socket
        with PostgresDatastore(
            "postgres",
            socket,
            port="",
            user="postgres",
            password="",
            pool_size=POOL,
            enable_db_functions=functions,
        ) as datastore:
            recorder = PostgresApplicationRecorder(datastore)
            recorder.create_table()
            yield recorder
