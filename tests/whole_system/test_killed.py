"""SIGKILL at random moments to server, workers and importer: nothing acknowledged is lost, nothing is doubled."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic

import orjson
import psutil
import pytest

from events.escalations import EscalationRaised, NoticeSent, Step
from projections.notices import notices
from services.clock import LONDON
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.settle import settle
from services.modules import CATALOGUE
from services.rehearsal import Rehearsal
from services.settings import Settings
from tests.forks import Process, begin
from tests.random_lives import random_lines
from tests.stores import PATIENCE, eventually
from workers.health.whole import wait_until_settled
from workers.parts.groups import DOOR_PROCESSES, PROCESSES
from workers.running.forking import FORKS
from workers.running.supervisor import environment
from workers.system import System

pytestmark = pytest.mark.long

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
KILLS = 50
SHARE_OF_IMPORTER, SHARE_OF_SERVER = 0.35, 0.5
SEED = 20260615
AUDITS = 150
SECONDS = 240.0
"""Longer than this is a system that does not come back."""

LOADED = "workers.running.loaded"

PAUSES = Event()
"""Never set: waiting on it is the random time between two kills, which is what this test varies."""


@contextmanager
def supervisor(variables: dict[str, str]) -> Iterator[psutil.Process]:
    """`sightline up` as a user starts it."""
    with subprocess.Popen([sys.executable, "-m", "workers.cli", "up"], env=variables, stdout=subprocess.PIPE) as up:
        assert up.stdout is not None
        assert b"Sightline runs" in up.stdout.readline()
        try:
            yield psutil.Process(up.pid)
        finally:
            up.send_signal(signal.SIGINT)
            up.stdout.read()
            code = up.wait(PATIENCE)
        assert code == 0


class Importing:
    """`sightline import`, started again until it has done the whole file."""

    def __init__(self, file: Path, variables: dict[str, str]) -> None:
        self.file = file
        self.variables = variables
        self.said = file.with_suffix(".said")
        self.process: Process | None = None
        self.finished: dict[str, object] | None = None
        self.starts = 0

    def look(self) -> None:
        """Start it if it does not run, and take its answer if it has ended by itself."""
        if self.process is None:
            words = ("import", str(self.file), "--unverified", "--json")
            with self.said.open("wb") as output:
                self.process = begin("workers.cli", *words, environment=self.variables, output=output)
            self.starts += 1
        elif self.process.poll() is not None:
            if self.process.returncode in {0, 1}:
                self.finished = json.loads(self.said.read_bytes())
            self.process = None

    def kill(self) -> bool:
        """Kill it if it runs."""
        if self.process is None or self.process.poll() is not None:
            return False
        self.process.kill()
        return True


def _victims(up: psutil.Process, data: Path) -> list[tuple[psutil.Process, str]]:
    """The server, the workers and the process of which these are forks, which run now, with their names."""
    found = []
    for each in _of(data):
        with suppress(psutil.Error):  # it ended while it was looked at
            if (name := each.name()) in {"nats-server", *PROCESSES, *DOOR_PROCESSES}:
                found.append((each, name))
            elif LOADED in each.cmdline() and each.ppid() == up.pid:
                found.append((each, LOADED))
    return found


def _kill_at_random(up: psutil.Process, data: Path, importing: Importing, dice: random.Random) -> dict[str, int]:
    """Kill until there were enough; of the workers always one of those that were killed least."""
    killed: dict[str, int] = {}
    deadline = monotonic() + SECONDS
    while sum(killed.values()) < KILLS:
        assert monotonic() < deadline, f"too slow: {killed}"
        importing.look()
        PAUSES.wait(dice.uniform(0.05, 0.6))
        choice = dice.random()
        victims = _victims(up, data)
        if choice < SHARE_OF_IMPORTER and importing.kill():
            killed["importer"] = killed.get("importer", 0) + 1
        elif victims:
            server = [each for each in victims if each[1] == "nats-server"]
            fewest = min(killed.get(name, 0) for _, name in victims)
            spared = [each for each in victims if killed.get(each[1], 0) == fewest]
            process, name = server[0] if server and choice < SHARE_OF_SERVER else dice.choice(spared)
            with suppress(psutil.NoSuchProcess):  # one that lost the server may have ended by itself meanwhile
                process.kill()
                killed[name] = killed.get(name, 0) + 1
    return killed


@pytest.mark.timeout(500)
def test_killed_at_random(tmp_path: Path) -> None:
    """Fifty kills in the middle of an import leave the very history, notices and rows of an undisturbed run."""
    settings = Settings(data=tmp_path / "data", clock_offset=NOW - datetime.now(UTC), log_level="error")
    variables = {**os.environ, **environment(settings)}
    lines = [line for line in random_lines(SEED, "torbay", AUDITS) if str(line["at"]) < NOW.date().isoformat()]
    file = tmp_path / "history.jsonl"
    file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    importing = Importing(file, variables)
    dice = random.Random(SEED)  # noqa: S311 - a draw that can be repeated, not a secret
    with supervisor(variables) as up:
        killed = _kill_at_random(up, settings.data, importing, dice)
        importing.finished = None
        deadline = monotonic() + SECONDS
        while importing.finished is None:
            assert monotonic() < deadline, "the import does not come to its end"
            importing.look()
            PAUSES.wait(0.05)
        with System(settings) as system:
            wait_until_settled(system, within=SECONDS)
            _compare(system, file)
        verified = subprocess.run(
            [sys.executable, "-m", "workers.cli", "verify", "torbay"], env=variables, capture_output=True, check=False
        )
        assert verified.returncode == 0, verified.stdout
    assert sum(killed.values()) >= KILLS
    assert {"nats-server", "importer", *([LOADED] if FORKS else []), *PROCESSES, *DOOR_PROCESSES} == killed.keys()
    eventually(lambda: not _of(settings.data))  # none stays behind


def _compare(system: System, file: Path) -> None:
    rehearsal = Rehearsal(system.policies, unverified=True)
    rehearsal.run(file.read_bytes().splitlines())
    store, history = rehearsal.stores["torbay"], system.history("torbay")
    directory = fold_directory(store.load(DIRECTORY))
    expected_notices = set()
    for aggregate in store.streams:
        if aggregate.startswith("import/"):
            continue
        recorded, wanted = history.load(aggregate), store.load(aggregate)
        acts = [each for each in recorded if not isinstance(each.fact, Step)]
        assert [each.fact.stored_name for each in acts] == [each.fact.stored_name for each in wanted], aggregate
        assert [each.envelope.event_id.rpartition(".")[2] for each in acts] == [
            each.envelope.event_id.rpartition(".")[2] for each in wanted
        ]
        if aggregate.startswith("audit/"):
            facts = settle(CATALOGUE.record_of(wanted), system.policies["torbay"], directory, NOW).facts
            steps = [each.fact for each in recorded if isinstance(each.fact, Step)]
            assert sorted(map(_name, steps)) == sorted(_name(each.fact) for each in facts), aggregate
            listed = [each.fact for each in facts if _is_listed(each.fact)]
            expected_notices |= {(aggregate.partition("/")[2], *_name(each)[1:]) for each in listed}
    rows = [
        (row.audit, row.obligation, row.step, row.key, row.due.astimezone(LONDON).isoformat())
        for row in notices(system.engine, "torbay")
    ]
    assert len(rows) == len(set(rows)), "a notice is shown twice"
    assert set(rows) == expected_notices


def _is_listed(fact: Step) -> bool:
    """Whether the list of notices shows it: what was sent or raised, and what came too late to be sent."""
    return isinstance(fact, NoticeSent | EscalationRaised) or getattr(fact, "reason", "") == "too_late"


def _name(fact: Step) -> tuple[str, ...]:
    return (fact.stored_name, fact.obligation, fact.step, fact.key, fact.due.astimezone(LONDON).isoformat())


def _of(data: Path) -> list[psutil.Process]:
    """The living processes that were begun with this data folder."""
    return [each for each in psutil.process_iter() if _is_begun_with(each, data)]


def _is_begun_with(process: psutil.Process, data: Path) -> bool:
    try:
        return process.environ().get("SIGHTLINE_DATA") == str(data)
    except psutil.Error:
        return False
