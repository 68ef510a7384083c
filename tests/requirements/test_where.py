"""From a sentence of a framework to what carries it: every carried requirement is cited in the product itself."""

from pathlib import Path

import pytest

import services.clauses
from events.errors import NotFound, Refused
from services.clauses import cited, cited_in, ids, where
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
    with pytest.raises(NotFound, match=r"§99\.9"):
        where("§99.9")
    with pytest.raises(Refused, match="there are east-sussex, halton"):
        where("§1", authority="atlantis")


def test_without_the_source_tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installed program says that its tests are not there, and tells the rest."""
    monkeypatch.setattr(services.clauses, "TABLES", tmp_path / "tests")
    said = Program(Settings()).run("policy", "where", "App", "1", "end", "--of", "torbay").out
    assert "  events/audits.py:" in said
    assert "tests: not installed with the program" in said
