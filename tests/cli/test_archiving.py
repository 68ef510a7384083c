"""`sightline archive` by the program: who may, what is refused, what a kill leaves, and what is damaged."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from events.archives import HistoryArchived
from events.subjects import stream_name
from services.directory.state import DIRECTORY
from tests.cli.archived import ALL, WHO, archive, now
from tests.cli.council import Council, staffed

Recording = Callable[..., Council]
AT_WORK = """
import sys

from services.settings import read_settings
from workers.histories.accepting import By
from workers.histories.archiving import make_archive, remove_archived
from workers.system import System

verb, authority, wanted = sys.argv[1:]

def reached(stage):
    if str(stage) == wanted:
        print("reached", flush=True)
        sys.stdin.readline()

with System(read_settings()) as system:
    if verb == "make":
        make_archive(system, authority, system.clock(), reached)
    else:
        remove_archived(system, authority, By("P-QA", "qa_team"), lambda _: None, reached)
"""


def killed(council: Council, verb: str, stage: str) -> None:
    """A process that makes or removes an archive, killed when it has come to that stage."""
    with subprocess.Popen(
        [sys.executable, "-c", AT_WORK, verb, council.authority, stage],
        env={**os.environ, **council.program.variables, **ALL},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.kill()
        assert said == "reached\n"
    assert process.returncode == -signal.SIGKILL


def told_by_health(council: Council) -> list[tuple[str, str, str]]:
    """What health says of the history and its archives; of workers there are none here."""
    found = json.loads(council.program.run("health", "--json").out)
    return [
        (each["worker"], each["state"], each["reason"]) for each in found if each["worker"] in {"history", "archives"}
    ]


def files(council: Council) -> list[Path]:
    return sorted(council.system.settings.archives_folder.glob(f"{stream_name(council.authority)}/*.gz"))


@pytest.fixture
def history(recording: Recording) -> Council:
    """A council that nobody works for, with people."""
    return staffed(recording())


def test_removal_is_on_record_before_it_happens(history: Council) -> None:
    """Who did it in which role, with the file's hash: an event of the history itself."""
    length = history.length
    made = history.program.ask("archive", "make", history.authority, "--before", now(history))
    assert (made["first"], made["last"], made["live"]) == (1, length, "all")
    assert history.length == length, "making one records nothing"
    assert archive(history, "remove", *WHO, **ALL).code == 0
    (told,) = history.system.history(history.authority).load(f"archive/{length}")
    assert isinstance(told.fact, HistoryArchived)
    assert (told.fact.file, told.fact.last) == (made["sha256"], length)
    assert (told.envelope.actor, told.envelope.role) == ("P-QA", "qa_team")
    (listed,) = history.program.ask("archive", "list", history.authority)
    assert listed["live"] == "none"
    assert "nothing archived is left" in archive(history, "remove", *WHO, **ALL).mistake()


def test_whoever_is_killed_leaves_what_the_repeat_finishes(history: Council) -> None:
    """A making or a removal killed at any stage: nothing is lost, health says what stands open, the repeat goes on."""
    end, before = history.length, history.system.history(history.authority).load(DIRECTORY)
    assert before
    killed(history, "make", str(end))
    assert files(history) == []
    assert "there is none" in archive(history, "verify").mistake()
    assert archive(history, "make", "--before", now(history)).code == 0
    assert [each.name for each in files(history)[0].parent.iterdir() if each.name.endswith("draft")] == []
    killed(history, "remove", "verified")
    assert (told_by_health(history), history.length) == ([], end)
    killed(history, "remove", "recorded")
    ((who, state, reason),) = told_by_health(history)
    assert (who, state, history.length) == ("archives", "left open", end + 1)
    assert f"events 1 to {end}" in reason
    for stage, live in (("closed", "all"), ("removed", "none")):
        killed(history, "remove", stage)
        ((who, state, reason),) = told_by_health(history)
        assert (who, state) == ("history", "refused")
        assert "repeat `sightline archive remove`" in reason
        assert history.program.ask("archive", "list", history.authority)[0]["live"] == live
    assert archive(history, "remove", *WHO, "--json", **ALL).json["removed"] == 0, "it only had to be put right"
    assert "nothing archived is left" in archive(history, "remove", *WHO, **ALL).mistake()
    assert told_by_health(history) == []
    assert history.length == end + 1, "it is on record once"
    assert history.system.history(history.authority).load(DIRECTORY) == before
    assert history.program.ask("verify", history.authority)[0]["sound"]


def test_only_who_may_removes(history: Council) -> None:
    """A role without the power, and a person without the role: refused, and everything is live as before."""
    archive(history, "make", "--before", now(history))
    for actor, role, reason in (("P-QA", "director", "archive.remove"), ("P-SW", "qa_team", "does not hold")):
        said = archive(history, "remove", "--actor", actor, "--role", role, **ALL).mistake()
        assert reason in said or "P-SW" in said
    (listed,) = history.program.ask("archive", "list", history.authority)
    assert listed["live"] == "all"


def test_the_newest_archived_events_stay(history: Council) -> None:
    """So many as the setting says; fewer than that are not removed at all."""
    archive(history, "make", "--before", now(history))
    assert "the newest 1000 archived events stay" in archive(history, "remove", *WHO).mistake()
    said = archive(history, "remove", *WHO, "--json", SIGHTLINE_ARCHIVE_OVERLAP="3")
    assert said.json["removed"] == history.program.ask("archive", "list", history.authority)[0]["last"] - 3


def test_without_a_period_a_day_is_named(history: Council) -> None:
    """No framework gives a period, so nothing is archived until somebody names the day, one that has come."""
    assert "gives no period" in archive(history, "make").mistake()
    assert "no event was recorded before" in archive(history, "make", "--before", "2001-01-01").mistake()
    later = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    for wrong, reason in (("soon", "no day"), ("2026-01-01T09:00:00", "no zone"), (later, "lies ahead")):
        assert reason in archive(history, "make", "--before", wrong).mistake()
    assert "there is none" in archive(history, "verify").mistake()
    assert "there is none" in archive(history, "remove", *WHO).mistake()
    assert files(history) == []


def test_a_policy_with_a_period(recording: Recording) -> None:
    """What is younger than the period is neither archived nor removed, whatever day is named, or was before it."""
    council = staffed(recording())
    assert archive(council, "make", "--before", now(council)).code == 0
    (policy,) = council.system.settings.policies.iterdir()
    policy.write_text(policy.read_text() + "\nretention: {period: 72 months, source: [their schedule]}\n")
    kept = "the policy keeps live what was recorded since"
    assert kept in archive(council, "make", "--before", now(council)).mistake()
    assert "no event after event" in archive(council, "make").mistake()
    assert kept in archive(council, "remove", *WHO, **ALL).mistake()
    (listed,) = council.program.ask("archive", "list", council.authority)
    assert listed["live"] == "all"


@pytest.mark.parametrize("way", ["changed", "cut off", "away"])
def test_a_damaged_archive(history: Council, way: str) -> None:
    """It is told in one line, by its name; nothing is removed by it, and nothing is read past it."""
    archive(history, "make", "--before", now(history))
    (file,) = files(history)
    sound = file.read_bytes()
    middle = len(sound) // 2
    bad = {"changed": sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :], "cut off": sound[:middle]}

    def spoil() -> None:
        file.unlink()
        if way in bad:
            file.write_bytes(bad[way])

    spoil()
    said = archive(history, "remove", *WHO, **ALL).mistake()
    assert (file.name if way in bad else "there is none") in said
    file.write_bytes(sound)
    assert archive(history, "remove", *WHO, **ALL).code == 0
    spoil()
    assert "archive" in archive(history, "verify").mistake()
    told = history.program.run("show", "owed", history.authority, "--audit", "A-1").mistake()
    assert "archive" in told or way == "changed", "what is changed shows to who reads that part"
    (file.parent / "kept").write_bytes(sound)
    (file.parent / "kept").replace(file)
    assert archive(history, "verify").code == 0
