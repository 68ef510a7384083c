"""The embedded server: safe on the disk, alone in its folder, gone when told to go."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from events.errors import Unavailable
from services.nats_server import NatsServer, ServerConfig, embedded_server, running_server
from services.settings import Settings
from services.store.errors import StoreUnavailable
from services.store.fitness import check_server
from services.store.link import close_link, open_link
from tests.cluster import kept_port
from tests.stores import PATIENCE, eventually
from workers.system import System


def test_server_answers_when_start_returns(tmp_path: Path) -> None:
    """When `start` returns, JetStream answers; it is on loopback only and writes before it acknowledges."""
    with embedded_server(tmp_path) as server:
        link = open_link(server.url)
        link.run(check_server(link.client))
        close_link(link)
    config = (tmp_path / "nats-server.conf").read_text()
    assert "sync_interval: always" in config
    assert "host: 127.0.0.1" in config


def test_only_its_owner_can_connect(tmp_path: Path) -> None:
    """The token is needed, and only this user can read the files that hold it."""
    with embedded_server(tmp_path) as server:
        bare = "nats://" + server.url.rpartition("@")[2]
        with pytest.raises(StoreUnavailable):
            open_link(bare, timeout=1)
    for name in ("nats.token", "nats-server.conf", "nats.url"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_second_server_in_one_folder_is_refused(tmp_path: Path) -> None:
    """A folder has one server: the second is refused with the folder and the process that has it."""
    with embedded_server(tmp_path) as server:
        with pytest.raises(Unavailable, match=f"process {server.pid}"):
            embedded_server(tmp_path).start()
        assert running_server(tmp_path) == server.url
    assert running_server(tmp_path) is None
    with embedded_server(tmp_path) as again:
        assert again.pid is not None


def test_folder_stays_locked_while_an_orphan_runs(tmp_path: Path) -> None:
    """When our process is killed, its server still owns the folder until it has ended as well."""
    program = (
        "import os, sys; from pathlib import Path; from services.nats_server import embedded_server;"
        "server = embedded_server(Path(sys.argv[1])); server.start(); print(server.pid, flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    parent = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert parent.returncode == -signal.SIGKILL
    orphan = int(parent.stdout)
    with pytest.raises(Unavailable, match=f"process {orphan}"):
        embedded_server(tmp_path).start()
    os.kill(orphan, signal.SIGTERM)
    eventually(lambda: running_server(tmp_path) is None)
    with embedded_server(tmp_path):
        pass


def test_interrupt_at_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    """The server runs in a session of its own, so that Ctrl-C reaches our processes and not it."""
    with embedded_server(tmp_path) as server:
        assert server.pid is not None
        assert os.getsid(server.pid) != os.getsid(0)
        assert os.getpgid(server.pid) != os.getpgid(0)


def test_start_and_stop_may_be_repeated(tmp_path: Path) -> None:
    """A second start gives the same address, a second stop changes nothing, and the port may be chosen."""
    server = embedded_server(tmp_path)
    with pytest.raises(Unavailable, match="not been started"):
        server.url  # noqa: B018 - reading it is what is refused
    assert server.start() == server.start()
    server.stop()
    server.stop()
    assert server.pid is None
    with kept_port() as port, embedded_server(tmp_path, port=port) as again:
        assert again.url.endswith(f":{port}")


def test_server_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    """A configuration that the server refuses, and a missing program, end in one line that helps."""
    with pytest.raises(Unavailable, match=r"nats-server\.log|ended at once"):
        NatsServer(ServerConfig(tmp_path, extra="nonsense {")).start()
    with pytest.raises(Unavailable, match="cannot be started"):
        NatsServer(ServerConfig(tmp_path), binary=tmp_path / "none").start()


def test_folder_that_was_there_before_is_closed(tmp_path: Path) -> None:
    """A data folder that everybody could read, with views in it, is closed when the server or the views are opened."""
    for use in ("server", "views"):
        folder = tmp_path / use
        folder.mkdir(mode=0o755)
        views, others = folder / "views.sqlite", folder / "notes.txt"
        for file in (views, others):
            file.touch(mode=0o644)
        if use == "server":
            with embedded_server(folder):
                pass
            assert stat.S_IMODE((folder / "jetstream").stat().st_mode) & 0o077 == 0
        else:
            settings = Settings(data=folder, nats="nats://127.0.0.1:1")
            with System(settings) as system, system.engine.connect():
                assert {stat.S_IMODE(each.stat().st_mode) for each in folder.glob("views.sqlite*")} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(views.stat().st_mode) == 0o600
        assert stat.S_IMODE(others.stat().st_mode) == 0o644


def test_views_are_made_private(tmp_path: Path) -> None:
    """In a new folder too, nobody else can read the rows, whatever the user's mask says."""
    before = os.umask(0)
    try:
        with System(Settings(data=tmp_path / "new", nats="nats://127.0.0.1:1")) as system, system.engine.connect():
            found = {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "new").glob("views.sqlite*")}
    finally:
        os.umask(before)
    assert found == {0o600}
