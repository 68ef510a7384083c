"""How processes begin: a fork of the loaded process is as one that began by exec, and hangs on nobody."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.stores import PATIENCE
from tests.workers.rig import ROOT, eventually
from workers.parts.groups import DOOR_PROCESSES, ON_ONE_MACHINE, PROCESSES, PROJECTOR
from workers.parts.worker import door_modules, worker_modules
from workers.processes.program import program
from workers.running import forking
from workers.running.forking import FORKS, Begun, Processes, beginning

pytestmark = pytest.mark.skipif(not FORKS, reason="this platform begins each process by exec")

TELLING = """
import gc, json, os, random, secrets, signal, stat, sys, tempfile, threading, uuid
from nats.nuid import NUID
if __name__ == "__main__":
    print(json.dumps({
        "arguments": sys.argv[1:],
        "main": sys.modules["__main__"].__dict__ is globals(),
        "variables": {name: value for name, value in os.environ.items() if name != "LC_CTYPE"},
        "alone": [os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()],
        "input": stat.S_ISFIFO(os.fstat(0).st_mode),
        "descriptors": sorted(map(int, os.listdir("/proc/self/fd")))[:-1],
        "threads": len(os.listdir("/proc/self/task")),
        "signals": [str(signal.getsignal(each)) for each in sorted(signal.valid_signals())],
        "folder": os.getcwd(),
        "parent": os.getppid(),
        "drawn": [random.random(), NUID().next().decode(), str(uuid.uuid4()), str(uuid.uuid1()), secrets.token_hex(),
                  next(tempfile._get_candidate_names())],
    }))
"""
"""What a process says of itself: all but its parent and what it drew is the same, however it began."""

ENDING = """
import sys, time
match sys.argv[1]:
    case "well": pass
    case "badly": sys.exit(3)
    case "words": sys.exit("said why")
    case "slip": raise ValueError("a slip")
    case "part": import no_part_of_that_name
    case "stays": sys.stdin.read()
"""


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """The environment of the processes, who find the modules above beside the program's own."""
    (tmp_path / "telling.py").write_text(TELLING)
    (tmp_path / "ending.py").write_text(ENDING)
    return {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", "MARK": str(tmp_path)}


async def told(processes: Processes, *arguments: str) -> dict[str, Any]:
    """What a process that began now says of itself."""
    said, output = os.pipe()
    process = await processes.begin("telling", *arguments, output=output)
    os.close(output)
    with os.fdopen(said) as words:
        found: dict[str, Any] = json.loads(await asyncio.to_thread(words.read))
    assert await process.wait() == process.returncode == 0
    return found


async def code(processes: Processes, *arguments: str) -> int | None:
    """The exit code of a process with these arguments, which ends by itself."""
    return await (await processes.begin("ending", *arguments)).wait()


@pytest.mark.parametrize("call", ["os.pidfd_open", "signal.pidfd_send_signal"])
def test_where_a_container_forbids_what_it_takes_nothing_is_forked(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python has the calls, and the kernel answers that they are not for this process."""

    def forbidden(*_: object) -> None:
        raise PermissionError

    assert forking._has_descriptors()
    monkeypatch.setattr(call, forbidden)
    assert not forking._has_descriptors()


async def test_a_fork_is_as_a_process_by_exec(variables: Mapping[str, str]) -> None:
    """Arguments, environment, session, descriptors, signals and threads: nothing of the loaded process is left in it.

    What two forks draw at random is never the same: of Python's generator, of ids, and of the server's inboxes.
    """
    async with beginning(variables, alone=True) as processes:
        by_exec = await told(processes, "some", "words")
    async with beginning(variables, alone=False) as processes:
        forks = [await told(processes, "some", "words") for _ in range(3)]
    assert by_exec["arguments"] == ["some", "words"]
    assert by_exec["variables"]["MARK"] == variables["MARK"]
    assert by_exec["alone"] == [True, True]
    assert by_exec.pop("parent") == os.getpid()
    (loaded,) = {each.pop("parent") for each in forks}
    assert loaded != os.getpid()
    drawn = [by_exec.pop("drawn"), *(each.pop("drawn") for each in forks)]
    for one in zip(*drawn, strict=True):
        assert len(set(one)) == len(drawn), one
    assert forks == [by_exec] * 3
    await eventually(lambda: not psutil.pid_exists(loaded))


@pytest.mark.parametrize("alone", [True, False])
async def test_how_it_ended_is_told(variables: Mapping[str, str], *, alone: bool) -> None:
    """The code of each, below zero the signal that ended it; what one cannot load holds up no neighbour."""
    async with beginning(variables, alone=alone) as processes:
        stays = await processes.begin("ending", "stays")
        codes = {each: await code(processes, each) for each in ("well", "badly", "words", "slip", "part")}
        assert codes == {"well": 0, "badly": 3, "words": 1, "slip": 1, "part": 1}
        assert await (await processes.begin("no_module_of_that_name")).wait() == 1
        other = await processes.begin("ending", "stays")
        stays.terminate()
        assert await stays.wait() == -signal.SIGTERM
        other.kill()
        assert await other.wait() == -signal.SIGKILL == other.returncode
        assert await other.wait() == -signal.SIGKILL, "whoever asks again hears the same"


@asynccontextmanager
async def staying(variables: Mapping[str, str]) -> AsyncIterator[tuple[Processes, Begun, psutil.Process]]:
    """A fork that stays, and the loaded process that it is of."""
    async with beginning(variables, alone=False) as processes:
        process = await processes.begin("ending", "stays")
        parent = psutil.Process(process.pid).parent()
        assert parent is not None
        assert parent.pid != os.getpid()
        yield processes, process, parent


async def test_the_loaded_process_is_killed(variables: Mapping[str, str]) -> None:
    """What runs goes on, can still be ended, and its end is seen; the next one begins as a fork of a new one."""
    async with staying(variables) as (processes, process, loaded):
        loaded.kill()
        await eventually(lambda: not loaded.is_running())
        again = await told(processes)
        assert again["parent"] not in (os.getpid(), loaded.pid)
        assert psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() is None, "nobody can tell its code"
        assert (await told(processes))["parent"] == again["parent"]


async def test_a_loaded_process_that_is_silent_is_replaced(
    variables: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that does not answer is ended; the next process begins all the same."""
    async with staying(variables) as (processes, process, loaded):
        loaded.suspend()
        monkeypatch.setattr(forking, "ANSWERS_WITHIN", 0.5)
        assert await code(processes, "well") == 0
        await eventually(lambda: not loaded.is_running())
        assert psutil.pid_exists(process.pid)


async def test_what_was_loaded_and_has_changed_is_loaded_again(variables: Mapping[str, str], tmp_path: Path) -> None:
    """A fork never goes on with a program of which a part was replaced since it was loaded."""
    (tmp_path / "sitecustomize.py").touch()  # whatever Python finds by that name it loads when it begins
    async with staying(variables) as (processes, process, loaded):
        assert (await told(processes))["parent"] == loaded.pid
        (tmp_path / "sitecustomize.py").write_text("# another edition")
        assert (await told(processes))["parent"] not in (os.getpid(), loaded.pid)
        assert psutil.pid_exists(process.pid)


async def test_what_is_shared_cannot_be_loaded(
    variables: Mapping[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Then each process begins by exec, and does what it can without it."""
    (tmp_path / "faststream.py").write_text("raise ImportError('no such library')")
    async with beginning(variables, alone=False) as processes:
        assert (await told(processes))["parent"] == os.getpid()
        assert await code(processes, "part") == 1
    assert "no such library" in capfd.readouterr().err


def held_by(process: int) -> list[str]:
    """What it holds open beside the usual three."""
    return [str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir() if int(each.name) > 2]


async def test_the_loaded_process_holds_nothing(variables: Mapping[str, str]) -> None:
    """One thread, the socket on which it is asked, and no file, loop or connection that a fork would share."""
    async with staying(variables) as (processes, _, loaded):
        await told(processes)  # and with that what it did for the first one is over
        assert [each.startswith("socket:") for each in held_by(loaded.pid)] == [True]
        assert loaded.num_threads() == 1
        assert loaded.net_connections() == []


async def test_whoever_began_them_is_killed(variables: Mapping[str, str]) -> None:
    """The pipe of the processes closes, and the loaded process ends: nothing stays behind."""
    beginner = """
import asyncio, os
from workers.running.forking import beginning

async def main():
    async with beginning(os.environ, alone=False) as processes:
        print((await processes.begin("ending", "stays")).pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
    parent = await create_subprocess_exec(sys.executable, "-c", beginner, cwd=ROOT, env=variables, stdout=PIPE)
    assert parent.stdout is not None
    process = psutil.Process(int(await parent.stdout.readline()))
    loaded = process.parent()
    assert loaded is not None
    assert loaded.pid != parent.pid
    parent.kill()
    await parent.wait()
    await eventually(lambda: not process.is_running() and not loaded.is_running())


async def test_what_nobody_holds_does_not_run(variables: Mapping[str, str]) -> None:
    """A process that was asked for by somebody who has gone before the answer ends without having done anything."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    said, output = os.pipe()
    socket.send_fds(ours, [b'["begin", "telling"]'], [output])
    ours.close()
    os.close(output)
    words = [*program("workers.running.loaded"), str(theirs.fileno())]
    loaded = await create_subprocess_exec(*words, env=variables, pass_fds=[theirs.fileno()], stderr=PIPE)
    theirs.close()
    with os.fdopen(said) as telling:
        assert await asyncio.to_thread(telling.read) == ""
    _, errors = await loaded.communicate()
    assert (errors, loaded.returncode) == (b"", 0)


LOADED = """
import os, sys
from importlib import import_module
import workers.processes.lean, workers.running.process
for words in sys.argv[1:]:
    if not (child := os.fork()):
        for each in words.split():
            import_module(each)
        if words == "workers.running.loaded":
            import_module(words).load()
        print(*sys.modules, flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""
"""What processes have loaded that load these modules, from the moment at which all of them are still alike."""

OWN = {
    "workers.views.projecting",
    "workers.views.feed",
    "workers.running.preparing",
    "fastapi",
    "starlette",
    "httpx",
    "rich",
    "openpyxl",
}
"""Some of what one of the processes needs and no other."""


def test_what_is_loaded_is_what_they_share() -> None:
    """Nearly all that two of the processes load as they begin is loaded before, and nothing that one alone needs."""
    declared = {**worker_modules(), **door_modules()}
    alone = [each for each in (*PROCESSES, *DOOR_PROCESSES) if each != PROJECTOR]
    homes = [" ".join(f"workers.{declared[part]}" for part in ON_ONE_MACHINE.get(each, (each,))) for each in alone]
    words = [
        sys.executable,
        "-c",
        LOADED,
        *homes,
        "workers.views.projecting workers.views.made",
        "workers.running.loaded",
    ]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    *begun, loaded = (set(line.split()) for line in done.stdout.splitlines())
    assert len(begun) == len(PROCESSES) + len(DOOR_PROCESSES)
    for one, two in combinations(begun, 2):
        assert len((one & two) - loaded) < len(one & two) / 20, sorted((one & two) - loaded)
    assert len([each for each in OWN if any(each in one for one in begun)]) > len(OWN) / 2
    assert not loaded & {*OWN, *(f"workers.{module}" for module in declared.values())}
