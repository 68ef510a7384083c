"""A real server with the configuration that ships, and the connection of any role to it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from events.subjects import key_bucket, published_stream, stream_name
from services.clock import shifted_clock
from services.keyring import JetStreamBucket, Keyring, MasterKey
from services.store.application import History
from services.store.link import Link, close_link, open_link
from tests.deploy.attempts import CHILD, FIELD
from tests.deploy.deployed import TORBAY, Deployed, configure, launch, provisioned
from tests.stores import PATIENCE, eventually, recorded


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A server with the configuration that ships, but for its folder and port, provisioned by the provisioner."""
    folder = tmp_path_factory.mktemp("deployed")
    configure(folder)
    process = launch(folder)
    try:
        ports = folder / f"nats-server_{process.pid}.ports"
        eventually(lambda: ports.exists() and "nats://" in ports.read_text())
        found = Deployed(int(re.findall(r"nats://[\d.]+:(\d+)", ports.read_text())[0]))
        eventually(lambda: provisioned(found))
        yield found
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def link(deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Link]:
    """The connection of the role that the test names."""
    link = open_link(deployed.url(request.param))
    yield link
    close_link(link)


@pytest.fixture(scope="module")
def master_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The master key of this deployment."""
    file = tmp_path_factory.mktemp("custody") / "master.key"
    MasterKey.load_or_create(file)
    return file


@pytest.fixture(scope="module")
def sealed(deployed: Deployed, master_key: Path) -> Iterator[Callable[[], str]]:
    """A text sealed with the key of a child, and whether it still opens for who has never seen the key."""
    link = open_link(deployed.url("services-torbay"))

    def ring() -> Keyring:
        return Keyring(TORBAY, MasterKey.load(master_key), JetStreamBucket(link, TORBAY), clock=shifted_clock())

    text = ring().seal(CHILD, FIELD, "still here")
    yield lambda: str(ring().unseal(text, FIELD))
    close_link(link)


@pytest.fixture(scope="module")
def length(deployed: Deployed) -> Iterator[Callable[[], dict[str, int]]]:
    """How many messages each stream of Torbay and Halton holds, and how far each has counted."""
    with History(TORBAY, deployed.url("services-torbay")) as history:
        history.append(recorded(TORBAY, "audit/FORBIDDEN-1", 1))
    link = open_link(deployed.url("provisioner"))

    async def ask() -> dict[str, int]:
        found: dict[str, int] = {}
        for council in (TORBAY, "halton"):
            for stream in (stream_name(council), published_stream(council), f"KV_{key_bucket(council)}"):
                answer = await link.client.request(f"$JS.API.STREAM.INFO.{stream}", b"", timeout=PATIENCE)
                state = json.loads(answer.data)["state"]
                found |= {stream: state["messages"], f"{stream} last": state["last_seq"]}
        return found

    yield lambda: link.run(ask())
    close_link(link)
