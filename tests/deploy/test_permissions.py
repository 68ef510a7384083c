"""A real server started with the configuration that ships: each role can do its work, and nothing beyond it."""

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from events.audits import AuditSubmitted
from events.deliveries import DeliveryAttempted, DeliveryDelivered
from events.directory import PersonAddressed, PersonAppointed
from events.subjects import stream_name
from services.clock import shifted_clock
from services.directory.addresses import FIELD as ADDRESS
from services.directory.addresses import key_of_person
from services.directory.state import DIRECTORY
from services.keyring import Erased, JetStreamBucket, Keyring, MasterKey
from services.nats_server import server_binary
from services.settings import SHIPPED_POLICIES, Settings
from services.store import runs
from services.store.application import History
from services.store.fitness import check_disk
from services.store.link import Link, close_link, open_link
from services.store.provisioner import Layout, provision
from services.store.reading import raw_pages
from services.store.source import Source
from services.store.verify import verify
from tests import histories
from tests.deploy.deployed import BUCKET, STREAM, TORBAY, Deployed, do_their_work, environment, refused
from tests.deploy.test_files import COUNCILS, DEPLOY
from tests.histories import allocated
from tests.stores import PATIENCE, recorded
from tests.workers.receiver import OK, Posted, answer, receiving
from tests.workers.rig import LOWEST, Rig, eventually
from tests.workers.sending import STAFF, address_of, became, in_folder, tell
from tests.workers.test_webhooks import QUICK, set_webhook
from workers.system import System


@pytest.mark.parametrize("name", ["nats.conf", "cluster.conf"])
def test_configuration_is_accepted(name: str) -> None:
    """The server itself finds no fault; without the passwords it refuses to start."""
    check = [str(server_binary()), "-t", "-c", str(DEPLOY / "nats" / name)]
    assert subprocess.run(check, env=environment(), check=False, capture_output=True).returncode == 0
    assert subprocess.run(check, env={}, check=False, capture_output=True).returncode != 0


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


@pytest.mark.parametrize("link", ["services-torbay", "workers", "reporting-torbay", "custodian-halton"], indirect=True)
def test_nobody_else_tells_of_keys(link: Link) -> None:
    """What became of a child's key is recorded by the custodian alone, who can do it."""
    assert refused(link, "sightline.torbay.child.C-FORGED")


def test_the_checker_sees_tombstones(deployed: Deployed, master_key: Path) -> None:
    """The account of reports reads the names in the key bucket, which is what it holds told erasures against."""
    links = [open_link(deployed.url(f"{role}-torbay")) for role in ("custodian", "reporting")]
    buckets = [JetStreamBucket(each, TORBAY) for each in links]
    ring = Keyring(TORBAY, MasterKey.load(master_key), buckets[0], clock=shifted_clock())
    ring.seal("C-9", "evidence", "text")
    ring.erase("C-9")
    assert any(each.startswith("_erased.C-9.") for each in buckets[1].names("_erased"))
    for each in links:
        close_link(each)


@pytest.mark.parametrize("link", ["provisioner"], indirect=True)
def test_provisioner_provisions_and_no_more(link: Link) -> None:
    """It may update a stream, which is why nobody else has its password; it can neither write nor read an event."""
    assert link.run(provision(link.client, COUNCILS, Layout())) == ()
    assert not refused(link, f"$JS.API.STREAM.UPDATE.{STREAM}", within=PATIENCE)
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
    links = [open_link(deployed.url(role), timeout=PATIENCE) for role in ("services-torbay", "custodian-torbay")]
    for role, each in zip(("services", "custodian"), links, strict=True):
        rings[role] = Keyring(TORBAY, master, JetStreamBucket(each, TORBAY), clock=shifted_clock())
    rings["services"].seal("C-1", "evidence", "text")
    assert rings["custodian"].erase("C-1")
    assert refused(links[0], f"$JS.API.STREAM.MSG.DELETE.{BUCKET}", b'{"seq": 1}')
    for each in links:
        close_link(each)


def test_runbook_erases(deployed: Deployed, master_key: Path, tmp_path: Path) -> None:
    """The command that the runbook gives for erasing does erase and record it, with the custodian's account alone."""
    text = (DEPLOY / "runbook.md").read_text().replace("\\\n", " ")
    (line,) = re.findall(r"^ +(SIGHTLINE_NATS=\S+ .*sightline erase .*)$", text, re.MULTILINE)
    words = shlex.split(line)
    command = words[words.index("sightline") + 1 :]
    listed = tmp_path / "erased.txt"
    listed.write_text("C-7\nC-NONE\nC-8\n")
    command[command.index("--from") + 1] = str(listed)
    assert {each.partition("=")[0] for each in words if "=" in each} == {"SIGHTLINE_NATS", "SIGHTLINE_MASTER_KEY"}
    variables = {"SIGHTLINE_NATS": deployed.url("custodian-torbay"), "SIGHTLINE_MASTER_KEY": str(master_key)}
    link = open_link(deployed.url("services-torbay"))
    bucket, master = JetStreamBucket(link, TORBAY), MasterKey.load(master_key)
    ring = Keyring(TORBAY, master, bucket, clock=shifted_clock())
    sealed = {child: ring.seal(child, "evidence", "text") for child in ("C-7", "C-8")}
    appointed = PersonAppointed(person="P-QA", role="qa_team")
    with History(TORBAY, deployed.url("services-torbay")) as history:
        history.append(histories.recorded(appointed, about=DIRECTORY))
    results = []
    for _ in range(2):
        ended = subprocess.run(
            [sys.executable, "-m", "workers.cli", *command, "--json"],
            env={**os.environ, **variables},
            cwd=DEPLOY.parent,
            check=False,
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 1, ended.stderr
        results.append({each["child"]: each["result"] for each in json.loads(ended.stdout)})
    assert [each["C-7"] for each in results] == [each["C-8"] for each in results] == ["erased", "done before"]
    reader = Keyring(TORBAY, master, bucket, clock=shifted_clock())
    for child, text in sealed.items():
        assert isinstance(reader.unseal(text, "evidence"), Erased)
        with History(TORBAY, deployed.url("services-torbay")) as history:
            assert [each.fact.stored_name for each in history.load(f"child/{child}")] == ["child.erased.v1"]
    close_link(link)


@pytest.mark.parametrize("link", ["watcher"], indirect=True)
def test_watcher_sees_the_disk_setting(link: Link) -> None:
    """The system account is told that the server writes before it acknowledges."""
    link.run(check_disk(link.client))


@pytest.mark.parametrize("link", ["workers"], indirect=True)
def test_workers_read_a_long_stretch_on(deployed: Deployed, link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workers' account may make the consumer that a long stretch is read by, and take it away."""
    with History(TORBAY, deployed.url("services-torbay")) as history:
        history.append(*[recorded(TORBAY, f"audit/L-{number}", 1) for number in range(30)])
    monkeypatch.setattr(runs, "LONG", 20)
    monkeypatch.setattr(Source, "page", None)  # no copy is asked

    async def read() -> list[int]:
        source = Source(link.client, STREAM)
        return [each.sequence async for page in raw_pages(source, after=0, by_runs=True) for each in page]

    found = link.run(read())
    assert found == list(range(1, len(found) + 1))
    assert len(found) >= 30


async def test_workers_do_their_work(deployed: Deployed, tmp_path: Path) -> None:
    """With the workers' account an appended fact comes out as rows, timers and records, and nothing needs a detour."""
    settings = Settings(data=tmp_path, nats=deployed.url("workers"), policies=SHIPPED_POLICIES)
    with System(settings) as system, capture_logs() as logs:
        rig = Rig(settings, system, TORBAY)
        await do_their_work(rig)
    assert [each for each in logs if each["event"] in {"not fed", "feed failed", "part ended by itself"}] == []
    assert sum(each["event"] == "reads for all views" for each in logs) == len(system.authorities)


async def test_the_sender_brings_a_message_and_writes_nothing_else(
    deployed: Deployed, master_key: Path, tmp_path: Path
) -> None:
    """With its own account it opens an address, sends and records that; of no other record it can write anything."""
    common = {"data": tmp_path, "policies": SHIPPED_POLICIES, "master_key": master_key}
    recording = Settings(nats=deployed.url("services-torbay"), **common)
    sending = Settings(nats=deployed.url("sender"), **common)
    with System(recording) as recorder, System(sending) as sender:
        link = open_link(deployed.url("services-torbay"))
        ring = Keyring(TORBAY, MasterKey.load(master_key), JetStreamBucket(link, TORBAY), clock=shifted_clock())
        address = ring.seal(key_of_person("P-TM"), ADDRESS, address_of("P-TM"))
        close_link(link)
        told, rig = Rig(recording, recorder, TORBAY), Rig(sending, sender, TORBAY)
        told.record("", *STAFF, PersonAddressed(person="P-TM", address=address), aggregate=DIRECTORY)
        async with rig.workers("sender"):
            tell(told, "S-1", "P-TM")
            await rig.until(lambda: any(each["To"] == address_of("P-TM") for each in in_folder(rig)))
            await became(rig, "P-TM", DeliveryAttempted, DeliveryDelivered)
    link = open_link(deployed.url("sender"))
    assert refused(link, "sightline.torbay.audit.S-1")
    assert refused(link, "sightline.torbay.child.C-1")
    assert refused(link, f"$KV.{BUCKET.removeprefix('KV_')}.C-FORGED")
    close_link(link)


async def test_webhooks_are_posted_with_an_account_of_their_own(
    deployed: Deployed, master_key: Path, tmp_path: Path
) -> None:
    """It opens an address, posts what is published, and records of a receiver that it is gone, and nothing else."""
    common = {"data": tmp_path, "policies": SHIPPED_POLICIES, "master_key": master_key, **QUICK}
    users = {user: Settings(nats=deployed.url(user), **common) for user in ("doors", "workers", "webhooks")}
    with ExitStack() as stack:
        rigs = {user: Rig(settings, stack.enter_context(System(settings)), TORBAY) for user, settings in users.items()}
        told = rigs["doors"]

        def say(number: int, _posted: Posted) -> bytes:
            return OK if number < 2 else answer("410 Gone")

        async with (
            receiving(say) as receiver,
            rigs["workers"].workers("publisher"),
            rigs["webhooks"].workers("webhooks"),
        ):
            await asyncio.to_thread(set_webhook, told, receiver.url)
            await asyncio.to_thread(told.record, "H-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
            await eventually(
                lambda: (
                    [each.fact.stored_name for each in told.system.history(TORBAY).load("webhook/W-1")][1:]
                    == ["webhook.stopped.v1"]
                )
            )
    link = open_link(deployed.url("webhooks"))
    for subject in ("audit.H-1", "child.C-1", "directory.people"):
        assert refused(link, f"sightline.torbay.{subject}")
    assert refused(link, f"$KV.{BUCKET.removeprefix('KV_')}.C-FORGED")
    assert refused(link, f"$JS.API.STREAM.MSG.GET.{STREAM}_SNAPSHOTS", b'{"seq": 1}')
    assert refused(link, f"$JS.API.CONSUMER.CREATE.{STREAM}.evil")
    close_link(link)
