"""Every figure in one table: `make bench`. Ends in about two minutes; nothing is left behind."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from services.nats_server import NatsServer, ServerConfig
from services.store.link import close_link, open_link
from tests.bench.appends import many_at_once, one_client
from tests.bench.archiving import archives
from tests.bench.doors import by_http
from tests.bench.importing import import_history
from tests.bench.keyring import keyring
from tests.bench.noticing import notices_after_import
from tests.bench.packing import pack_of_five_years
from tests.bench.past import as_at_one_year_back
from tests.bench.publishing import publish_backlog, publish_live
from tests.bench.rebuilding import rebuild_a_million, rebuild_all_views
from tests.bench.recorders import library_cases
from tests.bench.report import Row, machine, show
from tests.bench.reporting import report_of_five_years
from tests.bench.sending import send_digests
from tests.bench.tailing import catch_up, live_tail
from tests.cluster import Cluster
from tests.stores import Store, eventually, has_leader
from workers.processes.collecting import collect_seldom

Case = Callable[[Store, Path], list[Row]]

CASES: tuple[tuple[str, Case], ...] = (
    ("append", lambda store, _: [one_client(store)]),
    ("at-once", lambda store, _: [many_at_once(store)]),
    ("library", library_cases),
    ("import", import_history),
    ("tail", live_tail),
    ("catch-up", catch_up),
    ("publish", lambda store, folder: [*publish_live(store, folder / "live"), *publish_backlog(store, folder / "all")]),
    ("send", send_digests),
    ("rebuild", rebuild_all_views),
    ("archives", archives),
    ("keyring", keyring),
    ("http", by_http),
    ("pack", pack_of_five_years),
    ("report", report_of_five_years),
    ("as-at", as_at_one_year_back),
)
"""Each with one server to itself, so that none reads or syncs what another left."""

ASKED_FOR: tuple[tuple[str, Case], ...] = (("million", rebuild_a_million), ("notices", notices_after_import))
"""What takes minutes by itself: it is run where it is named, and not with the others."""

ON_CLUSTER = "library, three copies"


def main() -> None:
    """Run every case, or those named as arguments, and print the table."""
    collect_seldom()  # as every process of ours does
    about = machine()
    wanted = set(sys.argv[1:]) or {*dict(CASES), ON_CLUSTER}
    rows = []
    for name, case in (*CASES, *ASKED_FOR):
        if name in wanted:
            rows += run(case)
    if ON_CLUSTER in wanted:
        rows += run(lambda store, folder: library_cases(store, folder, plain=False), nodes=3)
    show(rows, about)


def run(case: Case, *, nodes: int = 1) -> list[Row]:
    """Run one case on a server, or a cluster, of its own."""
    with tempfile.TemporaryDirectory() as folder, _store(Path(folder), nodes) as store:
        return case(store, Path(folder) / "case")


@contextmanager
def _store(folder: Path, nodes: int) -> Iterator[Store]:
    with ExitStack() as stack:
        place = folder / "nats"
        server: NatsServer | Cluster = NatsServer(ServerConfig(place)) if nodes == 1 else Cluster(place)
        stack.enter_context(server)
        link = open_link(server.url)
        stack.callback(close_link, link)
        eventually(lambda: has_leader(link))
        yield Store(server.url, link, replicas=nodes)


if __name__ == "__main__":
    main()
