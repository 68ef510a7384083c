"""The commands by HTTP that the README shows, run as they stand there against everything that `sightline up` starts."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.settings import Settings
from tests.edited import edited
from tests.stores import PATIENCE, eventually
from workers.api.place import PLACE, address
from workers.cli.everything import say_ready
from workers.running.supervisor import environment

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


@contextmanager
def up(settings: Settings, variables: dict[str, str], folder: Path) -> Iterator[str]:
    """Everything runs, although the API's port was taken when it began and is free since; where the API listens.

    `up` says that the API does not run, and the log why.
    """
    words, log = ["sightline", "up"], (folder / "up.log")
    with socket.create_server(("127.0.0.1", 0)) as taken, log.open("wb") as said:
        url = f"http://127.0.0.1:{(port := taken.getsockname()[1])}"
        port_set = {**variables, "SIGHTLINE_API_PORT": str(port)}
        process = subprocess.Popen(words, env=port_set, cwd=folder, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            assert process.stdout
            told = next(line for line in iter(process.stdout.readline, "") if "HTTP API" in line)
            assert told == "HTTP API: it does not run; see the log\n"
            refused, *_ = [line for line in log.read_text().splitlines() if "does not run yet" in line]
            assert f"127.0.0.1:{port} cannot be listened on" in refused
            assert "SIGHTLINE_API_PORT" in refused
            taken.close()
            eventually(lambda: address(settings.data) == url)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE)


@pytest.mark.timeout(600)
def test_what_the_readme_shows(settings: Settings, variables: dict[str, str], tmp_path: Path) -> None:
    """Each command is taken; the escalation, the changed grade and the sheet are there, and no text is.

    All of it where another program had the API's port at first: that ends nobody, and the API begins when it is free.
    """
    with up(settings, variables, tmp_path) as url:
        subprocess.run(["sightline", "import", str(DEMO)], env=variables, cwd=tmp_path, check=True)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", shown()],
            env={**variables, "API": url},
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


def test_where_the_api_listens_is_said(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Once everything consumes `up` says it, as the API wrote it down."""
    settings.data.mkdir()
    (settings.data / PLACE).write_text("http://127.0.0.1:8321")
    say_ready(settings)
    runs, told = capsys.readouterr().out.splitlines()
    assert runs.startswith("Sightline runs;")
    assert told == "HTTP API: http://127.0.0.1:8321"


def test_alone_a_taken_port_is_one_line(settings: Settings, variables: dict[str, str], tmp_path: Path) -> None:
    """`sightline api` says which address, why and which setting, and ends."""
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
