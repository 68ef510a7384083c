"""Importing histories: several files as one, acts of today told as live, and what an import says of both."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from events.imports import ImportClosed, ImportOpened
from services.clock import LONDON
from tests.cli.council import Council
from tests.cli.program import Line, write_lines
from tests.lives import QA, Life, people
from tests.stores import recorded
from workers.cli.files import measure_history

Recording = Callable[[], Council]


def concern(at: str | None, words: str = "not safe") -> Line:
    return next(iter(Life("torbay", "A-1").act("audit.raise_safety_concern", at, **QA, concern=words)))


def written(council: Council, folder: Path, *files: Iterable[Line]) -> list[str]:
    return [
        write_lines(folder / f"part-{number}", [{**line, "authority": council.authority} for line in lines])
        for number, lines in enumerate(files, start=1)
    ]


def test_several_files(recording: Recording, tmp_path: Path) -> None:
    """Files given together are one import; a refused line is named with its file, on the screen and in JSON."""
    council = recording()
    life = [*Life("torbay", "A-1").allocated("2026-01-05")]
    files = written(council, tmp_path, people("torbay"), [*life, {**life[0], "team": "T-404"}], [concern("2026-01-06")])
    said = council.program.run("import", *files, "--json")
    assert said.code == 1
    [refused] = said.json["refused"]
    assert (refused["file"], refused["line"]) == (files[1], 2)
    assert said.json["history"] == said.json["accepted"] == len(people("torbay")) + 2
    history = council.system.history(council.authority)
    named = {each.envelope.imported for each in (*history.load("audit/A-1"), *history.load("directory/people"))}
    assert len(named) == 1
    assert [each.fact.stored_name for each in history.load(f"import/{named.pop()}")] == [
        "import.opened.v1",
        "import.closed.v1",
    ]
    length = council.length
    again = council.program.run("import", *files)
    assert again.code == 1
    assert f"{said.json['accepted']} done before" in again.flat
    assert council.length == length


def test_a_file_that_is_missing_stops_the_history(recording: Recording, tmp_path: Path) -> None:
    """Where one of the files cannot be read nothing is taken of the others."""
    council = recording()
    (file,) = written(council, tmp_path, people("torbay"))
    said = council.program.run("import", file, str(tmp_path / "none"))
    assert "none cannot be read" in said.mistake()
    assert council.length == 0


def test_today_s_acts_as_live(recording: Recording, tmp_path: Path) -> None:
    """--as-live takes acts of today and yesterday as live and refuses older ones; without it history is called that."""
    council = recording()
    now = council.system.clock().astimezone(LONDON)
    ago = [(now - timedelta(days=days)).date().isoformat() + "T00:00" for days in (0, 1, 2)]
    lines = [*people("torbay"), *Life("torbay", "A-1").allocated("2026-01-05")]
    assert (
        f"{len(lines)} lines of history: nobody is told"
        in council.program.run("import", *written(council, tmp_path, lines)).flat
    )
    acts = [concern(at, f"words {number}") for number, at in enumerate(ago)]
    files = written(council, tmp_path, acts)
    said = council.program.run("import", *files, "--as-live", "--json")
    assert (said.json["accepted"], said.json["history"]) == (2, 0)
    assert [each["line"] for each in said.json["refused"]] == [3]
    assert council.program.run("import", *files, "--as-live", "--days", "2", "--json").json["accepted"] == 1
    told = council.system.history(council.authority).load("audit/A-1")[-3:]
    assert {each.envelope.imported for each in told} == {""}
    assert council.program.run("import", *files, "--days", "2").mistake() == (
        "sightline: days: belongs to --as-live, which was not given\n"
    )


def test_what_would_be_done_again_is_said(recording: Recording, tmp_path: Path) -> None:
    """Lines that happened now and brought no id are counted, since the same file would do them once more."""
    council = recording()
    lines = [*people("torbay"), *Life("torbay", "A-1").allocated("2026-01-05"), concern(None), concern(None)]
    said = council.program.run("import", *written(council, tmp_path, lines))
    assert (
        "2 lines with neither `id` nor `at`: what such a line says is done again each time that it is imported."
        in said.flat
    )


def test_the_name_of_an_import_tells_nothing_of_its_texts(recording: Recording, tmp_path: Path) -> None:
    """Two files that differ in their texts alone have one name in the stream; in their commands, two."""
    council = recording()
    life = Life("torbay", "A-1").allocated("2026-01-05", child_number="004711")
    names = []
    for number in ("004711", "004712"):
        lines = [{**line, **({"child_number": number} if "child_number" in line else {})} for line in life]
        names.append(measure_history([Path(write_lines(tmp_path / number, lines))]).name)
    assert names[0] == names[1]
    other = write_lines(tmp_path / "other", [{**line, "at": "2026-01-06"} for line in life])
    assert measure_history([Path(other)]).name != names[0]
    assert council.imports([*people("torbay"), *life]).code == 0
    name = measure_history([council.file]).name
    opened, _ = council.system.history(council.authority).load(f"import/{name}")
    assert opened.fact == ImportOpened(file_hash=name)


def test_an_import_has_its_name_whatever_a_record_is_called(tmp_path: Path) -> None:
    """A history whose lines say `record` has the name in the stream that it had when they said `matter`."""
    act = {"command": "action.confirm", "authority": "southwark", "at": "2026-03-10"}
    names = [
        measure_history([Path(write_lines(tmp_path / field, [{**act, field: record}]))]).name
        for field, record in (("record", "entry/E-1"), ("matter", "entry/E-1"), ("record", "entry/E-2"))
    ]
    assert names[:2] == ["6a121328ca8b91a4224226e955007cdf"] * 2
    assert names[2] != names[0]


def test_a_file_of_former_days(recording: Recording) -> None:
    """What was imported under the hash of its file keeps that name; its lines have no places: nothing is doubled."""
    council = recording()
    reassigned = [
        next(iter(Life("torbay", "A-1").act("audit.reassign", "2026-01-06", **QA, auditor=each, reason="away")))
        for each in ("P-AUD2", "P-AUD3", "P-AUD2")
    ]
    lines = [*people("torbay"), *Life("torbay", "A-1").allocated("2026-01-05"), *reassigned]
    assert council.imports(lines[:-1]).code == 0
    former = measure_history([Path(council.write(lines))]).former[0]
    council.system.history(council.authority).append(
        recorded(council.authority, f"import/{former}", 1, fact=ImportOpened(file_hash=former)),
    )
    said = council.program.run("import", str(council.file), "--json")
    assert (said.json["accepted"], said.json["repeated"]) == (0, len(lines))
    *_, closed = council.system.history(council.authority).load(f"import/{former}")
    assert isinstance(closed.fact, ImportClosed), "what was left open is closed"
