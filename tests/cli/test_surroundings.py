"""What is around the program and is not as it should be: one line that says so, exit code 2, nothing written."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from nats.aio.client import Client

from events.subjects import stream_name
from services.nats_server import running_server
from services.settings import Settings
from services.store.link import close_link, open_link
from services.store.source import api
from tests.cli.council import Council
from tests.cli.program import Program, write_lines
from tests.edited import edited
from tests.lives import people
from tests.stores import PATIENCE, Store
from tests.workers.rig import policy_folder
from workers.parts.registry import STARTED, VIEW_NAMES

Recording = Callable[[], Council]
CONNECTING = (
    ("show", "register", "torbay"),
    ("show", "owed", "torbay", "--audit", "T-LATE"),
    ("notices", "torbay"),
    ("verify", "torbay"),
    ("rebuild", "register"),
    ("health",),
)
"""Commands that need a server."""


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port at which nobody listens, held so that nobody else can begin to meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def test_no_server(tmp_path: Path) -> None:
    """Without a server in the data folder every command says how to start one."""
    program = Program(Settings(data=tmp_path))
    file = write_lines(tmp_path / "file", people("torbay"))
    for question in (*CONNECTING, ("import", file), ("work", "sweeper")):
        said = program.run(*question)
        assert said.mistake() == (
            f"sightline: no nats-server runs in {tmp_path}: start `sightline up`, or set SIGHTLINE_NATS\n"
        )


def test_a_server_without_streams(single_store: Store, tmp_path: Path) -> None:
    """On a bare server every command says that no council's streams stand there, and who makes them."""
    policies = tmp_path / "policies"
    for each in ("bare", "empty"):
        policy_folder(policies, each)
    program = Program(Settings(data=tmp_path, nats=single_store.url, policies=policies))
    file = write_lines(tmp_path / "file", [{**line, "authority": "bare"} for line in people("torbay")])
    made = "stand on this server: `sightline up` makes them, or the provisioner where the server is run apart"
    for question in (("import", file), ("work", "sweeper"), ("rebuild", "register")):
        assert program.run(*question).mistake() == f"sightline: no streams of bare, empty {made} (deploy/README.md)\n"
    for asked in (("show", "register", "bare"), ("verify", "bare")):
        assert program.run(*asked).mistake() == f"sightline: no streams of bare {made} (deploy/README.md)\n"


def test_wrong_url(council: Council, silent_port: int) -> None:
    """Where no server answers at the URL, the line names the address, and nothing of the connection's own words."""
    url = f"nats://secret@127.0.0.1:{silent_port}"
    said = council.program.run("show", "register", "torbay", "--nats", url)
    assert "NATS at 127.0.0.1" in said.mistake()
    assert "secret" not in said.err


def test_too_old(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without schedules and batches is refused with the version that is needed."""
    old = property(lambda _: SimpleNamespace(major=2, minor=11))
    monkeypatch.setattr(Client, "connected_server_version", old)
    for question in (*CONNECTING[:3], ("import", str(council.file))):
        said = council.program.run(*question)
        assert said.mistake() == "sightline: nats-server 2.11 is too old: 2.12 or newer is needed\n"


def test_a_second_up(council: Council) -> None:
    """Everything runs once in a data folder: a second `up` is refused and the first goes on."""
    said = council.program.run("up")
    assert f"sightline: data folder {council.program.settings.data}: another nats-server" in said.mistake()
    assert council.program.run("health").code == 0


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://localhost/x", "database mysql: read models are kept in sqlite or postgresql"),
        ("postgresql://127.0.0.1:{port}/x", "port {port} failed: Connection refused"),
        ("sqlite:////none/x.sqlite", "database sqlite:////none/x.sqlite: unable to open database file"),
        ("just words", "database: not a valid URL such as postgresql://host/name"),
    ],
)
def test_database(url: str, reason: str, council: Council, silent_port: int) -> None:
    """A database of another kind, or one that does not answer, is named with what is wrong with it."""
    said = council.program.run("show", "register", "torbay", "--database", url.format(port=silent_port))
    assert reason.format(port=silent_port) in said.mistake()


def test_master_key(council: Council) -> None:
    """A master key that others may read is refused before a text is opened or a command carried out."""
    key = council.program.settings.master_key_file
    key.chmod(0o644)
    try:
        for question in (("show", "actions", "torbay"), ("import", str(council.file))):
            assert "has mode 0644; only its owner may read it (0600)" in council.program.run(*question).mistake()
    finally:
        key.chmod(0o600)


def test_drift(recording: Recording) -> None:
    """A stream that was changed from outside stops every command, and `verify` reports it beside what it read."""
    council = recording()
    assert council.imports(people("torbay")).code == 0
    length = council.length
    stream = stream_name(council.authority)
    link = open_link(council.system.url)
    config = link.run(api(link.client, f"STREAM.INFO.{stream}", within=PATIENCE))["config"]
    link.run(api(link.client, f"STREAM.UPDATE.{stream}", config | {"max_msgs": 1_000_000}, within=PATIENCE))
    close_link(link)
    drift = f"stream {stream}: setting max_msgs is 1000000 but must be -1"
    for question in (("show", "register", council.authority), ("import", str(council.file)), ("rebuild", "register")):
        assert council.program.run(*question).mistake() == f"sightline: {drift}\n"
    verified = council.program.run("verify", council.authority)
    assert verified.code == 1
    assert f"NOT SOUND; {length} events of 2 records read" in verified.flat
    assert drift in verified.flat
    assert council.program.run("verify", council.authority, "--json").json[0]["drift"] == drift
    assert council.length == length


def test_unknown_names(council: Council) -> None:
    """An unknown view or worker is refused with those that there are."""
    rebuilt = council.program.run("rebuild", "registry")
    assert rebuilt.mistake() == f"sightline: view: unknown view registry; known: {', '.join(VIEW_NAMES)}\n"
    worked = council.program.run("work", "janitor")
    assert worked.mistake() == f"sightline: worker: unknown worker janitor; known: {', '.join(STARTED)}\n"


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("SWEEP_SECONDS", "-1", "Input should be greater than 0"),
        ("REPLICAS", "2", "Input should be 1, 3 or 5"),
        ("CLOCK_OFFSET", "soon", "Input should be a valid timedelta"),
        ("LOG_LEVEL", "loud", "Input should be 'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_settings(name: str, value: str, rule: str, council: Council) -> None:
    """A setting that is wrong is named as the user wrote it, with its rule."""
    for question in (("show", "register", "torbay"), ("up",)):
        said = council.program.run(*question, **{f"SIGHTLINE_{name}": value})
        assert said.mistake().startswith(f"sightline: setting SIGHTLINE_{name}: {rule}")


def cyclic(folder: Path) -> str:
    text = edited("torbay")
    (folder / "torbay.yaml").write_text(text.replace("on: due - 1 week", "on: reminder + 1 week", 1))
    return "the steps go in a circle: reminder -> reminder"


def unknown_recipient(folder: Path) -> str:
    text = edited("torbay")
    (folder / "torbay.yaml").write_text(text.replace("to: [auditor]", "to: [the_queen]", 1))
    return "the_queen"


def empty(folder: Path) -> str:
    return f"{folder}: (folder): it holds no policy: no file (*.yaml), and no folder of parts"


@pytest.mark.parametrize("broken", [cyclic, unknown_recipient, empty])
def test_policies(broken: Callable[[Path], str], council: Council, tmp_path: Path) -> None:
    """A folder without a sound policy stops `up`, `plan` and `policy show` with file, line and key; nothing starts."""
    folder = tmp_path / "policies"
    folder.mkdir()
    reason = broken(folder)
    data = tmp_path / "data"
    for command in (("up", "--data", str(data)), ("plan", str(council.file)), ("policy", "show", "torbay")):
        said = council.program.run(*command, "--policies", str(folder))
        assert reason in said.mistake()
    assert not data.exists() or running_server(data) is None


def test_a_reader_that_leaves(council: Council) -> None:
    """Whoever takes only the first line of an answer gets no traceback from the rest."""
    for question in (("schema",), ("show", "timeline", "torbay", "--audit", "T-CLOSED")):
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [sys.executable, "-m", "workers.cli", *question],
            env={**os.environ, **council.program.variables},
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        os.close(write)
        assert (done.returncode, done.stderr) == (1, "")
