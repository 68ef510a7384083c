"""Case lists as a user takes them in: one command, what could not be used with its place, and nothing by halves."""

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from events.cases import CasesListed
from services.case_lists import listed
from services.cases.workbook import OLE
from tests.cli.council import STAFFED, Council, no_policy, staffed
from tests.cli.program import Said
from tests.services.cases.books import HEADINGS, SAMPLE, write_book
from tests.stores import eventually

Recording = Callable[[], Council]
DAY = "2026-03-31"
NUMBERS = ("91000007", "91000008", "91000009")
NEED: list[Any] = [
    HEADINGS["need"],
    [int(NUMBERS[0]), "a) Male", date(2015, 5, 5), date(2025, 2, 1), None, "Some\xa0Team", "Some Body"],
    [NUMBERS[1], "b) Female", "05/05/2012", "1 Feb 2025", None, "#N/A", "Some Body"],
    [None, "b) Female"],
]
PLANS: list[Any] = [HEADINGS["plans"], [NUMBERS[2], "b) Female", None, "2025-12-01", None, "T-4", "P-7"]]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "book.xlsx", {"List 6": NEED, "List 7": PLANS})


def take(council: Council, file: Path, *more: str, as_of: str = DAY) -> Said:
    return council.program.run("cases", "import", str(file), "--authority", council.authority, "--as-of", as_of, *more)


def test_a_workbook_is_taken_in(recording: Recording, book: Path) -> None:
    """A workbook gives a closed list; what could not be used is listed by sheet, row and column with the reason."""
    council = staffed(recording())
    said = take(council, book)
    assert said.code == 1, said
    assert "3 cases taken from 4 rows, 1 rows left out" in said.flat
    assert "1 team stands under a keyed name" in said.flat
    assert "no sheet for contacts, early help, referrals" in said.flat
    assert "List 6 3 F (Allocated Team) #N/A: the formula found nothing the cell" in said.flat
    assert "List 6 4 A (Child Unique ID) no child number" in said.flat
    again = take(council, book)
    assert "3 cases done before" in again.flat
    assert council.length == STAFFED + 3


def test_what_was_taken_is_shown(recording: Recording, book: Path) -> None:
    """The lists are shown with their cases by list, service and team; numbers only if they are asked for."""
    council = staffed(recording())
    reference = take(council, book, "--json").json["reference"]
    council.know("case-lists")
    shown = council.program.run("cases", "show", council.authority)
    assert f"{reference} 31 Mar 2026 annex_a 3 1 yes" in shown.flat
    assert "children in need 2 child protection plans 1" in shown.flat
    assert "T-4 1" in shown.flat
    assert not any(number in shown.out for number in NUMBERS)
    (row,) = council.program.ask("cases", "show", council.authority)
    assert (row["list"], row["cases"], row["complete"]) == (reference, 3, True)
    assert row["by_list"] == {"children in need": 2, "child protection plans": 1}
    with_numbers = council.program.ask("cases", "show", council.authority, "--numbers")
    assert {each["number"] for each in with_numbers} == set(NUMBERS)
    named = council.program.run("cases", "show", council.authority, "--list", reference, "--numbers")
    assert all(number in named.out for number in NUMBERS)
    assert council.program.run("cases", "show", council.authority, "--list", "L-9").mistake() == (
        "sightline: case list L-9: there is none in this authority\n"
    )


def test_the_stream_names_nobody(recording: Recording, book: Path) -> None:
    """Events hold no number, no name and no date of birth; the number opens with the child's key alone."""
    council = staffed(recording())
    reference = take(council, book, "--json").json["reference"]
    history = council.system.history(council.authority).load(f"cases/{reference}")
    stored = "".join(each.fact.model_dump_json() + str(each.envelope) for each in history)
    assert not any(word in stored for word in (*NUMBERS, "Some", "Body", "2015-05-05"))
    assert {case.team for case in listed(history)} == {None, "T-4", *(each for each in _teams(stored))}
    assert (history[0].envelope.actor, history[0].envelope.role) == ("P-QA", "qa_team")


def _teams(stored: str) -> list[str]:
    (team,) = {part.split('"')[0] for part in stored.split('"team":"') if part.startswith("team-")}
    return [team]


def test_references_and_the_whole_report(recording: Recording, book: Path, tmp_path: Path) -> None:
    """Teams and workers are tied to references by a file; all that could not be used goes to another."""
    council = staffed(recording())
    refs, report = tmp_path / "refs.csv", tmp_path / "report.csv"
    refs.write_text("text,ref\nsome team,T-1\nSome Body,P-1\n", encoding="utf-8")
    said = take(council, book, "--refs", str(refs), "--report", str(report), "--actor", "P-QA", "--json")
    assert said.code == 1
    assert (said.json["keyed"], said.json["taken"], said.json["events"]) == ({}, 3, 3)
    with report.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    places = [(row["sheet"], row["row"], row["lost"]) for row in rows]
    assert places == [("List 6", "3", "cell"), ("List 6", "4", "row"), ("Notes", "", "sheet")]
    assert [row["row"] for row in said.json["not_used"]] == [3, 4, None]
    history = council.system.history(council.authority).load(f"cases/{said.json['reference']}")
    assert {(case.team, case.worker) for case in listed(history)} == {("T-1", "P-1"), (None, "P-1"), ("T-4", "P-7")}
    assert history[0].envelope.actor == "P-QA"


def test_a_plain_list_without_a_flaw(recording: Recording, tmp_path: Path) -> None:
    """A plain list of which every row is used ends with exit code 0."""
    council = staffed(recording())
    file = tmp_path / "list.csv"
    file.write_text("Child number,Team,Service,Open since,Age\n7,T-1,sars,01/02/2026,9\n8,T-2,SARS,,\n", "utf-8")
    said = take(council, file)
    assert said.code == 0, said
    assert "2 cases taken from 2 rows, 0 rows left out" in said.flat
    council.know("case-lists")
    (row,) = council.program.ask("cases", "show", council.authority)
    assert (row["kind"], row["by_service"], row["by_list"]) == ("csv", {"SARS": 2}, {"(none)": 2})


def test_dates_the_other_way_round(recording: Recording, tmp_path: Path) -> None:
    """A column is read one way as a whole, and which way is said where nobody can see it; one with both is refused."""
    council = staffed(recording())
    file = tmp_path / "list.csv"
    file.write_text("Child number,Open since,Closed\n7,03/04/2025,\n8,04/25/2025,01/02/2025\n", "utf-8")
    said = take(council, file, "--json")
    assert said.code == 0, said
    assert [(each["column"], each["row"], each["lost"]) for each in said.json["not_used"]] == [
        ("B (Open since)", None, "nothing"),
        ("C (Closed)", None, "nothing"),
    ]
    history = council.system.history(council.authority).load(f"cases/{said.json['reference']}")
    assert {case.open_since for case in listed(history)} == {date(2025, 3, 4), None}
    length = council.length
    file.write_text("Child number,Open since\n7,25/04/2025\n8,04/25/2025\n", "utf-8")
    line = take(council, file).mistake()
    assert "file: csv, column B (Open since): row 2 puts the day first and row 3 the month" in line
    assert council.length == length


def test_nothing_of_a_file_reaches_a_screen_raw(recording: Recording, tmp_path: Path) -> None:
    """Sheets, headings and cells that a terminal or a spreadsheet would obey: left out with their place, or shown."""
    council = staffed(recording())
    overriding, clearing = "\u202e", "\x9b"
    headings = [f"{HEADINGS['need'][0]}{overriding}", *HEADINGS["need"][1:-2], f"Allocated Team{clearing}", "Worker"]
    rows = [[f"{NUMBERS[0]}{overriding}"], [NUMBERS[1], None, None, "2025-02-01", None, f"T{clearing}", "P-1"]]
    file = write_book(tmp_path / "book.xlsx", {f"=List 6{overriding}": [headings, *rows]})
    report = tmp_path / "report.csv"
    printed = [take(council, file, "--report", str(report)), take(council, file, "--json", as_of="2026-04-01")]
    for said in printed:
        assert said.code == 1
        assert "control character U+202E" in said.flat
        assert "control character U+009B" in said.flat
        assert not any(each in said.out + said.err for each in (overriding, clearing))
    assert [each["row"] for each in printed[1].json["not_used"] if each["lost"] != "sheet"] == [2, 3]
    written = report.read_text("utf-8")
    assert not any(each in written for each in (overriding, clearing))
    with report.open(encoding="utf-8", newline="") as opened:
        assert {row["sheet"] for row in csv.DictReader(opened)} == {"'=List 6\N{REPLACEMENT CHARACTER}", "Notes"}


def test_mistakes(recording: Recording, book: Path, tmp_path: Path) -> None:
    """A mistake is one line, and nothing is written."""
    council = staffed(recording())
    locked = tmp_path / "locked.xlsx"
    locked.write_bytes(OLE + b"\0" * 600)
    assert "is a workbook with a password" in take(council, locked).mistake()
    assert "No such file" in take(council, tmp_path / "none.xlsx").mistake()
    assert "is not a valid date; write YYYY-MM-DD" in take(council, book, as_of="31/03/2026").mistake()
    assert "as_of: 2199-01-01 lies after the act" in take(council, book, as_of="2199-01-01").mistake()
    assert "team_manager may not cases.import" in take(council, book, "--role", "team_manager").mistake()
    assert "actor: 'some body' is not a valid reference" in take(council, book, "--actor", "some body").mistake()
    assert "cannot be written" in take(council, book, "--report", str(tmp_path / "no" / "x.csv")).mistake()
    assert "refs: " in take(council, book, "--refs", str(tmp_path / "none.csv")).mistake()
    unknown = council.program.run("cases", "import", str(book), "--authority", "leeds", "--as-of", DAY)
    assert unknown.mistake() == no_policy("leeds", council)
    council.know("case-lists")
    assert council.program.run("cases", "show", council.authority, "--numbers").mistake().startswith("sightline: case")
    assert council.length == STAFFED


def test_interrupted_and_finished(recording: Recording, tmp_path: Path) -> None:
    """Ctrl-C in the middle leaves a list that nobody can use; the same command again finishes it."""
    council = staffed(recording())
    file = tmp_path / "list.csv"
    many = 6_000
    rows = "".join(f"{number},T-{number % 7}\n" for number in range(1, many + 1))
    file.write_text(f"Child number,Team\n{rows}", "utf-8")
    arguments = ["cases", "import", str(file), "--authority", council.authority, "--as-of", DAY]
    program = subprocess.Popen(
        [sys.executable, "-m", "workers.cli", *arguments],
        env={**os.environ, **council.program.variables, "SIGHTLINE_ACTOR": "P-QA"},
        stderr=subprocess.PIPE,
    )
    eventually(lambda: council.length >= STAFFED + 3, within=60)
    program.send_signal(signal.SIGINT)
    _, complaint = program.communicate(timeout=60)
    assert program.returncode == 130, complaint
    assert b"interrupted; no case of" in complaint
    council.know("case-lists")
    (half,) = council.program.ask("cases", "show", council.authority)
    assert (half["complete"], 0 < half["cases"] < many) == (False, True)
    said = take(council, file, "--json")
    assert (said.code, said.json["taken"]) == (0, many)
    council.know("case-lists")
    (whole,) = council.program.ask("cases", "show", council.authority)
    assert (whole["list"], whole["complete"], whole["cases"]) == (half["list"], True, many)
    history = council.system.history(council.authority).load(f"cases/{whole['list']}")
    assert (
        len({case.child for each in history if isinstance(each.fact, CasesListed) for case in each.fact.cases}) == many
    )


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample workbook does not lie here")
def test_the_sample(recording: Recording) -> None:
    """The sample workbook is taken in by the command, as any council's."""
    council = staffed(recording())
    said = take(council, SAMPLE, as_of="2021-03-16")
    assert said.code == 1
    assert "43 cases taken from 54 rows, 10 rows left out" in said.flat
    assert "two children under one number" in said.flat
    council.know("case-lists")
    (row,) = council.program.ask("cases", "show", council.authority)
    assert (row["cases"], row["left_out"]) == (43, 10)
