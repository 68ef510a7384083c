"""`sightline policy adopt`: rules are part of the history, and a file is a proposal until somebody adopts it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest

from events.policies import PolicyAdopted
from events.recorded import Recorded
from services.clock import local_date
from services.policy.adopted import RECORD
from services.settings import SHIPPED_POLICIES
from tests.cli.council import Council, bad_message
from tests.cli.program import Said
from tests.lives import people
from workers.parts.registry import VIEW_NAMES
from workers.system import System

DIRECTOR = ("--actor", "P-DIR", "--role", "director")
Edit = tuple[str, str]
NOTICES_LATER: Edit = ('notice_hour: "08:00"', 'notice_hour: "09:30"')
QA_TEAM_MAY_NOT_PLACE: Edit = ("unit.place: [qa_team]", "unit.place: [director]")


@pytest.fixture
def council(recording: Callable[..., Council]) -> Council:
    """A council with its people, whose rules are adopted, and nobody who works in the background."""
    council = recording()
    assert council.imports(people("torbay")).code == 0
    assert "is adopted from 2020-01-01 on already" in adopt(council, file_of(council), date(2020, 1, 1)).out
    return council


def file_of(council: Council) -> Path:
    return council.program.settings.policies / f"{council.authority}.yaml"


def edit(file: Path, to: Path, *edits: Edit) -> Path:
    text = file.read_text()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    to.write_text(text)
    return to


def proposal(council: Council, version: str, *edits: Edit) -> Path:
    """A further version, with changes, in a file of its own."""
    file = file_of(council)
    return edit(
        file,
        file.parent.parent / f"proposed-{version}-{len(edits)}.yaml",
        ('version: "1"', f'version: "{version}"'),
        *edits,
    )


def in_days(council: Council, days: int) -> date:
    return local_date(council.system.clock()) + timedelta(days=days)


def adopt(council: Council, file: Path, since: date, who: tuple[str, ...] = DIRECTOR) -> Said:
    return council.program.run("policy", "adopt", str(file), "--from", since.isoformat(), "--yes", *who)


def adopted(council: Council) -> list[PolicyAdopted]:
    found = [each.fact for each in council.system.history(council.authority).load(RECORD)]
    return [each for each in found if isinstance(each, PolicyAdopted)]


def placed(council: Council, unit: str, system: System | None = None) -> Recorded:
    """The event by which the QA team places a unit now."""
    said = council.program.run("unit", "place", council.authority, unit, "--kind", "team", "--parent", "S-1")
    assert said.code == 0, said
    return (system or council.system).history(council.authority).load("directory/people")[-1]


def test_the_difference_is_told_and_who_adopted_it(council: Council) -> None:
    """Whoever may adopts it, and history says which rules stand from which day, and who said so in which role."""
    since = in_days(council, 1)
    said = adopt(council, proposal(council, "2", NOTICES_LATER), since)
    assert said.code == 0, said
    assert "08:00" in said.out
    assert "09:30" in said.out
    assert said.out.endswith(f"adopted: version 2 of {council.authority}, in force from {since}\n")
    assert [(each.version, each.since, each.taken_over) for each in adopted(council)] == [
        ("1", date(2020, 1, 1), True),
        ("2", since, False),
    ]
    assert council.program.run("rebuild", "timeline").code == 0
    rows = council.program.ask("show", "timeline", council.authority, "--policy")
    assert [(row["actor"], row["role"]) for row in rows] == [("sightline", "system"), ("P-DIR", "director")]
    assert rows[-1]["sentence"].startswith("Version 2 of “")


def test_what_decides_is_shown_whatever_files_say(council: Council) -> None:
    """On each day the version that was adopted for it, in words; the file beside it is a proposal, and shown as one."""
    run, whose, since = council.program.run, council.authority, in_days(council, 2)
    assert adopt(council, proposal(council, "2", NOTICES_LATER), since).code == 0
    edit(file_of(council), file_of(council), ('notice_hour: "08:00"', 'notice_hour: "10:45"'))

    def words(*options: str) -> str:
        said = run("policy", "show", whose, *options)
        assert said.code == 0, said
        return said.flat

    assert "10:45" in words()
    today = words("--on", f"{in_days(council, 0)}")
    assert "08:00" in today
    assert "10:45" not in today
    assert "version 1, as it was adopted" in words("--on", f"{in_days(council, 1)}")
    later = words("--on", f"{since}")
    assert "version 2, as it was adopted" in later
    assert "09:30" in later
    assert "sightline: on: not with --version" in run("policy", "show", whose, "--version", "1", "--on", "x").mistake()
    assert "sightline: on: 'soon' is not a valid date" in run("policy", "show", whose, "--on", "soon").mistake()


def test_form_and_reports_are_those_that_were_adopted(council: Council) -> None:
    """An edited file changes neither what an auditor is asked nor which reports are due, and both pages say so."""
    form, reports = (council.program.run(*each, council.authority) for each in (("show", "form"), ("report", "list")))
    assert "version 1, as it was adopted" in form.out
    assert "version 1, as it was adopted" in reports.out
    file = file_of(council)
    edit(file, file, ("title: Audit Highlight Report", "title: Another Report"), ('version: "1"', 'version: "9"'))
    assert council.program.run("show", "form", council.authority) == form
    assert council.program.run("report", "list", council.authority) == reports


def test_the_same_again_changes_nothing(council: Council) -> None:
    """Adopting what is adopted says so, and records nothing."""
    file, since = proposal(council, "2", NOTICES_LATER), in_days(council, 3)
    assert adopt(council, file, since).code == 0
    length = council.length
    assert f"version 2 of {council.authority} is adopted from {since} on already" in adopt(council, file, since).out
    assert council.length == length


def test_a_folder_of_parts(council: Council) -> None:
    """The parts of what was adopted as one file are adopted already; under another version they are a version more."""
    folder = file_of(council).parent.parent / "parts"
    shutil.copytree(SHIPPED_POLICIES / "torbay", folder)
    framework = folder / "framework.yaml"
    edit(framework, framework, ("authority: torbay\n", f"authority: {council.authority}\n"))
    day = date(2020, 1, 1)
    assert f"version 1 of {council.authority} is adopted from {day} on already" in adopt(council, folder, day).out
    edit(framework, framework, ('version: "1"', 'version: "2"'))
    assert adopt(council, folder, in_days(council, 1)).code == 0
    assert [each.version for each in adopted(council)] == ["1", "2"]
    assert len({each.digest for each in adopted(council)}) == len(adopted(council))


def test_what_may_not_be_adopted(council: Council) -> None:
    """Refused, naming the field: other words, another day, a day that has passed or lies too early, who may not."""
    assert adopt(council, proposal(council, "2"), in_days(council, 5)).code == 0
    length = council.length
    refused = [
        (proposal(council, "2", NOTICES_LATER), 7, DIRECTOR, "version: 2 was adopted with other words"),
        (proposal(council, "2"), 7, DIRECTOR, "from: version 2 is adopted from"),
        (proposal(council, "3"), -1, DIRECTOR, "has passed: what was decided since stays"),
        (proposal(council, "3"), 5, DIRECTOR, "is not after"),
        (proposal(council, "3"), 7, ("--actor", "P-QA", "--role", "qa_team"), "role: qa_team may not policy.adopt"),
        (proposal(council, "3"), 7, ("--actor", "P-QA", "--role", "director"), "P-QA"),
    ]
    for file, days, who, why in refused:
        assert why in adopt(council, file, in_days(council, days), who).mistake()
    assert council.length == length


def test_no_is_an_answer(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not say yes adopts nothing."""
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    file, length = proposal(council, "2", NOTICES_LATER), council.length
    said = council.program.run("policy", "adopt", str(file), "--from", in_days(council, 1).isoformat(), *DIRECTOR)
    assert said.code == 1
    assert "09:30" in said.out
    assert council.length == length


def test_an_edited_file_changes_nothing(council: Council) -> None:
    """What is done is decided by what was adopted, which its event names by its hash, whatever became of the file."""
    first = adopted(council)[0].digest
    edit(file_of(council), file_of(council), QA_TEAM_MAY_NOT_PLACE)
    with System(council.program.settings) as later:
        assert placed(council, "T-90", later).envelope.policy_hash == first
        assert later.policies[council.authority].newest.acts["unit.place"] == ("qa_team",)
        assert later.rules.proposed[council.authority].newest.acts["unit.place"] == ("director",)


def test_a_version_decides_from_its_day_on(council: Council) -> None:
    """A version that is adopted from today decides from then on; what stood before names what it was decided by."""
    before = placed(council, "T-90")
    assert adopt(council, proposal(council, "2", QA_TEAM_MAY_NOT_PLACE), in_days(council, 0)).code == 0
    first, second = adopted(council)
    said = council.program.run("unit", "place", council.authority, "T-91", "--kind", "team", "--role", "qa_team")
    assert "qa_team may not unit.place" in said.mistake()
    by = ("--actor", "P-DIR", "--role", "director")
    said = council.program.run("unit", "place", council.authority, "T-91", "--kind", "team", "--parent", "S-1", *by)
    assert said.code == 0, said
    after = council.system.history(council.authority).load("directory/people")[-1]
    assert [(each.envelope.policy_version, each.envelope.policy_hash) for each in (before, after)] == [
        ("1", first.digest),
        ("2", second.digest),
    ]


def test_who_runs_already_takes_it_up(council: Council) -> None:
    """A process that read the rules before knows a version as soon as an event names it, and by and by without one."""
    held = council.system.policies[council.authority]
    assert [each.version for each in held.versions] == ["1"]
    assert adopt(council, proposal(council, "2", NOTICES_LATER), in_days(council, 1)).code == 0
    assert held.version("2").calendar.notice_hour.hour == 9
    assert adopt(council, proposal(council, "3"), in_days(council, 2)).code == 0
    council.system.rules.renew(council.authority)
    assert [each.version for each in held.versions] == ["1", "2", "3"]


def verified(council: Council) -> Said:
    return council.program.run("verify", council.authority)


def names_unknown_rules(council: Council, named: str) -> None:
    """Write a further event that names rules by a hash of one's own."""
    history = council.system.history(council.authority)
    last = history.load("directory/people")[-1]
    told = replace(last.envelope, event_id=f"forged-{named[:4]}.0", policy_hash=named)
    history.append(replace(last, originator_version=last.originator_version + 1, envelope=told))


def give_up_an_event(council: Council) -> None:
    """Have something that cannot be read accepted as it is: nobody can tell what it said."""
    at = str(bad_message(council))
    who = ("--actor", "P-QA", "--role", "qa_team")
    said = council.program.run("damage", "accept", council.authority, at, "--reason", "unknown", *who)
    assert said.code == 0, said


def test_each_event_is_held_against_what_was_adopted(council: Council) -> None:
    """Before a version's day everything names the former one, also an import; rules that nobody adopted are named."""
    assert adopt(council, proposal(council, "2", NOTICES_LATER), in_days(council, 2)).code == 0
    placing = {"command": "unit.place", "unit": "T-91", "kind": "team", "parent": "S-1"}
    now = council.system.clock().isoformat()
    assert council.imports([{**placing, "actor": "P-QA", "role": "qa_team", "at": now}]).code == 0
    council.know(*VIEW_NAMES)
    said = verified(council)
    assert (said.code, "rules: unbroken" in said.flat) == (0, True), said
    give_up_an_event(council)
    names_unknown_rules(council, "1" * 64)
    said = verified(council)
    assert (said.code, "rules: unbroken" in said.flat) == (0, True), "they may be those that cannot be read any more"
    names_unknown_rules(council, "0" * 64)
    said = verified(council)
    assert said.code == 1
    reason = "names rules (000000000000) that nobody had adopted by then"
    assert f"rules: 1 broken event {council.length}, sightline." in said.flat
    assert f": {reason}" in said.flat


def checked(council: Council, file: Path) -> str:
    """What `policy check` says of a file beside that it is sound."""
    said = council.program.run("policy", "check", str(file))
    assert said.code == 0, said
    return said.out.partition("\n")[2].removeprefix(f"{file}: ").strip()


def test_a_file_is_adopted_or_proposed(council: Council) -> None:
    """A check says which of the two, since when, beside which version, and in how many clauses the file differs."""
    file = file_of(council)
    edited, next_one = (proposal(council, version, QA_TEAM_MAY_NOT_PLACE) for version in "12")
    stands = "version 1 has been in force since 1 Jan 2020"
    assert checked(council, file) == f"adopted: {stands}"
    proposed = f"proposed, not adopted: {stands}; 1 clause differs"
    assert checked(council, edited) == f"{proposed}, so that these words need a version of their own"
    assert checked(council, next_one) == proposed
    since = in_days(council, 2)
    assert adopt(council, next_one, since).code == 0
    assert checked(council, next_one) == f"adopted: version 2 is adopted, and will be in force from {since:%-d %b %Y}"
    assert checked(council, file) == f"adopted: {stands}"
    other = edit(file, file.parent.parent / "another.yaml", (f"authority: {council.authority}", "authority: newtown"))
    assert checked(council, other) == ""
