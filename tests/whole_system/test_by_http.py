"""The commands by HTTP that the README shows, run as they stand there against everything that `sightline up` starts."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.settings import Settings
from tests.edited import edited
from tests.stores import PATIENCE, eventually
from workers.api.place import address
from workers.supervisor import environment

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "workers" / "demo" / "torbay.jsonl"


def shown() -> str:
    """The commands of the README's section."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## The same by HTTP")[2].partition("\n## ")[0]
    found = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The embedded default in a folder of its own, with Torbay's framework, on a port that is free."""
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "torbay.yaml").write_text(edited("torbay"), encoding="utf-8")
    return Settings(data=tmp_path / "data", policies=policies, api_port=0, log_level="error")


@pytest.fixture
def variables(settings: Settings) -> dict[str, str]:
    """What a shell has in which the environment is activated."""
    place = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {**os.environ, **environment(settings), "PATH": place}


@pytest.fixture
def up(settings: Settings, variables: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Everything runs, and the demonstration's history is imported; where the API listens."""
    with subprocess.Popen(
        ["sightline", "up"], env=variables, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            said = next(line for line in lines if "HTTP API" in line)
            url = address(settings.data)
            assert url
            assert said == f"HTTP API: {url}\n"
            call = ["sightline", "import", str(DEMO)]
            subprocess.run(call, env=variables, cwd=tmp_path, check=True)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


@pytest.mark.timeout(600)
def test_what_the_readme_shows(up: str, variables: dict[str, str], tmp_path: Path) -> None:
    """Each command is taken; the escalation, the changed grade and the sheet are there, and no text is."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", shown()],
        env={**variables, "API": up},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count('"result":"accepted"') == 5
    assert '"title":"Lowest grade' in done.stdout
    assert '"from_grade":"Does Not Meet Good – escalate immediately","to_grade":"Does Not Meet Good"' in done.stdout
    assert "audit/TOR-900,full,C-900,T-FRONT" in done.stdout
    assert "a visit is booked" not in done.stdout


async def test_a_taken_port_ends_nobody(settings: Settings, variables: dict[str, str], tmp_path: Path) -> None:
    """The rest runs; `up` says that the API does not, the log says why; and it begins when the port is free."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        "sightline",
        "up",
        env={**variables, "SIGHTLINE_API_PORT": str(port)},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        assert process.stderr
        told = await asyncio.wait_for(process.stderr.readuntil(b"does not run yet"), PATIENCE)
        assert b"HTTP API: it does not run; see the log\n" in await asyncio.wait_for(
            process.stdout.readuntil(b"log\n"), PATIENCE
        )
        told += await asyncio.wait_for(process.stderr.readline(), PATIENCE)
        assert f"127.0.0.1:{port} cannot be listened on".encode() in told
        assert b"SIGHTLINE_API_PORT" in told
        server.close()
        await server.wait_closed()
        await asyncio.to_thread(eventually, lambda: address(settings.data) == f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


def test_alone_a_taken_port_is_one_line(settings: Settings, variables: dict[str, str], tmp_path: Path) -> None:
    """`sightline api` says which address, why and which setting, and ends."""
    import socket  # noqa: PLC0415 - for this test alone

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            ["sightline", "api", "--port", str(port)],
            env=variables,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(
        f"sightline: HTTP API: 127.0.0.1:{port} cannot be listened on (Address already in use)"
    )
    assert done.stderr.count("\n") == 1
    assert settings.api_port == 0
