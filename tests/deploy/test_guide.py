"""The guide for other services: its programs, as they stand in it, run against the server that ships."""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from events.directory import PersonAppointed
from events.published.message import MSG_ID
from services.directory.state import DIRECTORY
from services.settings import SHIPPED_POLICIES, Settings
from tests.cli.program import Program
from tests.cluster import held_port
from tests.deploy.deployed import TORBAY, Deployed, configure, launch, provisioned
from tests.deploy.test_files import DEPLOY
from tests.histories import allocated
from tests.published.npm import installed, node
from tests.stores import PATIENCE, eventually
from tests.workers.publishing import until_all_published
from tests.workers.rig import Rig
from tests.workers.test_published_once import publisher_of
from workers.system import System
from workers.telling.subscribers import Subscriber

GUIDE = (DEPLOY / "subscribers.md").read_text()
ALARMS = Subscriber("alarms")


def program_in(language: str) -> str:
    """The one program of that language in the guide."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return str(found)


def in_python(folder: Path) -> list[str]:
    (folder / "alarms.py").write_text(program_in("python"))
    return [sys.executable, str(folder / "alarms.py")]


def in_node(folder: Path) -> list[str]:
    found = node()
    installed(folder, "nats")
    (folder / "alarms.mjs").write_text(program_in("js"))
    return [found, str(folder / "alarms.mjs")]


class Server:
    """A server with the configuration that ships, at a port that it keeps when it is killed and comes back."""

    def __init__(self, folder: Path) -> None:
        self.held = held_port()
        self.deployed = Deployed(self.held.getsockname()[1])
        self.folder = folder
        configure(folder, self.deployed.port)
        self.process = launch(folder)
        eventually(lambda: provisioned(self.deployed))

    def killed_and_back(self) -> None:
        """Lose the server in the middle of its work, and start it again."""
        self.process.kill()
        self.process.wait()
        self.process = launch(self.folder)
        eventually(lambda: provisioned(self.deployed))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The server, with the consumer that the guide has made."""
    folder = tmp_path / "server"
    folder.mkdir()
    found = Server(folder)
    try:
        (line,) = re.findall(r"^    sightline (subscriber add alarms .*)$", GUIDE, re.MULTILINE)
        said = Program(settings_of(found, tmp_path)).run(*line.split())
        assert said.out == ALARMS.account([TORBAY]), said
        yield found
    finally:
        found.process.terminate()
        found.process.wait(PATIENCE)
        found.held.close()


def settings_of(server: Server, folder: Path) -> Settings:
    return Settings(
        data=folder / "data", nats=server.deployed.url("workers"), policies=SHIPPED_POLICIES, log_level="error"
    )


@pytest.mark.parametrize("written", [in_python, in_node], ids=["python", "node"])
async def test_the_escalation_of_a_late_audit_arrives_once(
    written: Callable[[Path], list[str]], server: Server, tmp_path: Path
) -> None:
    """An audit is late; publisher and server are killed on the way: the program of the guide tells of it once."""
    (tmp_path / "reader").mkdir()
    command = await asyncio.to_thread(written, tmp_path / "reader")
    variables = {
        "NATS_URL": f"nats://127.0.0.1:{server.deployed.port}",
        "NATS_USER": ALARMS.user,
        "NATS_PASSWORD": f"secret-{ALARMS.user}",
        "COUNCIL": TORBAY,
    }
    reader = await asyncio.create_subprocess_exec(*command, env={**os.environ, **variables}, stdout=PIPE)
    settings = settings_of(server, tmp_path)
    try:
        with System(settings) as system:
            rig = Rig(settings, system, TORBAY)
            rig.record("", PersonAppointed(person="P-DIR", role="director"), aggregate=DIRECTORY)
            async with rig.workers("timekeeper", "escalator"):
                async with publisher_of(settings) as publisher:
                    rig.record("LATE", allocated(due=None), at=rig.now() - timedelta(days=45))
                    await rig.until(lambda: len(rig.raised("LATE")) == 2)
                    publisher.send_signal(signal.SIGKILL)
                await asyncio.to_thread(server.killed_and_back)
            async with publisher_of(settings):
                published = await until_all_published(rig)
        ids = [each.headers[MSG_ID] for each in published if ".escalation." in each.subject]
        assert len(set(ids)) == len(ids) == 2
        assert {await told(reader), await told(reader)} == set(ids)  # one that comes again may come after a later one
    finally:
        if reader.returncode is None:
            reader.terminate()
        rest, _ = await reader.communicate()
    assert rest == b"", "nothing is told twice"


async def told(reader: asyncio.subprocess.Process) -> str:
    """The id in the next line that the program prints."""
    assert reader.stdout is not None
    line = await asyncio.wait_for(reader.stdout.readline(), PATIENCE)
    found = json.loads(line)
    assert found["type"] == "sightline.escalation.raised.v1"
    assert found["about"] == "audit/LATE"
    return str(found["id"])
