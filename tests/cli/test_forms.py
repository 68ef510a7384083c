"""The form of a framework, and what was answered on it, one by one and counted."""

from pathlib import Path

import pytest

from services.settings import Settings
from tests.cli.council import BRACKETS, Council
from tests.cli.program import Program


@pytest.mark.covers("TOR-51", "TOR-56", "TOR-61")
def test_the_form_with_what_stands_beside_it(council: Council) -> None:
    """Documents to start from, what each grade means and the statement of good for the strand stand on the form."""
    said = council.program.run("show", "form", "torbay", "--strand", "Help and protection")
    assert (said.code, said.err) == (0, "")
    for words in ("latest referral", "When a record meets good", "Statement of good: help and protection (App 4)"):
        assert words in said.flat
    assert "Statement of good: cared for children" not in said.flat


@pytest.mark.covers("HAL-32", "HAL-34")
def test_the_standards_of_each_section(council: Council) -> None:
    """Each section shows its standard at three grades, and none at the best."""
    said = council.program.run("show", "form", "halton")
    assert said.out.count("· Good: ") == said.out.count("· Inadequate: ") == len(("R", "B", "A", "P", "R", "M"))
    assert "· Outstanding: " not in said.out
    assert "scheme of delegation" in said.flat


@pytest.mark.covers("SOU-30", "SOU-113", "SWI-31", "SWI-34", "SWI-35")
@pytest.mark.parametrize(
    ("authority", "strand", "lines"),
    [
        ("southwark", "Care leavers", ("What is looked for in the work with care leavers", "up to 25")),
        ("southwark", "Help and protection", ("25 hours a week of alternative provision",)),
        ("southwark", "Looked after and permanence", ("25 hours a week of alternative provision",)),
        ("southwark", "Adoption", ("What is looked for in adoption (inspection descriptors, App 1)",)),
        ("swindon", "Early help", ("Pillars of practice", "small gaps of recording alone do not lower it", "delay")),
    ],
)
def test_what_grading_is_held_against(tmp_path: Path, authority: str, strand: str, lines: tuple[str, ...]) -> None:
    """Descriptors, pillars and the guidance on what lowers a grade stand on the form for the file's strand."""
    said = Program(Settings(data=tmp_path)).run("show", "form", authority, "--strand", strand)
    assert (said.code, said.err) == (0, "")
    for words in lines:
        assert words in said.flat


def test_answers_are_told_and_counted(council: Council) -> None:
    """Answers can be asked for by audit, and counted over a span of days."""
    [risk, theme] = council.program.ask("show", "answers", "torbay", "--audit", "T-LOWEST")
    assert (risk["question"], risk["plain"], risk["role"]) == ("risks", ["neglect"], "auditor")
    assert (theme["plain"], theme["asked_at"]) == (["drift in plans"], "return")
    march = ("--since", "2026-03-01", "--until", "2026-03-31")
    tallied = council.program.ask("show", "tally", "torbay", "--question", "themes", *march)
    assert tallied == [{"question": "themes", "answer": "drift in plans", "times": 1, "among": 1}]
    assert council.program.ask("show", "tally", "torbay", "--since", "2026-04-01") == []


def test_texts_of_answers_are_opened(council: Council) -> None:
    """A text that was answered is sealed in the stream and opened for who may read it, brackets and all."""
    [row] = council.program.ask("show", "answers", "halton", "--audit", "H-CLOSED")
    assert (row["question"], row["text"]) == ("impact_since", BRACKETS)
    assert BRACKETS in council.program.run("show", "answers", "halton", "--audit", "H-CLOSED").flat


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("answers", "torbay", "--question", "nosuch"), "question: there is no nosuch; known: "),
        (("answers", "torbay", "--question", "nosuch", "--audit", "T-LOWEST"), "question: there is no nosuch; known: "),
        (("tally", "torbay", "--question", "nosuch"), "question: there is no nosuch; known: "),
        (("entries", "torbay", "--kind", "nosuch"), "kind: there is no nosuch; known: "),
        (("overdue", "torbay", "--team", "T-NONE"), "team T-NONE: there is none in this authority"),
    ],
)
def test_what_there_is_not_is_no_empty_list(
    council: Council, asked: tuple[str, ...], words: str, form: tuple[str, ...]
) -> None:
    """Who asks by a name that the framework has not is told the names that it has, as a table and as JSON."""
    assert words in council.program.run("show", *asked, *form).mistake()


def test_a_question_that_nobody_answered_yet(council: Council) -> None:
    """A question of the framework without an answer has an empty list: it is there."""
    assert council.program.ask("show", "answers", "halton", "--question", "impact_since", "--until", "2020-01-01") == []


@pytest.mark.parametrize(
    ("option", "name"), [("--type", "full"), ("--strand", "Help and protection")], ids=["type", "strand"]
)
def test_a_form_that_there_is_not(tmp_path: Path, option: str, name: str) -> None:
    """A type or a strand that the framework does not know has no form, and those that it knows are named."""
    program = Program(Settings(data=tmp_path))
    told = program.run("show", "form", "torbay", option, "nosuch").mistake()
    assert "there is no nosuch; known: " in told
    assert name in told
