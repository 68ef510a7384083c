"""`sightline story`: an audit, an action and a child, with the texts that the reader may open and no other."""

from pathlib import Path

from tests.cli.council import BRACKETS, Council


def test_an_audit_as_a_page_and_as_json(council: Council) -> None:
    """The screen tells each thing of the JSON, with both times, the texts, and how the loop stands."""
    told = council.program.ask("story", "audit", "torbay", "T-CLOSED")
    shown = council.program.run("story", "audit", "torbay", "T-CLOSED")
    assert (shown.code, shown.err) == (0, "")
    for beat in told["beats"]:
        assert " ".join(beat["sentence"].split()) in shown.flat
    assert "rationale: the evidence carries more" in shown.flat
    assert BRACKETS in shown.flat
    assert ", from an import" in shown.flat
    assert told["ending"] in shown.flat
    assert "sealed:" not in shown.out


def test_who_may_not_open_texts_reads_the_story_without_them(council: Council) -> None:
    """A practitioner of another audit is told what happened, and no text."""
    told = council.program.ask("story", "audit", "torbay", "T-LATE", SIGHTLINE_ACTOR="P-NOBODY")
    assert told["beats"]
    said = council.program.run("story", "audit", "torbay", "T-CLOSED", SIGHTLINE_ACTOR="P-NOBODY")
    assert "the evidence carries more" not in said.out
    assert "[closed]" in said.flat


def test_reading_a_story_is_on_record(council: Council) -> None:
    """Whose texts were opened stands in the list of readings."""
    council.program.ask("story", "audit", "torbay", "T-CLOSED")
    rows = council.program.ask("show", "reads", "torbay")
    assert any("T-CLOSED" in str(row) and "P-QA" in str(row) for row in rows)


def test_an_action_and_a_child(council: Council) -> None:
    """Both are told by their own reference."""
    action = council.program.ask("story", "action", "torbay", "T-CLOSED-1")
    assert "Action T-CLOSED-1 was completed." in [each["sentence"] for each in action["beats"]]
    child = council.program.ask("story", "child", "torbay", "C-T-CLOSED")
    assert "audit/T-CLOSED" in child["about"]


def test_a_story_as_a_page(council: Council, tmp_path: Path) -> None:
    """One file that is its owner's alone, in which nothing that somebody wrote is taken for markup."""
    file = tmp_path / "story.html"
    said = council.program.run("story", "audit", "torbay", "T-CLOSED", "--html", str(file))
    assert (said.code, said.err) == (0, "")
    text = file.read_text(encoding="utf-8")
    assert "the evidence carries more" in text
    assert "How the loop stands" in text
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["story.html"]
    nowhere = council.program.run("story", "audit", "torbay", "T-CLOSED", "--html", str(tmp_path / "none" / "x.html"))
    assert "cannot be written" in nowhere.mistake()


def test_a_story_as_at_a_day_in_the_past(council: Council) -> None:
    """What happened later is not in it."""
    told = council.program.ask("story", "audit", "torbay", "T-CLOSED", "--as-at", "2026-01-17")
    assert not any("closed" in each["sentence"] for each in told["beats"])
    assert any("returned the audit" in each["sentence"] for each in told["beats"])


def test_what_there_is_not(council: Council) -> None:
    """One line, and nothing on the screen."""
    assert "audit T-NONE" in council.program.run("story", "audit", "torbay", "T-NONE").mistake()
    assert "torbai" in council.program.run("story", "audit", "torbai", "T-1").mistake()
    assert "reference" in council.program.run("story", "child", "torbay", "Jo Smith").mistake()
