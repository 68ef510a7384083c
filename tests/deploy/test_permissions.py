"""A real server started with the configuration that ships: each role can do its work, and nothing beyond it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import nats.errors
import pytest

from events.audits import AuditSubmitted
from events.errors import Unavailable
from events.subjects import key_bucket, stream_name
from services.clock import shifted_clock
from services.keyring import Erased, JetStreamBucket, Keyring, MasterKey
from services.nats_server import server_binary
from services.settings import SHIPPED_POLICIES, Settings
from services.store.application import History
from services.store.fitness import check_disk
from services.store.link import Link, close_link, open_link
from services.store.provisioner import Layout, provision
from services.store.verify import verify
from tests.deploy.test_files import COUNCILS, DEPLOY
from tests.histories import allocated
from tests.stores import eventually, recorded
from tests.workers.rig import LOWEST, Rig, policy_folder
from workers.system import System

TORBAY = "torbay"
BCRYPT = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"  # of "abc", from bcrypt's published vectors
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
    plain = {variable: f"secret-{user}" for user, variable in names}
    return {
        **os.environ,
        **plain,
        "NATS_REPORTING_TORBAY_PASSWORD": BCRYPT,
        "NATS_ROUTE_PASSWORD": "r",
        "NATS_NAME": "n",
    }


@pytest.mark.parametrize("name", ["nats.conf", "cluster.conf"])
def test_configuration_is_accepted(name: str) -> None:
    """The server itself finds no fault; without the passwords it refuses to start."""
    check = [str(server_binary()), "-t", "-c", str(DEPLOY / "nats" / name)]
    assert subprocess.run(check, env=environment(), check=False, capture_output=True).returncode == 0
    assert subprocess.run(check, env={}, check=False, capture_output=True).returncode != 0


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A server with the configuration that ships, but for its folder and port, provisioned by the provisioner."""
    folder = tmp_path_factory.mktemp("deployed")
    for name in ("nats.conf", "accounts.conf"):
        text = (DEPLOY / "nats" / name).read_text()
        text = text.replace("/var/lib/sightline/nats", f"{folder}/jetstream").replace("0.0.0.0:4222", "127.0.0.1:-1")
        (folder / name).write_text(text)
    command = [str(server_binary()), "-c", f"{folder}/nats.conf", "--ports_file_dir", f"{folder}"]
    process = subprocess.Popen([*command, "-l", f"{folder}/nats.log"], env=environment())
    try:
        ports = folder / f"nats-server_{process.pid}.ports"
        eventually(lambda: ports.exists() and "nats://" in ports.read_text())
        found = Deployed(int(re.findall(r"nats://[\d.]+:(\d+)", ports.read_text())[0]))
        eventually(lambda: provisioned(found))
        yield found
    finally:
        process.terminate()
        process.wait(20)


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


def refused(link: Link, subject: str, body: bytes = b"{}") -> bool:
    """Whether the server keeps the request from anybody's ears: nobody answers it."""
    try:
        link.run(link.client.request(subject, body, timeout=0.5))
    except nats.errors.TimeoutError:
        return True
    except nats.errors.NoRespondersError:
        return False
    return False


def test_services_append_and_read(deployed: Deployed) -> None:
    """The services' account records through our store, several aggregates in one batch too, and reads it back."""
    with History(TORBAY, deployed.url("services-torbay")) as history:
        history.append(recorded(TORBAY, "audit/P-1", 1))
        history.append(*[recorded(TORBAY, f"audit/P-{number}", 1) for number in (2, 3)])
        assert [event.originator_version for event in history.load("audit/P-1")] == [1]
        assert len(history.load("audit/P-3")) == 1


@pytest.mark.parametrize("link", ["services-torbay"], indirect=True)
def test_services_keep_to_their_council(link: Link) -> None:
    """Another council's events can be neither written nor read."""
    assert refused(link, "sightline.halton.audit.A-1")
    assert refused(link, f"$JS.API.STREAM.MSG.GET.{stream_name('halton')}", b'{"seq": 1}')
    assert refused(link, f"$JS.API.DIRECT.GET.{stream_name('halton')}", b'{"seq": 1}')


EDITS = [
    f"STREAM.UPDATE.{STREAM}",
    f"STREAM.DELETE.{STREAM}",
    f"STREAM.PURGE.{STREAM}",
    f"STREAM.MSG.DELETE.{STREAM}",
    f"STREAM.RESTORE.{STREAM}",
    "STREAM.CREATE.MINE",
]


@pytest.mark.parametrize("link", ["services-torbay", "workers", "reporting-torbay", "custodian-torbay"], indirect=True)
def test_nobody_edits_history(link: Link) -> None:
    """No role but the provisioner may change, delete or purge a stream, or make one."""
    assert [edit for edit in EDITS if not refused(link, f"$JS.API.{edit}")] == []


@pytest.mark.parametrize("link", ["provisioner"], indirect=True)
def test_provisioner_provisions_and_no_more(link: Link) -> None:
    """It may update a stream, which is why nobody else has its password; it can neither write nor read an event."""
    assert link.run(provision(link.client, COUNCILS, Layout())) == ()
    assert not refused(link, f"$JS.API.STREAM.UPDATE.{STREAM}")
    assert refused(link, "sightline.torbay.audit.A-1")
    assert refused(link, f"$JS.API.STREAM.MSG.GET.{STREAM}", b'{"seq": 1}')


@pytest.mark.parametrize("link", ["reporting-torbay"], indirect=True)
def test_reporting_reads_and_writes_nothing(deployed: Deployed, link: Link) -> None:
    """The checker runs with the account of reports, whose password is hashed; it writes nothing and reads no key."""
    with History(TORBAY, deployed.url("services-torbay")) as history:
        history.append(recorded(TORBAY, "audit/R-1", 1))
    assert link.run(verify(link.client, TORBAY)).sound
    assert refused(link, "sightline.torbay.audit.A-1")
    assert refused(link, f"$JS.API.STREAM.MSG.GET.{BUCKET}", b'{"seq": 1}')


def test_only_the_custodian_erases(deployed: Deployed, master_key: Path) -> None:
    """Services make keys and seal with them; to overwrite an erased one takes the custodian's account."""
    master = MasterKey.load(master_key)
    rings = {}
    links = [open_link(deployed.url(role), timeout=2) for role in ("services-torbay", "custodian-torbay")]
    for role, each in zip(("services", "custodian"), links, strict=True):
        rings[role] = Keyring(TORBAY, master, JetStreamBucket(each, TORBAY), clock=shifted_clock())
    rings["services"].seal("C-1", "evidence", "text")
    assert rings["custodian"].erase("C-1")
    assert refused(links[0], f"$JS.API.STREAM.MSG.DELETE.{BUCKET}", b'{"seq": 1}')
    for each in links:
        close_link(each)


def test_runbook_erases(deployed: Deployed, master_key: Path, tmp_path: Path) -> None:
    """The lines that the runbook gives for erasing do erase, with the custodian's account; a repeat changes nothing."""
    text = (DEPLOY / "runbook.md").read_text()
    script = dedent(text.partition("python -c '\n")[2].partition("'\n")[0])
    listed = tmp_path / "erased.txt"
    listed.write_text("C-7\n")
    variables = {
        "SIGHTLINE_NATS": deployed.url("custodian-torbay"),
        "SIGHTLINE_POLICIES": str(policy_folder(tmp_path / "policies", TORBAY)),
        "SIGHTLINE_MASTER_KEY": str(master_key),
    }
    link = open_link(deployed.url("services-torbay"))
    bucket, master = JetStreamBucket(link, TORBAY), MasterKey.load(master_key)
    sealed = Keyring(TORBAY, master, bucket, clock=shifted_clock()).seal("C-7", "evidence", "text")
    printed = [
        subprocess.run(
            [sys.executable, "-c", script.replace("/etc/sightline/erased-torbay.txt", str(listed))],
            env={**os.environ, **variables},
            cwd=DEPLOY.parent,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for _ in range(2)
    ]
    assert printed == ["C-7 True\n", "C-7 False\n"]
    assert isinstance(Keyring(TORBAY, master, bucket, clock=shifted_clock()).unseal(sealed, "evidence"), Erased)
    close_link(link)


@pytest.mark.parametrize("link", ["watcher"], indirect=True)
def test_watcher_sees_the_disk_setting(link: Link) -> None:
    """The system account is told that the server writes before it acknowledges."""
    link.run(check_disk(link.client))


async def test_workers_do_their_work(deployed: Deployed, tmp_path: Path) -> None:
    """With the workers' account an appended fact comes out as rows, timers and records."""
    settings = Settings(data=tmp_path, nats=deployed.url("workers"), policies=SHIPPED_POLICIES)
    with System(settings) as system:
        rig = Rig(settings, system, TORBAY)
        async with rig.workers("timekeeper", "escalator", "sweeper", "notices"):
            rig.record("W-1", allocated())
            rig.record("W-1", AuditSubmitted(grade=LOWEST))
            await rig.until(lambda: len(rig.notices("W-1")) == 3)
