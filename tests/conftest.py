"""Real servers, one for each test process and a cluster for each file, started when the first test asks for them."""

import gc
import os
import re
import shutil
from collections import Counter
from collections.abc import Generator, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import structlog
from hypothesis import HealthCheck, settings
from structlog.dev import ConsoleRenderer, plain_traceback
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]  # it says nothing of its types

from services.log import at_the_first_word
from services.nats_server import NatsServer, ServerConfig
from services.obligations import framework
from services.store.link import close_link, open_link
from tests.cluster import Cluster
from tests.compiled import compile_a_share
from tests.reruns import ask_once_failed
from tests.stores import Store, eventually, has_leader
from workers.processes.collecting import collect_seldom

PATIENT = settings(
    deadline=None,  # the machine may be busy with other tests
    suppress_health_check=[HealthCheck.too_slow],  # as above
)
settings.register_profile("same", PATIENT, derandomize=True)
settings.register_profile("free", PATIENT, print_blob=True)
settings.load_profile("same")
"""`same` draws the same examples in each run, so that the same code gets the same answer; `free` draws others each time
(`make properties`). A test that names a number of examples has it of both."""

DRAWN_FROM = ("events", "projections", "services", "workers")
"""Hypothesis also draws what stands as a constant in these rooms, of the modules that a process has loaded by then."""

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder in it that is its user's own
ROOM = 4 * 2**30


def pytest_configure(config: pytest.Config) -> None:
    """Keep the folders of tests in memory where it has room, unless another place was named.

    Servers and databases wait for the disk at every write, as they do in service; a process that is killed leaves the
    same in either, and what a loss of power leaves no test can tell.
    """
    plain_logs()
    elsewhere = config.option.basetemp or os.environ.get("PYTEST_DEBUG_TEMPROOT")
    if not elsewhere and MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)
    os.environ.setdefault("GOGC", "400")  # servers are young here and memory is there: they look for garbage seldom


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let each process ask the first one about tests that are run again once it has one that failed."""
    ask_once_failed(session)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Compile together, and take what was loaded and the tests themselves as kept for good.

    A process of ours does the latter when it begins. They are half a million objects, and to look through them for
    garbage again and again, here already, took a fifth of the processor's time of the tests of the API.
    """
    gc.disable()
    compile_a_share(session.config)
    try:
        return (yield)
    finally:
        collect_seldom()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Load all that constants are drawn from, whichever tests a process gets: else it draws by what it ran before."""
    if any(each.get_closest_marker("hypothesis") for each in session.items):
        for room in DRAWN_FROM:
            for module in walk_packages(import_module(room).__path__, f"{room}."):
                if not module.name.endswith("__main__"):
                    import_module(module.name)


def plain_logs() -> None:
    """Log as structlog does unasked, but for the values of every variable beneath an error: they take it seconds."""
    structlog.reset_defaults()
    *before, renderer = structlog.get_config()["processors"]
    assert isinstance(renderer, ConsoleRenderer)
    renderer.exception_formatter = plain_traceback
    structlog.configure(processors=[*before, renderer])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put first what shares a world and what takes long, then what holds many tests, where processes share the tests.

    Few tests stand in most files that take long, and the last to begin would keep one process busy when the others have
    nothing left.
    """
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(item.path for item in items)

    def later(item: pytest.Item) -> tuple[bool, bool, int, Path]:
        path = item.path
        return not looks_at_the_council(path), item.get_closest_marker("long") is None, -tests[path], path

    items.sort(key=later)


GIVEN_THE_COUNCIL = re.compile(r"(def test_|@pytest\.fixture\S*\ndef )[^)]*\bcouncil: Council\b")


@cache
def looks_at_the_council(file: Path) -> bool:
    """Whether a file's tests are given the council that a process makes once for all of them, and none of their own.

    They may share what is made of it. It is read off the text, for the process that gives out the tests knows no more
    of them than their names.
    """
    text = file.read_text() if file.parent.name == "cli" else ""
    return bool(GIVEN_THE_COUNCIL.search(text)) and not any(each in text for each in ("def council", "own_council"))


class ByWorld(LoadFileScheduling):  # type: ignore[misc]  # as above
    """Gives the tests of a file, or of all files that look at one council, to one process: another would make it again.

    They are given out in the order in which they were collected.
    """

    def __init__(self, config: pytest.Config, log: object) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "the council" if looks_at_the_council(self.config.rootpath / file) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByWorld | None:
    """Give out worlds where files would be given out; see `ByWorld`."""
    return ByWorld(config, log) if config.option.dist == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Log as before, whatever a test made of it, and forget at a file's end what was worked out for its frameworks.

    A log that was sent to the stream of one test would be missed by the next that reads its own. A process of ours has
    a few frameworks for as long as it lives. Most tests have a council of their own, under a policy that nobody asks
    about again and that takes the room of three quarters of a megabyte.
    """
    at_the_first_word(None)  # a call of the program that said nothing has left its own way of logging to be set up
    plain_logs()
    if nextitem is None or nextitem.path != item.path:
        for worked_out in (framework._framework, framework.begun_in, framework.open_in):
            worked_out.cache_clear()


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """One server, as it runs embedded."""
    with NatsServer(ServerConfig(tmp_path_factory.mktemp("nats"))) as server:
        yield server


@pytest.fixture(scope="module")
def nats_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three servers whose JetStream has elected its leader, for the tests of one file.

    Each stream of before has them tell each other that they are there, for as long as they run: left until the end by
    every process of the tests, they took a fifth of a core each time, and to start them takes next to nothing.
    """
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        link = open_link(cluster.url)
        eventually(lambda: has_leader(link))
        yield cluster
        close_link(link)


@pytest.fixture(scope="session")
def single_store(nats_server: NatsServer) -> Iterator[Store]:
    """A store with one copy of each stream."""
    link = open_link(nats_server.url)
    yield Store(nats_server.url, link, replicas=1)
    close_link(link)


@pytest.fixture(scope="module")
def replicated_store(nats_cluster: Cluster) -> Iterator[Store]:
    """A store with three copies of each stream."""
    link = open_link(nats_cluster.url)
    yield Store(nats_cluster.url, link, replicas=3)
    close_link(link)


@pytest.fixture(params=["single_store", "replicated_store"])
def store(request: pytest.FixtureRequest) -> Store:
    """Run the test on one server, then on the cluster."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Store)
    return found
