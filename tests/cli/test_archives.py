"""A whole history archived and removed by the program: every other command answers as before."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.cli.archived import ALL, WHO, archive, now
from tests.cli.conftest import running_council
from tests.cli.council import Council, closed
from tests.cli.program import Program
from tests.postgres import running_postgres
from tests.stores import PATIENCE
from tests.workers.api.rig import Api, KnownTokens
from tests.workers.rig import Rig
from workers.api.app import make_app
from workers.doors.office import open_office
from workers.health.whole import wait_until_settled
from workers.system import System

pytestmark = pytest.mark.long

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
    ("records/audit/T-CLOSED/owed", {"as_at": "2026-02-01"}),
    ("reports/thematic_practice/2026-Q1", {"texts": "open", "as_at": "2026-05-01"}),
    (f"reports/audit_highlight/2026-01/figures/{FIGURE}", {}),
    ("reports/audit_highlight/2026-01/issued", {"texts": "open"}),
)
SPEAKING_OF = frozenset({"position", "late_views", "up_to"})
"""A report says up to which event it speaks; that its texts were read is one."""

Answers = dict[tuple[str, ...], Any]


def answers(council: Council, folder: Path) -> Answers:
    """What the program, a pack and the HTTP API say of the council."""
    found: Answers = {question: council.program.ask(*question) for question in QUESTIONS}
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


@pytest.fixture(scope="module")
def removed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Removed]:
    """A system whose history was archived and removed under running workers; what it answered before and after."""
    with running_council(tmp_path_factory.mktemp("archived")) as council:
        assert council.program.run("report", "issue", *ISSUED, *WHO).code == 0
        assert council.imports(closed("torbay", "T-AFTERWARDS"), "--unverified").json["refused"] == []
        wait_until_settled(council.system, within=PATIENCE)
        before = answers(council, tmp_path_factory.mktemp("before"))
        assert before["report", "compare", *ISSUED], "what was issued differs from what a late audit makes of it"
        end = council.length
        assert end > END
        assert archive(council, "make", "--before", now(council)).code == 0
        said = archive(council, "remove", *WHO, "--json", **ALL)
        assert said.code == 0, said
        assert said.json["removed"] == said.json["through"] == end
        wait_until_settled(council.system, within=PATIENCE)
        yield Removed(council, before, answers(council, tmp_path_factory.mktemp("after")))


def test_every_question_has_the_answer_of_before(removed: Removed) -> None:
    """Views, stories, reports made and issued, packs, what is owed and the API: today, as at and as known."""
    assert differing(removed.before, removed.after) == []


def test_views_begun_anew_on_another_database(removed: Removed) -> None:
    """All views are made of the archives alone, on PostgreSQL, and say what they said before."""
    council = removed.council
    with running_postgres() as server:
        settings = council.system.settings.model_copy(update={"database": server.get_uri()})
        with System(settings) as system:
            other = Council(Program(settings), system, council.file)
            assert other.program.run("rebuild", "--all", "everything").code == 0
            plain = [each for each in QUESTIONS if each[1] not in {"timeline", "show", "issued", "compare"}]
            reading = [each for each in plain if each[0] != "story"]
            # the others open texts, which is on record, and no view is kept here that would come to know of it
            assert differing(removed.before, {each: other.program.ask(*each) for each in reading}) == []


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
    wait_until_settled(council.system, within=PATIENCE)
    again = council.program.run("import", str(council.file), "--json").json
    assert (again["repeated"], again["accepted"]) == (1, 0)
    (found,) = council.program.ask("verify", "torbay")
    assert found["sound"]
