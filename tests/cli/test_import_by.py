"""An import of history is an act of a named person, on its own record; who acted in it stays as reported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from events.recorded import Recorded
from tests.cli.council import Council
from tests.cli.program import Said, write_lines
from tests.lives import Life, cast

Recording = Callable[[], Council]


def imported(council: Council, tmp_path: Path, audit: str, *options: str, **variables: str) -> Said:
    lines = [each | {"authority": council.authority} for each in Life("torbay", audit).allocated("2026-01-05")]
    file = write_lines(tmp_path / f"{audit}.jsonl", lines)
    return council.program.run("import", file, "--unverified", *options, **variables)


def of_imports(council: Council) -> list[Recorded]:
    history = council.system.history(council.authority)
    known = [each for name in ("directory/people", "audit/A-1") for each in history.load(name)]
    named = dict.fromkeys(each.envelope.imported for each in known)
    return [each for name in named for each in history.load(f"import/{name}")]


@pytest.fixture
def council(recording: Recording, tmp_path: Path) -> Council:
    """A council whose directory the operator has begun."""
    council = recording()
    lines = [each | {"authority": council.authority} for each in cast("torbay")]
    said = council.program.run("import", write_lines(tmp_path / "people.jsonl", lines), SIGHTLINE_ACTOR="")
    assert said.code == 0, said
    assert "nobody was named, so this import is the operator's" in said.flat
    assert [(each.envelope.actor, each.envelope.role) for each in of_imports(council)] == [("operator", "system")] * 2
    return council


def test_the_import_is_the_persons_and_its_acts_are_not(council: Council, tmp_path: Path) -> None:
    """The record of the import names who imported, in their role; the audit names who allocated it."""
    said = imported(council, tmp_path, "A-1", "--by", "P-MOD", "--role", "qa_team")
    assert (said.code, "imported by P-MOD" in said.flat) == (0, True)
    opened, closed = of_imports(council)[2:]
    for each in (opened, closed):
        assert (each.envelope.actor, each.envelope.role) == ("P-MOD", "qa_team")
    (first, *_) = council.system.history(council.authority).load("audit/A-1")
    assert (first.envelope.actor, first.envelope.role) == ("P-QA", "qa_team")
    assert first.envelope.imported


def test_a_role_is_found_in_the_directory(council: Council, tmp_path: Path) -> None:
    """Who names no role imports in one that they hold. SIGHTLINE_ACTOR names the person as well, and not in silence."""
    said = imported(council, tmp_path, "A-1", SIGHTLINE_ACTOR="P-MOD")
    assert said.code == 0
    assert "imported by P-MOD, whom SIGHTLINE_ACTOR names: it stands on the record" in said.flat
    assert [(each.envelope.actor, each.envelope.role) for each in of_imports(council)[2:]] == [("P-MOD", "qa_team")] * 2


def test_what_is_typed_counts_before_the_variable(council: Council, tmp_path: Path) -> None:
    """Whose import it is can be said each time; the help says where the name comes from otherwise."""
    said = imported(council, tmp_path, "A-1", "--by", "P-QA", SIGHTLINE_ACTOR="P-MOD")
    assert (said.code, "SIGHTLINE_ACTOR" in said.flat) == (0, False)
    assert {each.envelope.actor for each in of_imports(council)[2:]} == {"P-QA"}
    assert "if not said, that of SIGHTLINE_ACTOR" in council.program.run("import", "--help").flat


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--by", "P-NOBODY"), "by: P-NOBODY held no post"),
        (("--by", "P-MOD", "--role", "director"), "role: P-MOD did not hold the role director"),
        (("--by", "importer"), "by: importer is a name of the system's own"),
        (("--by", "P 1"), "by: 'P 1' is not a valid reference"),
    ],
)
def test_who_may_not_import(council: Council, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """Whom the directory does not bear out imports nothing: one line, and not an event is written."""
    before = council.length
    assert said in imported(council, tmp_path, "A-1", *options).mistake()
    assert council.length == before


def test_a_role_belongs_to_a_person(council: Council, tmp_path: Path) -> None:
    """A role without a name is nobody's."""
    assert "by: needed" in imported(council, tmp_path, "A-1", "--role", "qa_team", SIGHTLINE_ACTOR="").mistake()
