"""How old a view gets with several copies of its projector: `python -m tests.bench.standby`.

Audits of three events in one append each come in at a steady rate, while one copy works, two copies run, copies overlap
in a rolling restart, and the copy that works is killed again and again. The figure is the time from the acknowledged
append to the row, for each event; after each case the view must be what a rebuild gives.
"""

import asyncio
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy import select

from events.audits import AuditSubmitted
from projections.generations import generation_row
from projections.registry import VIEWS
from services.nats_server import embedded_server
from services.settings import Settings
from tests.bench.watching import Watch, report, steadily, until
from tests.bench.workers import AUTHORITY
from tests.histories import allocated
from tests.workers.rig import LOWEST, ROOT, Rig, policy_folder
from workers.histories.rebuilding import rebuild_view
from workers.kept.leases import holders
from workers.running.preparing import prepare
from workers.running.readiness import NOTIFY_SOCKET
from workers.running.supervisor import environment
from workers.system import System

VIEW = "register"
RATE = 30
"""Appends a second, of three events each."""

SECONDS = 20
EVERY = 5.0
"""Seconds between two restarts or kills."""

Copies = list[subprocess.Popen[bytes]]


class Bench:
    """The rig, its copies and the number of the next audit."""

    def __init__(self, rig: Rig, folder: Path) -> None:
        self.rig = rig
        self.copies: Copies = []
        self.audits = self.disturbed = 0
        self._address = str(folder / "ready")
        self._ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ready.bind(self._address)

    def start(self) -> None:
        """Start one more copy, and wait until it says that it is ready, as a rolling restart does."""
        variables = {**environment(self.rig.settings), NOTIFY_SOCKET: self._address}
        self.copies.append(subprocess.Popen([sys.executable, "-m", "workers", VIEW], cwd=ROOT, env=variables))
        self._ready.recv(200)

    def end(self, number: signal.Signals) -> None:
        """End the copy that works now."""
        holder = holders(self.rig.system.engine).get(VIEW, "")
        for copy in self.copies:
            if holder.endswith(f"/{copy.pid}"):
                copy.send_signal(number)
                copy.wait()
                self.copies.remove(copy)
                return

    def case(self, what: str, copies: int, disturb: Callable[[], None] | None = None) -> None:
        """Append at the steady rate with so many copies, disturbed every few seconds; print how old the view got."""
        for _ in range(copies):
            self.start()
        until(lambda: VIEW in holders(self.rig.system.engine))
        with Watch(self.rig.system, VIEW, AUTHORITY) as watch:
            appended = self._append(disturb)
            report(f"{what}, age of the view", watch.ages(appended))
        while self.copies:
            copy = self.copies.pop()
            copy.terminate()
            copy.wait()
        before = self._rows()
        rebuild_view(self.rig.system, VIEW, lambda *_: None)
        same = self._rows() == before
        print(f"  {len(appended)} events, disturbed {self.disturbed} times; as a rebuild gives it: {same}")

    def _append(self, disturb: Callable[[], None] | None) -> dict[int, float]:
        appended: dict[int, float] = {}
        disturbing: threading.Thread | None = None
        self.disturbed = 0
        disturbed = time.perf_counter()
        for _ in steadily(RATE, RATE * SECONDS):
            if disturb is not None and time.perf_counter() - disturbed > EVERY:
                disturbed = time.perf_counter()
                if disturbing is None or not disturbing.is_alive():
                    disturbing = threading.Thread(target=disturb)
                    disturbing.start()
                    self.disturbed += 1
            self.audits += 1
            submitted = AuditSubmitted(grade=LOWEST)
            for position in self.rig.record(f"A-{self.audits}", allocated(), submitted, submitted.model_copy()):
                appended[position] = time.perf_counter()
        if disturbing is not None:
            disturbing.join()
        return appended

    def _rows(self) -> dict[str, list[str]]:
        view = VIEWS[VIEW]()
        with self.rig.system.engine.connect() as db:
            row = generation_row(db, VIEW)
            assert row is not None
            tables = view.shape.tables(row["live"])
            return {name: sorted(map(repr, db.execute(select(table)))) for name, table in tables.items()}


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory() as folder, embedded_server(Path(folder) / "nats") as server:
        policies = policy_folder(Path(folder) / "policies", AUTHORITY)
        settings = Settings(data=Path(folder), nats=server.url, policies=policies, log_level="error")
        asyncio.run(prepare(settings))
        with System(settings) as system:
            bench = Bench(Rig(settings, system, AUTHORITY), Path(folder))

            def restart() -> None:
                bench.start()
                bench.end(signal.SIGTERM)

            def kill() -> None:
                bench.start()
                bench.end(signal.SIGKILL)

            bench.case("one copy", 1)
            bench.case("two copies", 2)
            bench.case("rolling restarts of two copies", 2, restart)
            bench.case("kills of the copy that works, of two", 2, kill)


if __name__ == "__main__":
    main()
