"""Real servers, one set for each test process, started when the first test asks for them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from services.nats_server import NatsServer, ServerConfig
from services.store.link import close_link, open_link
from tests.cluster import Cluster
from tests.stores import Store, eventually, has_leader

settings.register_profile("sightline", deadline=None)  # the machine may be busy with other tests
settings.load_profile("sightline")

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder in it that is its user's own
ROOM = 4 * 2**30


def pytest_configure(config: pytest.Config) -> None:
    """Keep the folders of tests in memory where it has room, unless another place was named.

    Servers and databases wait for the disk at every write, as they do in service; a process that is killed leaves the
    same in either, and what a loss of power leaves no test can tell.
    """
    elsewhere = config.option.basetemp or os.environ.get("PYTEST_DEBUG_TEMPROOT")
    if not elsewhere and MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


@pytest.hookimpl(tryfirst=True)  # before the groups become part of the names by which tests are given out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of one world, such as a whole system and what was imported into it, to one process together.

    Each process that had a part of them would make that world again.
    """
    for item in items:
        found: dict[str, list[pytest.FixtureDef[object]]] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009
        scopes = {name: made[-1].scope for name, made in found.items()}
        if scopes.get("council") == "session":
            item.add_marker(pytest.mark.xdist_group("council"))
        elif "module" in scopes.values():
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """One server, as it runs embedded."""
    with NatsServer(ServerConfig(tmp_path_factory.mktemp("nats"))) as server:
        yield server


@pytest.fixture(scope="session")
def nats_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three servers whose JetStream has elected its leader."""
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


@pytest.fixture(scope="session")
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
