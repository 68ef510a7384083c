"""A framework to begin with: it is sound from the first minute, says what it lacks, and runs a story."""

import re
from pathlib import Path

import pytest

from services.import_lines import HistoryFile
from services.policy.start import ORDER, START, start_of, story_of
from services.policy_files import check, doubts, load, load_folder
from services.rehearsal import Rehearsal
from services.settings import Settings
from tests.cli.program import Program


@pytest.fixture
def northtown(tmp_path: Path) -> Path:
    """A folder with what `policy new northtown` wrote."""
    said = Program(Settings()).run("policy", "new", "northtown", "--folder", str(tmp_path))
    assert said.code == 0
    assert "policy check" in said.out
    return tmp_path


def test_every_part_of_it_is_written() -> None:
    """No part lies among those to begin with that nobody is given."""
    assert set(ORDER) == {each.stem for each in START.glob("*.yaml")}


@pytest.mark.parametrize("option", [[], ["--one-file"]])
def test_it_is_written_into_a_folder_that_is_not_there_yet(option: list[str], tmp_path: Path) -> None:
    """The folder is made; where a file is in its place, that is said."""
    folder = tmp_path / "of" / "ours"
    assert Program(Settings()).run("policy", "new", "northtown", "--folder", str(folder), *option).code == 0
    assert set(load_folder(folder)) == {"northtown"}
    (taken := tmp_path / "taken").write_text("", encoding="utf-8")
    said = Program(Settings()).run("policy", "new", "northtown", "--folder", str(taken), *option)
    assert said.mistake() == f"sightline: folder: {taken} is no folder\n"


def test_it_is_sound_and_says_what_it_lacks(northtown: Path) -> None:
    """Not a mistake; each warning is a text to be filled in, each such text is warned of, and no post is left out."""
    path = northtown / "northtown"
    policy, mistakes = check(path)
    assert mistakes == []
    assert policy is not None
    assert policy.authority == "northtown"
    said = [each.rule for each in doubts(path)]
    assert said
    assert [each for each in said if not each.startswith("still to be filled in: ")] == []
    lines = start_of("northtown").splitlines()
    assert len(said) == sum(line.count('"fill in: ') for line in lines if not line.startswith("#:"))


def test_what_it_offers_is_sound(northtown: Path) -> None:
    """With each example that it holds behind `#:` it is sound, and nothing in it is odd but what is to be filled in."""
    path, given = northtown / "offered.yaml", start_of("northtown")
    offered = re.sub(r"(?m)^(  audit\.\w+): \[\] +# (\[\w+\]), .*$", r"\1: \2", given)
    assert offered.count("[qa_team]\n") > given.count("[qa_team]\n")
    path.write_text(re.sub(r"(?m)^#:(?: |$)", "", offered), encoding="utf-8")
    policy, mistakes = check(path)
    assert mistakes == []
    assert policy is not None
    assert policy.tool.suggestion is not None
    assert policy.grade_dispute is not None
    assert [each.of for each in policy.samples if each.carries] == ["unmoderated", "moderated"]
    assert policy.obligations[0].stops_for
    assert {each.name for each in policy.actions.priorities} == {"urgent", "usual"}
    assert policy.separation.another_reauditor
    assert [str(each) for each in doubts(path) if "still to be filled in" not in str(each)] == []


def test_it_runs_its_story(northtown: Path) -> None:
    """Every command of the story is taken, and the ladders of the file tell who would be told when."""
    story = (northtown / "northtown-story.jsonl").read_bytes()
    assert story.count(b"\n") == len(list(story_of("northtown")))
    rehearsal = Rehearsal(load_folder(northtown))
    summary = rehearsal.run_files([HistoryFile("story", story.splitlines())])
    assert [*summary.rejections] == []
    told = {(row.audit, row.title, f"{row.at:%d %b}") for row in rehearsal.plan() if row.what != "due"}
    assert ("A-1", "Inadequate – say within five working days what is done", "21 Apr") in told
    assert ("A-2", "Audit still not returned", "07 May") in told
    [lifted] = [row for row in rehearsal.plan() if row.title == "A child's file is inadequate"]
    assert lifted.outcome == "fell away"


def test_it_is_one_file_where_that_is_asked_for(northtown: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its parts one after the other say the same as they do in a folder."""
    folder = tmp_path_factory.mktemp("one")
    said = Program(Settings()).run("policy", "new", "northtown", "--one-file", "--folder", str(folder))
    assert said.code == 0
    assert load(folder / "northtown.yaml") == load(northtown / "northtown")


def test_nothing_is_written_over(northtown: Path) -> None:
    """A second time is refused, and so is a name that no council can have."""
    again = Program(Settings()).run("policy", "new", "northtown", "--folder", str(northtown))
    assert "is there already" in again.mistake()
    assert "no name" in Program(Settings()).run("policy", "new", "North Town", "--folder", str(northtown)).mistake()
    assert len(list(northtown.iterdir())) == 2
