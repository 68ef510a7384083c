"""`sightline policy`: mistakes with their lines, a framework in words, and what changed between two versions."""

import re
from pathlib import Path

import pytest

from events.errors import Unavailable
from services.policy.round_checks import PLACE
from services.policy.rules import written
from services.policy.written import policies_in
from services.policy_files import load
from services.settings import SHIPPED_POLICIES, Settings
from tests.cli.program import Program, Said, write_lines
from tests.edited import edited, new_version, policies_of
from tests.lives import people as lives_people

ONE_ALERT = """\
alerts:
  - name: safety_concern
    title: Immediate safety concern
    source: [TOR-52]
    trigger: {events: [audit.safety_concern_raised], repeat: each}
    ladder: [{name: alert, on: trigger, kind: notice, to: [qa_team], title: A concern}]

"""
TORBAY = SHIPPED_POLICIES / "torbay"


def run(*arguments: object) -> Said:
    return Program(Settings()).run("policy", *map(str, arguments))


@pytest.mark.parametrize("path", policies_in(SHIPPED_POLICIES), ids=lambda path: path.stem)
def test_a_sound_file(path: Path) -> None:
    """A sound file is one line that says so, what it takes of its base behind it, and exit code 0."""
    said = run("check", path)
    assert said.code == 0
    assert said.out.startswith(f"{path}: sound; ")
    taken = said.out.splitlines()[1:]
    assert taken
    assert [each for each in taken if not each.startswith(f"{path}: taken from base-1, ")] == []


def test_one_alert_is_one(tmp_path: Path) -> None:
    """What there is one of is told so."""
    path = tmp_path / "torbay.yaml"
    text = edited("torbay")
    path.write_text(re.sub(r"(?ms)^alerts:\n.*?(?=^\w)", ONE_ALERT, text), encoding="utf-8")
    assert re.search(r" clocks, 1 alert\b", run("check", path).out)


def test_every_mistake_is_named(tmp_path: Path) -> None:
    """Each mistake is a line with the file and line, the key and the rule; the exit code is 2."""
    edits = [("to: [cscslt]", "to: [slt]"), ("fallback: qa_team", "fallback: nobody")]
    path = tmp_path / "torbay.yaml"
    text = edited("torbay", *edits)
    path.write_text(text, encoding="utf-8")
    said = run("check", path)
    assert said.code == 2
    lines = said.out.splitlines()
    numbers = [text[: text.index(new)].count("\n") + 1 for _, new in reversed(edits)]
    assert lines[0] == f"{path}:{numbers[0]}: fallback: unknown role nobody"
    assert lines[1] == f"{path}:{numbers[1]}: obligations.5.ladder.2.to.0: unknown recipient slt; did you mean cscslt?"
    assert lines[2:] == [f"{path}: 2 mistakes"]


def test_what_lies_beside_a_sound_file_changes_nothing_of_it(tmp_path: Path) -> None:
    """Another file of the folder that breaks a rule changes nothing of the checked one; who asks for it is told."""
    torbay, halton = tmp_path / "torbay.yaml", tmp_path / "halton.yaml"
    torbay.write_text(edited("torbay"), encoding="utf-8")
    halton.write_text(edited("halton", ("fallback: qa_team", "fallback: nobody")), encoding="utf-8")
    program = Program(Settings(policies=tmp_path, data=tmp_path))
    said = program.run("policy", "check", str(torbay))
    assert (said.code, said.err) == (0, "")
    assert "halton" not in said.out
    assert program.run("policy", "show", "torbay").code == 0
    assert program.run("report", "list", "torbay").code == 0
    assert "unknown role nobody" in program.run("policy", "show", "halton").mistake()
    assert "unknown role nobody" in program.run("show", "form", "halton").mistake()
    assert "no policy here for swindon; known: torbay" in program.run("policy", "show", "swindon").mistake()


def test_what_is_odd_is_a_warning(tmp_path: Path) -> None:
    """Each warning is a line with its place and the file is still sound, but not with --strict; posts are asked for."""
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay", ("  audit.void: [qa_team]\n", "")), encoding="utf-8")
    said, strict = run("check", path), run("check", path, "--strict")
    assert (said.code, strict.code) == (0, 2)
    assert said.out == strict.out
    warned, last = said.out.splitlines()
    assert warned.startswith(f"{path}:")
    assert ": warning: acts.audit.void: nobody may do audit.void" in warned
    assert last.endswith("; 1 warning")
    people = write_lines(tmp_path / "people.jsonl", lives_people("torbay"))
    assert "warning: roles.deputy_director: nobody holds the post" in run("check", TORBAY, "--people", people).out


def test_a_server_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file says is checked without it; that nobody could say whether it is adopted is a line of its own."""

    def connect(*_: object, **__: object) -> None:
        raise Unavailable("no server answers")

    monkeypatch.setattr("workers.system.open_link", connect)
    said = Program(Settings(data=tmp_path, nats="nats://127.0.0.1:9")).run("policy", "check", str(TORBAY))
    sound, *_, asked = said.out.splitlines()
    assert (said.code, said.err) == (0, "")
    assert sound.startswith(f"{TORBAY}: sound; ")
    assert asked == f"{TORBAY}: whether it is adopted could not be asked: no server answers"


@pytest.mark.parametrize("content", ["", "a: [b", "just words"])
def test_what_is_no_policy(tmp_path: Path, content: str) -> None:
    """A file that holds no policy is named with its mistake, and the exit code is 2."""
    path = tmp_path / "none.yaml"
    path.write_text(content, encoding="utf-8")
    said = run("check", path)
    assert said.code == 2
    assert str(path) in said.out
    assert said.out.endswith("1 mistake\n")


@pytest.mark.parametrize("authority", ["torbay", "halton", "swindon"])
def test_a_framework_in_words(authority: str) -> None:
    """The words hold every grade, every title of a post, a clock and a step, and every source."""
    policy = load(SHIPPED_POLICIES / authority)
    said = " ".join(run("show", authority).out.split())
    wanted = {*policy.grades.overall, *policy.tool.sections, *(role.title for role in policy.roles.values())}
    for rule in written(policy):
        wanted |= {rule.title, *rule.source, *(PLACE.sub(r"[\1]", step.title) for step in rule.ladder)}
    assert [each for each in wanted if each not in said] == []


def test_swindons_reaudit_as_it_reads() -> None:
    """A clock reads as a QA manager would say it."""
    said = run("show", "swindon").out
    clock = " ".join(said[said.index("  Short re-audit of an Inadequate file") :].split("\n\n")[0].split())
    assert (
        "Owed by Quality Assurance Team and the auditor of the re-audit. To be done that very day: 6 weeks after the "
        "audit is returned; if that has passed when it starts, 5 working days after it starts; what is done more than "
        "5 working days before does not count. Done when the re-audit is returned. - Notice to the auditor of the "
        "re-audit and Quality Assurance Team on the day on which it is due, at 08:00: “The short re-audit is for"
    ) in clock


def test_what_is_done_once_for_each_reads_so() -> None:
    """One part of the family's views alone does not meet it, and the words say that."""
    said = " ".join(run("show", "swindon").out.split())
    assert "feedback of the child or the family is recorded, once for each source: child and parents carers." in said


def test_a_version_of_a_folder(tmp_path: Path) -> None:
    """The version that is asked for is shown, the newest where none is; an unknown one is an error that names it."""
    policies_of(tmp_path, "torbay", [], new_version("2", "2026-03-01"))
    assert "Version 2, in force from 1 March 2026" in run("show", "torbay", "--policies", tmp_path).out
    assert "Version 1, in force" in run("show", "torbay", "--version", "1", "--policies", tmp_path).out
    assert "version 9" in run("show", "torbay", "--version", "9", "--policies", tmp_path).mistake()
    assert "known: torbay" in run("show", "atlantis", "--policies", tmp_path).mistake()


@pytest.mark.covers("A-ALL-11")
def test_what_changed_between_two_versions(tmp_path: Path) -> None:
    """Two versions of a folder and two files are compared alike, in the words of the framework."""
    later = [*new_version("2", "2026-03-01"), ("due: trigger + 4 weeks", "due: trigger + 3 weeks")]
    policies_of(tmp_path, "torbay", [], later)
    files = run("diff", TORBAY, tmp_path / "torbay-2.yaml")
    versions = run("diff", "torbay:1", "torbay:2", "--policies", tmp_path)
    assert files.code == versions.code == 0
    assert files.out == versions.out
    assert files.out.splitlines() == [
        "THE FRAMEWORK",
        "  changed  Version 1, in force from 1 January 2020, for Torbay",
        "       to  Version 2, in force from 1 March 2026, for Torbay",
        "THE AUDIT AND ITS RETURN",
        "  changed  Return of the audit: Due 4 weeks after it starts",
        "       to  Return of the audit: Due 3 weeks after it starts",
    ]


def test_nothing_changed() -> None:
    """A framework compared with itself says that there is no difference."""
    assert run("diff", TORBAY, "torbay").out == "no difference\n"
