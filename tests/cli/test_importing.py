"""Importing: everything once, what is refused with its reason, and nothing by halves."""

import codecs
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import orjson
import pytest

from tests.cli.council import Council, no_policy
from tests.cli.program import Line, write_lines
from tests.lives import Life, people
from tests.stores import eventually
from workers.cli import files

Recording = Callable[[], Council]
HEAD = {"authority": "torbay", "actor": "P-QA", "role": "qa_team", "audit": "A-1"}
VOID = {"command": "audit.void", **HEAD, "at": "2026-02-02", "reason": "selected in error"}


def allocated() -> Life:
    return Life("torbay", "A-1").allocated("2026-01-05")


def test_all_once(council: Council) -> None:
    """A file is taken whole; the same file again, or in another order, finds everything done and writes nothing."""
    assert council.imported is not None
    assert council.imported.code == 0, council.imported
    lines = council.file.read_bytes().splitlines()
    first = council.imported.json
    assert (first["accepted"], first["repeated"], first["refused"]) == (len(lines), 0, [])
    length = council.length
    again = council.program.run("import", str(council.file))
    assert again.code == 0
    assert again.flat == f"0 commands carried out (0 events), {len(lines)} done before, 0 refused"
    assert council.length == length


def test_what_is_refused_is_listed(recording: Recording) -> None:
    """Refused lines are listed with number, command and reason, and cost exit code 1; the others are carried out."""
    council = recording()
    lines = [*people("torbay"), *allocated(), {**VOID, "role": "nobody"}, {**VOID, "audit": "A-2"}]
    said = council.imports(lines)
    assert said.code == 1
    assert said.json["accepted"] == len(lines) - 2
    assert said.json["refused"] == [
        {"file": str(council.file), "line": line, "command": "audit.void", "reason": reason}
        for line, reason in (
            (len(lines) - 1, "role: unknown role nobody"),
            (len(lines), "audit A-2: there is none in this authority"),
        )
    ]
    again = council.program.run("import", str(council.file))
    assert again.code == 1
    assert "audit.void role: unknown role nobody" in again.flat


def test_the_name_of_a_file_that_is_no_text(council: Council, tmp_path: Path) -> None:
    """What was refused in it is told all the same, as JSON and of several files on screen."""
    other = write_lines(tmp_path / "other.jsonl", [{**VOID, "role": "nobody"}])
    file = write_lines(tmp_path / os.fsdecode(b"lists\xff.jsonl"), [{**VOID, "role": "nobody"}])
    said = council.program.run("import", file, "--json")
    assert said.code == 1
    [refused] = said.json["refused"]
    assert refused["file"] == str(tmp_path / "lists\ufffd.jsonl")
    assert "lists\ufffd" in council.program.run("import", other, file).flat


def test_many_refusals_are_counted(recording: Recording) -> None:
    """Of hundreds of refusals the first are listed, with how many more there are and the most frequent reasons."""
    council = recording()
    said = council.program.run("import", write_lines(council.file, [b"[]\n"] * 30 + [b"{}\n"] * 2))
    assert said.code == 1
    assert "… and 12 more" in said.flat
    assert "30 line: must be a JSON object" in said.flat


def test_only_one_authority(council: Council, tmp_path: Path) -> None:
    """With --authority, commands for another are refused and nothing is written there."""
    other = Life("halton", "H-OTHER").allocated("2026-03-02")
    length = council.system.history("halton").position()
    said = council.program.run("import", write_lines(tmp_path / "f", other), "--authority", "torbay", "--json")
    assert said.code == 1
    assert said.json["refused"][0]["reason"] == "authority: no policy here for halton; known: torbay"
    assert council.system.history("halton").position() == length
    unknown = council.program.run("import", str(tmp_path / "f"), "--authority", "leeds")
    assert unknown.mistake() == no_policy("leeds", council)


BAD: dict[str, tuple[Line | bytes, str]] = {
    "no JSON": (b"{'audit': 1}\n", "line: not valid JSON"),
    "not UTF-8": (b"\xff\xfe{\n", "line: not valid JSON"),
    "half a line": (b'{"command": "audit.void"', "line: not valid JSON"),
    "half a surrogate": (b'{"command": "\\ud800"}\n', "line: not valid JSON"),
    "deeply nested": (b"[" * 100_000 + b"\n", "line: not valid JSON"),
    "a list": (b"[]\n", "line: must be a JSON object"),
    "null": (b"null\n", "line: must be a JSON object"),
    "no command": ({**HEAD}, "command: is needed, such as audit.allocate; `sightline schema` lists all"),
    "unknown command": ({**VOID, "command": "audit.voids"}, "command: there is no command audit.voids; did you mean"),
    "a reason of control characters": ({**VOID, "reason": "\x1b[2J"}, "reason: holds the control character U+001B"),
    "a reason given twice": (
        orjson.dumps(VOID).replace(b"}", b',"reason":"another"}'),
        "reason: stands twice in one JSON object",
    ),
    "the system's own name": ({**VOID, "actor": "sightline"}, "actor: sightline is a name of the system's own"),
    "a field missing": ({k: v for k, v in VOID.items() if k != "reason"}, "reason: is needed"),
    "unknown field": ({**VOID, "grade": "Good"}, "grade: is not a field of this command"),
    "empty text": ({**VOID, "reason": " "}, "reason: String should have at least 1 character"),
    "unknown role": ({**VOID, "role": "wizard"}, "role: unknown role wizard"),
    "a role that may not": ({**VOID, "role": "worker"}, "role: worker may not audit.void"),
    "a reference with a wildcard": ({**VOID, "audit": "A.*"}, "audit: is not a valid reference"),
    "unknown audit": ({**VOID, "audit": "A-9"}, "audit A-9: there is none in this authority"),
    "no date": ({**VOID, "at": "02/02/2026"}, "at: is not a valid date or time; write 2026-01-31"),
    "no such day": ({**VOID, "at": "2026-02-30"}, "at: is not a valid date or time"),
    "a number for a date": ({**VOID, "at": 20260202}, "at: is not a valid date or time"),
    "a date outside the calendar": ({**VOID, "at": "9999-12-31T23:59-12:00"}, "at: is not a valid date or time"),
    "before its cause": ({**VOID, "at": "2026-01-02"}, "at: 2026-01-02 is before its cause, audit.allocated"),
    "the future": ({**VOID, "at": "2199-01-01"}, "at: 2199-01-01 lies in the future"),
    "long before any record": ({**VOID, "at": "0001-01-01T00:00Z"}, "at: 0001-01-01 is long before any record"),
    "a due date for never": (
        Life("torbay", "A-1").action("2026-01-06", "X", due="9999-12-31").lines[-1],
        "due: Input should be less than or equal to 2200-01-01",
    ),
    "unknown grade": (Life("torbay", "A-1").submitted("2026-01-09", "Fabulous").lines[-1], "grade: "),
    "unknown section": (
        Life("torbay", "A-1").submitted("2026-01-09", sections={"Poetry": {"grade": "Good"}}).lines[-1],
        "section: unknown section Poetry; the form has Risk",
    ),
    "moderator before the return": (
        Life("torbay", "A-1").to_moderator("2026-01-09").lines[-1],
        "audit: it is allocated: audit.allocate_moderator may be given while it is returned or with moderator",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), BAD.values(), ids=BAD)
def test_a_bad_line(line: Line | bytes, reason: str, recording: Recording) -> None:
    """A line that breaks a rule is refused with field and rule, and nothing at all is written."""
    council = recording()
    assert council.imports([*people("torbay"), *allocated()]).code == 0
    length = council.length
    said = council.imports([line])
    assert said.code == 1, said
    assert said.err == ""
    (refused,) = said.json["refused"]
    assert reason in refused["reason"]
    assert "\n" not in refused["reason"]
    assert council.length == length


def test_a_command_for_another_authority(recording: Recording) -> None:
    """A command for an authority without a policy is refused and names those that there are."""
    council = recording()
    said = council.program.run("import", write_lines(council.file, [VOID]), "--json")
    assert said.code == 1
    reason = f"authority: no policy here for torbay; known: {council.authority}"
    assert said.json["refused"][0]["reason"] == reason
    assert council.length == 0


def test_the_auditor_as_moderator(recording: Recording) -> None:
    """Nobody moderates their own audit: the line is refused, and of the attempt itself the record tells."""
    council = recording()
    life = allocated().submitted("2026-01-09")
    assert council.imports([*people("torbay"), *life]).code == 0
    own = Life("torbay", "A-1").to_moderator("2026-01-12", moderator="P-AUD")
    said = council.imports(own)
    assert said.code == 1
    assert "actor" in said.json["refused"][0]["reason"] or "moderator" in said.json["refused"][0]["reason"]
    names = [each.fact.stored_name for each in council.system.history(council.authority).load("audit/A-1")]
    assert "audit.moderator_allocated.v1" not in names
    assert council.imports(own).code == 1
    assert names == [each.fact.stored_name for each in council.system.history(council.authority).load("audit/A-1")]


def test_lines_as_other_programs_write_them(recording: Recording) -> None:
    """Empty lines, line ends of Windows, a byte order mark and a last line without an end are no fault."""
    council = recording()
    lines = [orjson.dumps({**line, "authority": council.authority}) for line in (*people("torbay"), *allocated())]
    council.file.write_bytes(codecs.BOM_UTF8 + b"\r\n\r\n".join(lines))
    said = council.program.run("import", str(council.file), "--json")
    assert said.code == 0, said
    assert said.json["accepted"] == len(lines)


def test_an_empty_file(recording: Recording) -> None:
    """A file without lines is taken, and says that it did nothing."""
    council = recording()
    said = council.program.run("import", write_lines(council.file, []))
    assert said.code == 0
    assert said.flat == "0 commands carried out (0 events), 0 done before, 0 refused"


def test_a_huge_line(recording: Recording) -> None:
    """A line that is no command by its length stops the import before the first command, with its number."""
    council = recording()
    huge = b'{"command": "' + b"x" * files.LONGEST_LINE + b'"}\n'
    said = council.program.run("import", council.write([*people("torbay"), huge]))
    assert f"line {len(people('torbay')) + 1} has 4000000 bytes or more" in said.mistake()
    assert council.length == 0


def test_the_readme_s_act_of_today_happens_each_time(recording: Recording) -> None:
    """The act of today that the README shows is one each time that it is typed, or imported as a line."""
    council = recording()
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    written = re.search(r"sightline (audit raise-safety-concern .*)", readme)
    assert written is not None
    words = written[1].split()
    audit, actor = words[3], words[words.index("--actor") + 1]
    by = {"authority": "torbay", "actor": "P-QA", "role": "qa_team", "at": "2025-09-01", "person": actor}
    auditor = [{"command": "person.appoint", **by, "post": "qa_team"}, {"command": "person.train", **by}]
    life = Life("torbay", audit, auditor=actor).allocated("2026-01-05")
    assert council.imports([*people("torbay"), *auditor, *life]).code == 0
    typed = [council.authority if word == "torbay" else word for word in words]
    line = {"command": "audit.raise_safety_concern", "actor": actor, "role": "auditor", "audit": audit}
    for times in (1, 2):
        with patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"nobody has seen the child this week"))):
            assert council.program.run(*typed).code == 0
        assert council.imports([{**line, "concern": "not seen"}]).json["accepted"] == 1
        names = [each.fact.stored_name for each in council.system.history(council.authority).load(f"audit/{audit}")]
        assert names.count("audit.safety_concern_raised.v1") == 2 * times


def test_one_id_on_two_audits(recording: Recording) -> None:
    """The line whose id another record has is named, with that record; the others of its batch are taken, for good."""
    council = recording()
    lives = [Life("torbay", f"A-{number}", child=f"C-{number}").allocated("2026-01-05") for number in (1, 2)]
    first, second = ({**next(iter(life)), "id": "T-17"} for life in lives)
    assert council.imports([*people("torbay"), first]).code == 0
    reason = "id: T-17 is the id of a command carried out before, on audit/A-1"
    other = {**VOID, "id": "T-18", "at": "2026-01-09"}
    for accepted in (1, 0):
        said = council.imports([second, other])
        (refused,) = said.json["refused"]
        assert (refused["line"], refused["command"], refused["reason"]) == (1, "audit.allocate", reason)
        assert said.json["accepted"] == accepted
    assert council.system.history(council.authority).load("audit/A-2") == ()
    assert council.program.run("verify", council.authority).code == 0


def test_no_file(recording: Recording, tmp_path: Path) -> None:
    """A file that is not there, a folder, and a pipe, whose lines are gone once measured: one line, exit code 2."""
    program = recording().program
    os.mkfifo(pipe := tmp_path / "pipe")
    assert "is a pipe" in program.run("import", str(pipe)).mistake()
    assert "cannot be read: No such file or directory" in program.run("import", str(tmp_path / "none")).mistake()
    assert "cannot be read: Is a directory" in program.run("import", str(tmp_path)).mistake()
    assert "cannot be read: No such file or directory" in program.run("plan", str(tmp_path / "none")).mistake()


def test_interrupted(recording: Recording) -> None:
    """Ctrl-C ends an import with one line and no command by halves; importing again brings the rest, once."""
    council = recording()
    lives = [Life("torbay", f"A-{number}").allocated("2026-01-05") for number in range(1_600)]
    lines = [*people("torbay"), *(line for life in lives for line in life)]
    file = council.write(lines)
    process = subprocess.Popen(
        [sys.executable, "-m", "workers.cli", "import", file],
        env={**os.environ, **council.program.variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    eventually(lambda: council.length > 0, within=60)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert err.startswith("sightline: interrupted; what was carried out stays")
    assert err.count("\n") == 1
    done = council.length
    again = council.program.run("import", file, "--json")
    assert again.code == 0
    assert again.json["accepted"] + again.json["repeated"] == len(lines)
    # An allocation is three events: the audit's, the month's and the one on the child's files.
    assert 3 * again.json["repeated"] >= done - 1 > 0
    assert council.length == done + again.json["events"] + 1  # the import is closed
