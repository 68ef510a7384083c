"""The server that the tests of a deployment talk to, by the addresses of its roles."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import nats.errors

from events.audits import AuditSubmitted
from events.errors import Unavailable
from events.subjects import key_bucket, stream_name
from services.nats_server import server_binary
from services.store.link import Link, close_link, open_link
from services.store.provisioner import Layout, provision
from tests.deploy.test_files import COUNCILS, DEPLOY
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from workers.telling.subscribers import Subscriber

TORBAY = "torbay"
BCRYPT = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"  # of "abc", from bcrypt's published vectors
READERS = {"alarms": (TORBAY,), "figures": ("halton",)}
"""Other services, and the councils that they read."""

STREAM = stream_name(TORBAY)
BUCKET = f"KV_{key_bucket(TORBAY)}"


@dataclass(frozen=True)
class Deployed:
    """The server, by the addresses of its roles."""

    port: int

    def url(self, user: str) -> str:
        secret = "abc" if user == "reporting-torbay" else f"secret-{user}"
        return f"nats://{user}:{secret}@127.0.0.1:{self.port}"


def environment() -> dict[str, str]:
    """A password for each role: plain, and for one the hash of it."""
    names = re.findall(r'user: "([\w-]+)", password: \$(NATS_\w+)', (DEPLOY / "nats/accounts.conf").read_text())
    readers = [Subscriber(name) for name in READERS]
    plain = {variable: f"secret-{user}" for user, variable in names}
    plain |= {each.variable: f"secret-{each.user}" for each in readers}
    return {
        **os.environ,
        **plain,
        "NATS_REPORTING_TORBAY_PASSWORD": BCRYPT,
        "NATS_ROUTE_PASSWORD": "r",
        "NATS_NAME": "n",
    }


def configure(folder: Path, port: int = -1) -> None:
    """The configuration that ships, but for its folder and port, with the accounts of the readers."""
    for name in ("nats.conf", "accounts.conf"):
        text = (DEPLOY / "nats" / name).read_text()
        text = text.replace("/var/lib/sightline/nats", f"{folder}/jetstream")
        (folder / name).write_text(text.replace("0.0.0.0:4222", f"127.0.0.1:{port}"))
    (folder / "subscribers.conf").write_text("".join(Subscriber(name).account(read) for name, read in READERS.items()))


def launch(folder: Path) -> subprocess.Popen[bytes]:
    """The server of that folder."""
    command = [str(server_binary()), "-c", f"{folder}/nats.conf", "--ports_file_dir", f"{folder}"]
    return subprocess.Popen([*command, "-l", f"{folder}/nats.log"], env=environment())


def provisioned(server: Deployed) -> bool:
    """Whether the provisioner made the streams; not before JetStream is ready."""
    try:
        link = open_link(server.url("provisioner"))
    except Unavailable:
        return False
    try:
        link.run(provision(link.client, COUNCILS, Layout()))
    except Unavailable:
        return False
    finally:
        close_link(link)
    return True


def refused(link: Link, subject: str, body: bytes = b"{}", within: float = 0.5) -> bool:
    """Whether the server keeps the request from anybody's ears: nobody answers it."""
    try:
        link.run(link.client.request(subject, body, timeout=within))
    except nats.errors.TimeoutError:
        return True
    except nats.errors.NoRespondersError:
        return False
    return False


async def do_their_work(rig: Rig) -> None:
    """Record an audit of the lowest grade beside the workers, and wait until everybody concerned has been told."""
    async with rig.workers("projector", "recorder"):
        rig.record("W-1", allocated(due=None))
        rig.record("W-1", AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.notices("W-1")) == 3)
