"""The deployment read as text: what it names exists, and what exists is deployed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from events import subjects
from services.policy.written import policies_in
from services.settings import SHIPPED_POLICIES, Settings
from workers.parts.groups import DEPLOYED
from workers.parts.registry import DOORS
from workers.running.supervisor import FEW_ARENAS

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
COUNCILS = sorted(each.stem for each in policies_in(SHIPPED_POLICIES))
TEXTS = sorted(each for each in DEPLOY.rglob("*") if each.is_file() and each.suffix != ".pyc")


def test_every_process_has_a_unit() -> None:
    """The target starts each process of workers and doors that there is, and no other."""
    wanted = re.findall(
        r"^Wants=sightline-worker@(.+)\.service$", (DEPLOY / "systemd/sightline.target").read_text(), re.MULTILINE
    )
    assert sorted(wanted) == sorted(DEPLOYED)
    assert "-m workers %i" in (DEPLOY / "systemd/sightline-worker@.service").read_text()


def test_every_process_has_a_container() -> None:
    """Each container of workers or doors runs what it is named after, and each process has one."""
    commands = {name: each.get("command", []) for name, each in COMPOSE["services"].items()}
    workers = {name: command[3] for name, command in commands.items() if command[1:3] == ["-m", "workers"]}
    assert workers == {name: name for name in DEPLOYED}


def test_a_deployed_process_holds_as_little_memory_as_one_of_up() -> None:
    """The unit and the image say to the allocator what `sightline up` says to its children, and the guide tells it."""
    said = " ".join(f"{name}={value}" for name, value in FEW_ARENAS.items())
    assert f"\nEnvironment={said}\n" in (DEPLOY / "systemd/sightline-worker@.service").read_text()
    assert f"\nENV {said}\n" in (DEPLOY / "Dockerfile").read_text()
    assert all(name in (DEPLOY / "README.md").read_text() for name in FEW_ARENAS)


def test_doors_have_an_account_of_their_own() -> None:
    """Each door reads the settings of the doors after those of the workers, and its container has the same user.

    The example of these settings is one that a process takes.
    """
    example = (DEPLOY / "systemd/doors.env.example").read_text()
    named = dict(re.findall(r"^SIGHTLINE_([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert Settings(**{name.lower(): value for name, value in named.items()}).oidc_issuer
    assert "://doors:" in named["NATS"]
    for door in DOORS:
        (drop_in,) = (DEPLOY / f"systemd/sightline-worker@{door}.service.d").iterdir()
        assert "EnvironmentFile=/etc/sightline/doors.env\n" in drop_in.read_text()
        container = COMPOSE["services"][door]
        assert "://doors:" in container["environment"]["SIGHTLINE_NATS"]
        assert {f"SIGHTLINE_{name}" for name in named} - {"SIGHTLINE_API_PORT"} <= set(container["environment"])
        assert container["secrets"] == ["master_key"]


def test_no_port_is_open_to_others() -> None:
    """What speaks without TLS is published to this machine alone; who brings a certificate stands in front."""
    ports = [port for each in COMPOSE["services"].values() for port in each.get("ports", [])]
    assert ports == [f"127.0.0.1:{port}:{port}" for port in [Settings().api_port]]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The deployment in a folder of the test's own."""
    return shutil.copytree(DEPLOY, tmp_path / "deploy")


def test_lists_of_workers_are_written_from_what_declares_itself(copy: Path) -> None:
    """The lists as they stand are what the script writes; one that lacks a worker gets it, and nothing else changes."""
    files = ("systemd/sightline.target", "compose.yaml")
    as_they_stand = {name: (copy / name).read_text() for name in files}
    for name, text in as_they_stand.items():
        (copy / name).write_text("".join(line for line in text.splitlines(keepends=True) if "recorder" not in line))
        assert (copy / name).read_text() != text
    write_units(copy)
    assert {name: (copy / name).read_text() for name in files} == as_they_stand


def test_a_container_written_by_hand_is_left_alone(copy: Path) -> None:
    """A worker that needs more than its name keeps the container that somebody wrote for it, and gets no second one."""
    compose = copy / "compose.yaml"
    own = "  recorder:\n    <<: *worker\n    command: [python, -m, workers, recorder]\n    mem_limit: 1g\n\n"
    compose.write_text(compose.read_text().replace("services:\n", f"services:\n{own}"))
    write_units(copy)
    services = yaml.safe_load(compose.read_text())["services"]
    assert services["recorder"]["mem_limit"] == "1g"
    assert compose.read_text().count("  recorder:\n") == 1
    assert set(services) == set(COMPOSE["services"])


def write_units(folder: Path) -> None:
    subprocess.run([sys.executable, DEPLOY / "units.py", folder], cwd=DEPLOY.parent, check=True)


def test_every_process_reads_the_archives() -> None:
    """Whoever has the data folder is told where archives lie, and reads them there; one container alone may write."""
    place = "/var/lib/sightline/archives"
    for name in ("worker", "services"):  # in front of which everybody else's settings stand
        example = (DEPLOY / f"systemd/{name}.env.example").read_text()
        assert f"\nSIGHTLINE_ARCHIVES={place}\n" in example
    settings = {name: each.get("environment", {}) for name, each in COMPOSE["services"].items()}
    reading = {name: COMPOSE["services"][name] for name, each in settings.items() if "SIGHTLINE_DATA" in each}
    assert set(reading) >= set(DEPLOYED)
    assert {each["environment"]["SIGHTLINE_ARCHIVES"] for each in reading.values()} == {place}
    writing = [name for name, each in reading.items() if each["volumes"] != [f"archives:{place}:ro"]]
    assert writing == ["archive"]
    assert COMPOSE["services"]["archive"]["volumes"] == [f"archives:{place}"]
    assert "archives" in COMPOSE["volumes"]
    assert place in (DEPLOY / "Dockerfile").read_text(), "so that the volume is the user's own"


def test_the_runbook_names_containers_that_there_are() -> None:
    """What it says to run in a container can be run in it."""
    text = " ".join((DEPLOY / "runbook.md").read_text().split())
    named = re.findall(r"compose\.yaml (?:exec|run --rm(?: -e \S+)*) ([a-z]+)", text)
    assert len(named) > 1
    assert set(named) <= set(COMPOSE["services"])


def test_images_name_no_host() -> None:
    """An image is our own or an official one by its short name."""
    images = {each["image"] for each in COMPOSE["services"].values()}
    images |= set(re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    assert images
    assert not [image for image in images if "/" in image]


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_settings_exist(file: Path) -> None:
    """Every setting that the deployment names is one that the processes read."""
    known = {f"SIGHTLINE_{name.upper()}" for name in Settings.model_fields} | {"SIGHTLINE_CLOCK_OFFSET"}
    councils = re.findall(r'user: "services-([a-z-]+)"', (DEPLOY / "nats/accounts.conf").read_text())
    streams = {subjects.stream_name(each) for each in councils}
    named = {
        each
        for each in re.findall(r"(?<![A-Z_])SIGHTLINE_[A-Z_]+", file.read_text())
        if not any(each.startswith(stream) for stream in streams) and not each.startswith("SIGHTLINE_KEYS")
    }
    assert named <= known


def test_password_of_each_role_is_asked_for() -> None:
    """Example and containers give the server every password that its accounts name."""
    named = set(re.findall(r"\$(NATS_\w+_PASSWORD)", (DEPLOY / "nats/accounts.conf").read_text()))
    assert named == set(COMPOSE["services"]["nats"]["environment"])
    example = (DEPLOY / "nats/nats.env.example").read_text()
    assert named == set(re.findall(r"^(NATS_\w+_PASSWORD)=", example, re.MULTILINE))


@pytest.mark.parametrize("council", COUNCILS)
def test_every_council_has_its_roles(council: str) -> None:
    """Each council with a shipped policy has users of its own, and the workers serve it."""
    accounts = (DEPLOY / "nats/accounts.conf").read_text()
    for role in ("services", "reporting", "custodian", "callers"):
        assert f'user: "{role}-{council}"' in accounts
    workers = accounts.partition('user: "workers"')[2].partition("user:")[0]
    for right in (
        f'"sightline.*.{council}.>"',
        f'"timers.{council}.>"',
        f'"sightline.{council}.>"',
        f'"$JS.ACK.{subjects.stream_name(council)}.>"',
    ):
        assert right in workers


def test_a_role_asks_what_its_account_sees() -> None:
    """What a role of a council may publish is what its account takes from the one with the streams, line by line."""
    blocks = re.split(r"^  (?=[A-Z_]+: \{$)", (DEPLOY / "nats/accounts.conf").read_text(), flags=re.MULTILINE)
    checked = 0
    for block in blocks:
        seen = re.findall(r'service: \{ account: SIGHTLINE, subject: "([^"]+)" \}', block)
        if seen:
            checked += 1
            (user,) = re.findall(r'user: "([\w-]+)"', block)
            assert block.startswith(user.upper().replace("-", "_") + ":")
            allowed = block.partition("allow: [")[2].partition("]")[0]
            assert re.findall(r'"([^"]+)"', allowed) == seen
    assert checked == 3 * len(COUNCILS) + 3  # and the sender, the webhooks and the doors, which serve them all


@pytest.mark.parametrize("council", COUNCILS)
def test_callers_reach_the_orders_of_their_council_alone(council: str) -> None:
    """Their account takes one thing from one other; the doors offer it to them and do what whoever records does."""
    blocks = dict(
        re.findall(
            r"^  ([A-Z_]+): \{\n(.*?)^  \}$", (DEPLOY / "nats/accounts.conf").read_text(), re.MULTILINE | re.DOTALL
        )
    )
    name = council.upper().replace("-", "_")
    orders = f"commands.v1.{council}.>"
    caller = blocks[f"CALLERS_{name}"]
    assert re.findall(r"service: \{ (.+?) \}", caller) == [f'account: DOORS, subject: "{orders}"']
    assert re.findall(r'"([^"]+)"', caller.partition("publish:")[2]) == [orders, f"_INBOX.callers-{council}.>"]
    assert f'{{ service: "{orders}", accounts: [CALLERS_{name}] }}' in blocks["DOORS"]
    recorded = re.findall(r'account: SIGHTLINE, subject: "([^"]+)"', blocks[f"SERVICES_{name}"])
    assert set(recorded) <= set(re.findall(r'account: SIGHTLINE, subject: "([^"]+)"', blocks["DOORS"]))


def test_servers_wait_for_the_disk() -> None:
    """Every configuration of a server acknowledges after the disk."""
    for name in ("nats.conf", "cluster.conf"):
        assert re.search(r"^  sync_interval: always$", (DEPLOY / "nats" / name).read_text(), re.MULTILINE)
