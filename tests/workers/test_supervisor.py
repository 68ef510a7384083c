"""Everything at once, as `sightline up` runs it: what dies comes back, and nothing stays behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.nats_server import running_server
from services.settings import Settings
from tests.stores import PATIENCE
from tests.workers.rig import ROOT, eventually, policy_folder
from workers.parts.groups import PROCESSES
from workers.running.readiness import NOTIFY_SOCKET, hearing, say_ready
from workers.running.supervisor import environment

SUPERVISED = """
import asyncio, sys
from services.settings import read_settings
from workers.running.supervisor import up

def ready():
    print("ready", flush=True)

asyncio.run(up(read_settings(), workers=sys.argv[1:], ready=ready))
"""


def processes(marker: str) -> dict[int, str]:
    """The living processes whose environment or command line holds the marker, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            about = line + (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:  # it has just ended
            continue
        if marker in about and line:
            found[int(entry.name)] = line
    return found


@asynccontextmanager
async def supervised(settings: Settings, *workers: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A supervisor in a process of its own, ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SUPERVISED,
        *workers,
        cwd=ROOT,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", policies=policy_folder(tmp_path / "policies", "harbour"))


def of_worker(settings: Settings, name: str) -> list[int]:
    """The processes of a worker, by the name that it goes by on the machine (a fork has the words of what it is of)."""
    return [pid for pid in processes(str(settings.data)) if called(pid) == name]


def called(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "comm").read_text().strip()
    except OSError:  # it has just ended
        return ""


def of_server(settings: Settings) -> str:
    """The process of the server, as it wrote it down; empty while it has not."""
    try:
        return (settings.data / "nats-server.pid").read_text().strip()
    except FileNotFoundError:
        return ""


def loaded(settings: Settings) -> list[int]:
    """The loaded process, and whatever is a fork of it and has not told its name yet; none where nothing is forked."""
    return [pid for pid, line in processes(str(settings.data)).items() if "-m workers.running.loaded " in line]


async def test_a_killed_worker_and_a_killed_server_come_back(settings: Settings) -> None:
    """All workers run; one that is killed is started again, and so is the server, at the same address; Ctrl-C ends all.

    The same for a worker once the process of which it was a fork is killed, which the others do not notice.
    Nothing stays behind: no worker, no server, no guard.
    """
    async with supervised(settings, *PROCESSES) as supervisor:
        running = {name: of_worker(settings, name) for name in PROCESSES}
        assert all(len(pids) == 1 for pids in running.values())
        (first,) = running["projector"]
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: of_worker(settings, "projector") not in ([], [first]))
        (before,) = set(loaded(settings)) - {pid for name in PROCESSES for pid in of_worker(settings, name)}
        os.kill(before, signal.SIGKILL)
        await eventually(lambda: before not in loaded(settings))
        (second,) = of_worker(settings, "projector")
        os.kill(second, signal.SIGKILL)
        await eventually(lambda: of_worker(settings, "projector") not in ([], [second]))
        assert of_worker(settings, "secretary") == running["secretary"]
        address = running_server(settings.data)
        server = int(of_server(settings))
        os.kill(server, signal.SIGKILL)
        await eventually(lambda: of_server(settings) not in ("", str(server)))
        await eventually(lambda: running_server(settings.data) == address and address is not None)
        supervisor.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            assert await supervisor.wait() == 0
    await eventually(lambda: processes(str(settings.data)) == {})


@pytest.mark.parametrize("workers", [("notices",), ("notices", "register")])
async def test_a_killed_supervisor_leaves_nothing_behind(settings: Settings, workers: Sequence[str]) -> None:
    """Even SIGKILL, which nobody can catch: workers, server and guard see it and end, and what forks were made of."""
    async with supervised(settings, *workers) as supervisor:
        assert all(len(of_worker(settings, each)) == 1 for each in workers)
        assert len(processes(str(settings.data))) >= 3 + len(workers)  # supervisor, workers, server, guard
        supervisor.kill()
        await supervisor.wait()
        await eventually(lambda: not processes(str(settings.data)))


KILLED_BEFORE_THE_GUARD = (
    """
import os, signal, subprocess
from workers.running import supervisor

class Begun(subprocess.Popen):
    def __init__(self, words, **how):
        if supervisor.GUARD in words:
            os.kill(os.getpid(), signal.SIGKILL)
        super().__init__(words, **how)

subprocess.Popen = Begun
"""
    + SUPERVISED
)


async def test_a_supervisor_that_is_killed_before_it_has_a_guard(settings: Settings) -> None:
    """No server runs that nobody would end."""
    program = [sys.executable, "-c", KILLED_BEFORE_THE_GUARD, "notices"]
    supervisor = await asyncio.create_subprocess_exec(*program, cwd=ROOT, env=environment(settings))
    async with asyncio.timeout(PATIENCE):
        assert await supervisor.wait() == -signal.SIGKILL
    await eventually(lambda: processes(str(settings.data)) == {})
    assert of_server(settings) == ""


INTERRUPTED_AT_THE_START = """
import os, signal
from services import nats_server
from services.settings import read_settings
from workers.running.supervisor import server_for

answers = nats_server._answers

def interrupted(port):
    os.kill(os.getpid(), signal.SIGINT)
    return answers(port)

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in what a shell runs in the background
nats_server._answers = interrupted
with server_for(read_settings()):
    print("begun")
"""


async def test_a_command_is_interrupted_while_its_server_starts(settings: Settings) -> None:
    """Ctrl-C leaves no server behind: nobody could start one on that folder again."""
    (settings.data / "jetstream").mkdir(parents=True)
    program = [sys.executable, "-c", INTERRUPTED_AT_THE_START]
    command = await asyncio.create_subprocess_exec(
        *program, cwd=ROOT, env=environment(settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    async with asyncio.timeout(PATIENCE):
        out, said = await command.communicate()
    assert out == b""
    assert b"KeyboardInterrupt" in said
    await eventually(lambda: processes(str(settings.data)) == {})


async def test_it_is_stopped_while_it_starts(settings: Settings) -> None:
    """As soon as there is a server, and while what the workers share is loaded: it ends well, and nothing stays."""
    program = [sys.executable, "-c", SUPERVISED, "notices", "register"]
    supervisor = await asyncio.create_subprocess_exec(*program, cwd=ROOT, env=environment(settings))
    await eventually(lambda: loaded(settings) != [] and of_server(settings) != "")
    supervisor.terminate()
    async with asyncio.timeout(PATIENCE):
        assert await supervisor.wait() == 0
    await eventually(lambda: processes(str(settings.data)) == {})


async def test_a_second_supervisor_is_refused(settings: Settings) -> None:
    """Two servers never open one folder: the second start says who has it, and changes nothing for the first."""
    async with supervised(settings, "notices"):
        second = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", SUPERVISED, "notices"],
            cwd=ROOT,
            env=environment(settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert second.returncode != 0
        assert "another nats-server" in second.stderr
        assert len(of_worker(settings, "notices")) == 1


async def test_readiness_is_heard() -> None:
    """Whoever listens hears each name once it is said; without a listener nothing happens."""
    heard: list[str] = []
    async with hearing(heard.append) as address:
        say_ready("notices", {NOTIFY_SOCKET: address})
        await eventually(lambda: heard == ["notices"])
    say_ready("notices", {})
    say_ready("notices", {NOTIFY_SOCKET: address})
