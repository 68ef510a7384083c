"""`sightline archive`: made, verified and removed by the program, and every other command answers as before."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from events.archives import HistoryArchived
from events.subjects import stream_name
from services.directory.state import DIRECTORY
from tests.cli.conftest import running_council
from tests.cli.council import Council, closed, staffed
from tests.cli.program import Program, Said
from tests.postgres import running_postgres
from tests.workers.api.rig import Api, KnownTokens
from tests.workers.rig import Rig
from workers.api.app import make_app
from workers.doors.office import open_office
from workers.health import wait_until_settled
from workers.system import System

Recording = Callable[..., Council]
WHO = ("--actor", "P-QA", "--role", "qa_team")
ALL = {"SIGHTLINE_ARCHIVE_OVERLAP": "0"}
"""Nothing of what is archived stays live."""

END = 60
"""So many events at least are archived."""

FIGURE = "audits.1.all.returned"
ISSUED = ("torbay", "audit_highlight", "2026-01")
QUESTIONS = (
    ("show", "register", "torbay"),
    ("show", "actions", "torbay"),
    ("show", "timeline", "torbay", "--audit", "T-CLOSED"),
    ("show", "timeline", "torbay", "--child", "C-LOWEST"),
    ("show", "grade-changes", "torbay", "--as-at", "2026-03-01"),
    ("show", "register", "torbay", "--as-known", "2026-06-15"),
    ("show", "owed", "torbay", "--audit", "T-LATE"),
    ("show", "owed", "torbay", "--audit", "T-CLOSED", "--as-at", "2026-02-01"),
    ("show", "overdue", "torbay"),
    ("show", "escalations", "torbay"),
    ("notices", "torbay"),
    ("story", "audit", "torbay", "T-CLOSED"),
    ("story", "action", "torbay", "T-CLOSED-1"),
    ("story", "child", "torbay", "C-T-CLOSED"),
    ("report", "show", "torbay", "thematic_practice", "2026-Q1"),
    ("report", "trace", *ISSUED, FIGURE),
    ("report", "issued", *ISSUED),
    ("report", "compare", *ISSUED),
)
PACKS = ("named", "suppressed")
BY_HTTP: tuple[tuple[str, dict[str, str]], ...] = (
    ("views/register", {}),
    ("views/actions", {"as_at": "2026-02-01"}),
    ("views/escalations", {"as_known": "2026-06-15"}),
    ("records/audit/T-CLOSED/timeline", {"texts": "open"}),
    ("records/audit/T-LOWEST/owed", {}),
    ("reports/thematic_practice/2026-Q1", {"texts": "open", "as_at": "2026-05-01"}),
    (f"reports/audit_highlight/2026-01/figures/{FIGURE}", {}),
    ("reports/audit_highlight/2026-01/issued", {"texts": "open"}),
)
SPEAKING_OF = frozenset({"position", "late_views", "up_to"})
"""A report says up to which event it speaks; that its texts were read is one."""

Answers = dict[tuple[str, ...], Any]


def said_by_the_program(council: Council) -> Answers:
    """What the program says of the council."""
    return {question: council.program.ask(*question) for question in QUESTIONS}


def answers(council: Council, folder: Path) -> Answers:
    """What the program, a pack and the HTTP API say of the council."""
    found = said_by_the_program(council)
    for copy in PACKS:
        question = ("pack", "torbay", "--from", "2026-01-01", "--to", "2026-06-15", "--copy", copy)
        made = council.program.ask(*question, "--output", str(folder / copy))
        found["pack", copy] = sha256(Path(made["zip"]).read_bytes()).hexdigest()
    return found | asyncio.run(by_http(council.system))


async def by_http(system: System) -> Answers:
    """What the API says, in a process that has read nothing before."""
    found: Answers = {}
    with open_office(system) as office:
        api = Api(Rig(system.settings, system, "torbay"), office, make_app(office, KnownTokens(frozenset({"torbay"}))))
        async with api.client() as client:
            for path, options in BY_HTTP:
                said = await client.get(api.path(path), params=options)
                assert said.status_code == 200, said.text
                found["http", path] = said.json()
            said = await client.post(api.path("child", "timeline"), json={"child": "C-LOWEST", "texts": "open"})
            found["http", "child"] = said.json()["rows"]
    return found


def differing(before: Answers, after: Answers) -> list[tuple[str, ...]]:
    """The questions whose answer is not what it was."""

    def plain(answer: Any) -> Any:
        if not isinstance(answer, dict):
            return answer
        return {name: each for name, each in answer.items() if name not in SPEAKING_OF}

    assert before.keys() >= after.keys()
    return [question for question, answer in after.items() if plain(answer) != plain(before[question])]


@dataclass(frozen=True)
class Removed:
    """A council whose whole history was archived and removed, and what it answered before and after."""

    council: Council
    before: Answers
    after: Answers


AT_WORK = """
import sys

from services.settings import read_settings
from workers.accepting import By
from workers.archiving import make_archive, remove_archived
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


def now(council: Council) -> str:
    """The instant by the council's own clock."""
    return council.system.clock().isoformat()


def archive(council: Council, verb: str, *arguments: str, **variables: str) -> Said:
    return council.program.run("archive", verb, council.authority, *arguments, **variables)


@pytest.fixture
def history(recording: Recording) -> Council:
    """A council that nobody works for, with people."""
    return staffed(recording())


@pytest.fixture(scope="module")
def removed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Removed]:
    """A system whose history was archived and removed under running workers; what it answered before and after."""
    with running_council(tmp_path_factory.mktemp("archived")) as council:
        assert council.program.run("report", "issue", *ISSUED, *WHO).code == 0
        assert council.imports(closed("torbay", "T-AFTERWARDS"), "--unverified").json["refused"] == []
        wait_until_settled(council.system)
        before = answers(council, tmp_path_factory.mktemp("before"))
        assert before["report", "compare", *ISSUED], "what was issued differs from what a late audit makes of it"
        end = council.length
        assert end > END
        assert archive(council, "make", "--before", now(council)).code == 0
        said = archive(council, "remove", *WHO, "--json", **ALL)
        assert said.code == 0, said
        assert said.json["removed"] == said.json["through"] == end
        wait_until_settled(council.system)
        yield Removed(council, before, answers(council, tmp_path_factory.mktemp("after")))


def test_every_question_has_the_answer_of_before(removed: Removed) -> None:
    """Views, stories, reports made and issued, packs, what is owed and the API: today, as at and as known."""
    assert differing(removed.before, removed.after) == []


def test_views_begun_anew_on_another_database(removed: Removed) -> None:
    """All views are made of the archives alone, on PostgreSQL, and say what they said before."""
    council = removed.council
    with tempfile.TemporaryDirectory(prefix="pg") as folder, running_postgres(Path(folder)) as server:
        settings = council.system.settings.model_copy(update={"database": server.get_uri()})
        with System(settings) as system:
            other = Council(Program(settings), system, council.file)
            assert other.program.run("rebuild", "--all", "everything").code == 0
            assert differing(removed.before, said_by_the_program(other)) == []


def test_history_is_whole_beside_its_archives(removed: Removed) -> None:
    """`verify`, `health`, a rebuild of one view and of all: nothing lacks, nothing differs, nothing is said again."""
    council, before = removed.council, removed.before
    (found,) = council.program.ask("verify", "torbay")
    assert (found["sound"], found["missing"], found["events"]) == (True, 0, council.length)
    assert council.program.run("health").code == 0
    assert council.program.run("rebuild", "register").code == 0
    differing = [each for each in council.program.ask("rebuild", "--all", "torbay") if each["differing"]]
    assert differing == []
    for question in QUESTIONS[:4]:
        assert council.program.ask(*question) == before[question]
    assert council.program.ask("notices", "torbay") == before["notices", "torbay"]
    assert council.program.ask("archive", "verify", "torbay")["events"] >= END


def test_the_rules_are_read_from_an_archive(removed: Removed) -> None:
    """What was adopted is among the oldest events: whoever starts afterwards decides by it, and not by files."""
    council = removed.council
    with System(council.program.settings) as later:
        (first,) = later.rules.adopted("torbay").versions()
        assert later.policies["torbay"].newest.digest == first.digest != ""


def test_work_goes_on(removed: Removed) -> None:
    """A command is taken on an audit whose every event is archived; one that was carried out is not taken again."""
    council = removed.council
    line = {"command": "audit.raise_safety_concern", "audit": "T-LATE", "id": "concern-1"}
    given = {**line, "actor": "P-QA", "role": "qa_team", "concern": "seen alone"}
    length = council.length
    assert council.imports([given]).json["refused"] == []
    assert council.length > length
    wait_until_settled(council.system)
    again = council.program.run("import", str(council.file), "--json").json
    assert (again["repeated"], again["accepted"]) == (1, 0)
    (found,) = council.program.ask("verify", "torbay")
    assert found["sound"]


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
    """What is younger than the period is not archived, whatever day is named."""
    period = "\nretention: {period: 72 months, source: [their schedule]}\n"
    council = staffed(recording(lambda text: text + period))
    assert "no event was recorded before" in archive(council, "make").mistake()
    assert (
        "the policy keeps live what was recorded since" in archive(council, "make", "--before", now(council)).mistake()
    )


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
