"""From a sentence of a framework to what carries it: every carried requirement is cited in the product itself."""

from pathlib import Path

import pytest

import services.clauses
from events.errors import Refused
from services.clauses import cited, cited_in, ids, where
from services.policy.start import parts_of
from services.settings import Settings
from tests.cli.program import Program
from tests.requirements.table import read, read_digests


def test_what_is_carried_is_cited() -> None:
    """Each requirement that counts as carried is named by a line of a policy file or by the code that does it."""
    carried = {row.id for row in read("table") if row.status == "carried"}
    assert len(carried) > 500
    assert sorted(carried - cited()) == []


def test_every_requirement_has_its_paragraph() -> None:
    """The index holds each id of the catalogues in their order, with at least one paragraph."""
    assert ids() == list(read_digests()["table"])
    assert all(found.paragraphs[0] for found in where("§2.28", authority="torbay"))


def test_from_a_paragraph_to_lines_code_and_tests() -> None:
    """A paragraph of one paper leads to its ids, and each of them to the entry, class and test that carry it."""
    held = {each.id: each for each in where("§3.12", authority="torbay")}
    [moderated] = [each for each in held["TOR-88"].code if each.what == "AuditModerated"]
    assert moderated.file == "events/audits.py"
    assert (
        "TOR-88" in (Path(services.clauses.ROOT) / moderated.file).read_text("utf-8").splitlines()[moderated.line - 1]
    )
    assert ("torbay/acts.yaml", "acts.audit.moderate") in {(each.file, each.what) for each in held["TOR-5"].policy}
    assert held["TOR-88"].tests
    assert {each.authority for each in where("§3.12")} > {"torbay"}


def test_a_range_and_what_lies_beneath() -> None:
    """§6.2 is found where the catalogue says §6.1–6.4, App 1 finds App 1 §2, and `1 to 3` cites the second as well."""
    assert "TOR-10" in {each.id for each in where("6.2", authority="torbay")}
    assert "SOU-2" in {each.id for each in where("App 1", authority="southwark")}
    assert cited_in("ABC-16 to ABC-18, A-ABC-01 to 03") == {
        *("ABC-16", "ABC-17", "ABC-18"),
        *("A-ABC-01", "A-ABC-02", "A-ABC-03"),
    }


def test_a_reading_is_found_by_its_id() -> None:
    """A reading of what a paper leaves open has no paragraph; its lines and tests are told all the same."""
    [found] = where("a-tor-03")
    assert (found.authority, found.paragraphs) == ("", ())
    assert "obligations.moderation" in {each.what for each in found.policy}
    assert found.tests


def test_what_is_nowhere() -> None:
    """An unknown paragraph and an unknown council are refused by name."""
    with pytest.raises(Refused, match=r"no framework here cites §99\.9"):
        where("§99.9")
    with pytest.raises(Refused, match="there are east-sussex, halton"):
        where("§1", authority="atlantis")


def of_westmoor(folder: Path) -> Path:
    """The folder of policies of a council that has no catalogue: what each begins with, some of its paper filled in."""
    parts = parts_of("westmoor")
    (folder / "westmoor").mkdir()
    for part, text in parts.items():
        filled = text.replace("fill in: paragraph", "§3.2" if part == "registers" else "WM-4", 2)
        (folder / "westmoor" / f"{part}.yaml").write_text(filled, encoding="utf-8")
    return folder


def test_a_council_without_a_catalogue(tmp_path: Path) -> None:
    """Whoever writes a framework of their own finds each line that names a clause of it, by its id or its paragraph."""
    folder = of_westmoor(tmp_path)
    [found] = where("wm-4", folder)
    assert (found.id, found.authority) == ("WM-4", "westmoor")
    rules = {(each.file, each.what) for each in found.policy}
    assert {
        ("westmoor/obligations.yaml", "obligations.audit_return"),
        ("westmoor/alerts.yaml", "alerts.safety_concern"),
    } <= rules
    for place in found.policy:
        assert "WM-4" in (folder / place.file).read_text("utf-8").splitlines()[place.line - 1]
    [paragraph] = where("3.2", folder, "westmoor")
    assert {each.what for each in paragraph.policy} == {"registers.observation", "registers.observation.questions.went"}
    assert where("3", folder, "westmoor") == [paragraph]
    with pytest.raises(Refused, match="no framework here cites WM-5"):
        where("WM-5", folder)


def test_what_is_taken_over_from_another_entry(tmp_path: Path) -> None:
    """Entries that merge another one are found at its line, but for those with a source of their own."""
    folder = of_westmoor(tmp_path)
    text = """duties:
  - &month {name: first, title: First, source: [WM-7, WM-8], owner: qa_team, clocks: [{every: month}]}
  - {<<: *month, name: second}
  - {<<: *month, name: third, source: [WM-9]}
"""
    (folder / "westmoor" / "programme.yaml").write_text(text, encoding="utf-8")
    found = {asked: where(asked, folder) for asked in ("WM-8", "WM-9")}
    assert {asked: [(each.line, each.what) for each in clause.policy] for asked, [clause] in found.items()} == {
        "WM-8": [(2, "duties.first"), (2, "duties.second")],
        "WM-9": [(4, "duties.third")],
    }


def test_a_paragraph_of_several_councils(tmp_path: Path) -> None:
    """What a catalogue says stands beside what another council's own files cite; `--of` asks for one."""
    folder = of_westmoor(tmp_path)
    assert {"torbay", "westmoor"} <= {each.authority for each in where("§3.2", folder)}
    assert {each.authority for each in where("§3.2", folder, "torbay")} == {"torbay"}
    said = Program(Settings(policies=folder)).run("policy", "where", "WM-4").out
    assert said.startswith("WM-4: of westmoor\n  westmoor/")
    assert "tests" not in said


def test_without_the_source_tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installed program says that its tests are not there, and tells the rest."""
    monkeypatch.setattr(services.clauses, "TABLES", tmp_path / "tests")
    said = Program(Settings()).run("policy", "where", "App", "1", "end", "--of", "torbay").out
    assert "  events/audits.py:" in said
    assert "tests: not installed with the program" in said
