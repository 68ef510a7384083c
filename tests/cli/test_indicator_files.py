"""Indicators by the program: figures from a file, neighbours, and the months with their direction of travel."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.council import Council, staffed
from tests.lives import people
from tests.services.indicators.test_outcomes import HEADER, ROWS
from tests.stores import PATIENCE
from workers.health.whole import wait_until_settled

Recording = Callable[[], Council]
BY = ("--actor", "P-QA", "--role", "qa_team")
VALUES = """indicator,month,level,ref,part,value,numerator,denominator,source,remarks
seen_alone,2026-04,,,,80%,,,monthly return,
seen_alone,05/2026,,,,,170,200,,
visits_on_time,2026-05,,,,90,,,,
visits_on_time,2026-05,team,T-1,,95,,,,
taking_part,2026-05,,,cared-for review,70,,,,
assessments_on_time,2026-05,,,,#N/A,,,,
assessments_on_time,2026-05,team,T-9,,80,,,,
happiness,2026-05,,,,80,,,,
"""
COMPARED = """indicator,comparator,year,value
seen_alone,England,2025,82.5
seen_alone,good or outstanding authorities,2025,91
"""


def written(folder: Path, text: str) -> str:
    path = folder / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_figures_and_months(council: Council, tmp_path: Path) -> None:
    """From two files to the answer: value, previous, direction, comparators; what is missing is said to be missing."""
    for text in (VALUES, COMPARED):
        said = council.program.run("indicators", "import", written(tmp_path, text), "--authority", "torbay", *BY)
        assert said.err == ""
    wait_until_settled(council.system, within=PATIENCE)
    asked = ("show", "indicators", "torbay", "--month", "2026-05")
    rows = {(row["indicator"], row["part"]): row for row in council.program.ask(*asked)}
    alone = rows["seen_alone", None]
    assert (alone["value"], alone["previous"], alone["previous_month"]) == ("85", "80", "2026-04")
    assert alone["direction"] == "better"
    told = [(each["comparator"], each["difference"], each["standing"]) for each in alone["comparators"]]
    assert told == [
        ("england", "2.5", "better"),
        ("region", None, None),
        ("statistical neighbours", None, None),
        ("good or outstanding authorities", "-6", "worse"),
    ]
    assert rows["taking_part", "child protection conference"]["value"] is None
    assert rows["assessments_on_time", None]["value"] is None
    table = council.program.run(*asked, COLUMNS="300").out
    assert "85% (170 of 200)" in table
    assert "80% (2026-04)" in table
    assert "better (up)" in table
    assert "England 82.5% (2025-04 to 2026-03): 2.5 better" in table
    assert "missing: region, statistical neighbours" in table


@pytest.mark.covers("SWI-125", "TOR-159")
def test_by_team(council: Council, tmp_path: Path) -> None:
    """A row for each team, of the team's own figures alone; another place is asked for by its name."""
    council.program.run("indicators", "import", written(tmp_path, VALUES), "--authority", "torbay", *BY)
    wait_until_settled(council.system, within=PATIENCE)
    asked = ("show", "indicators", "torbay", "--month", "2026-05", "--indicator", "visits_on_time")
    rows = council.program.ask(*asked, "--by", "team")
    assert {row["ref"]: row["value"] for row in rows}.items() >= {"T-1": "95", "T-2": None}.items()
    (row,) = council.program.ask(*asked, "--team", "T-1")
    assert (row["level"], row["value"]) == ("team", "95")
    assert council.program.run(*asked, "--team", "T-9").mistake().startswith("sightline: team T-9")
    assert "name one of --by" in council.program.run(*asked, "--team", "T-1", "--by", "team").mistake()


@pytest.mark.covers("TOR-45", "A-TOR-08")
def test_counted_from_the_councils_audits(council: Council) -> None:
    """Torbay's general indicators come from the graded fields of the audits returned in the month."""
    asked = ("show", "indicators", "torbay", "--indicator", "audited_plans", "--months", "2", "--month", "2026-02")
    rows = {row["month"]: row for row in council.program.ask(*asked)}
    assert rows["2026-01"]["counted"]
    assert rows["2026-01"]["denominator"] == "1"
    assert rows["2026-02"]["value"] is None
    assert "from the audits" in council.program.run(*asked, COLUMNS="250").out


def test_slips_of_the_question(council: Council) -> None:
    """A month that is none, and an indicator that there is not, are mistakes: nothing may look as if all were well."""
    asked = ("show", "indicators", "torbay")
    assert "month: '2026-13' is not a valid month" in council.program.run(*asked, "--month", "2026-13").mistake()
    assert "indicator happiness" in council.program.run(*asked, "--indicator", "happiness").mistake()
    assert council.program.run(*asked, "--person", "P-NOBODY").mistake().startswith("sightline: person P-NOBODY")


def test_what_could_not_be_used(recording: Recording, tmp_path: Path) -> None:
    """Each cell that was not used is told by row and column with the reason, the rest is recorded, and exit code 1."""
    council = staffed(recording())
    council.imports(people("torbay"))
    arguments = ("indicators", "import", written(tmp_path, VALUES), "--authority", council.authority, *BY)
    said = council.program.run(*arguments, "--json")
    assert said.code == 1
    assert said.json["recorded"] == 5
    told = [(each["row"], each["column"], each["reason"][:30]) for each in said.json["not_used"]]
    assert told == [
        (1, "remarks", "is not a column of figures and"),
        (7, "value", "#N/A is not a valid number"),
        (8, "ref", "T-9 is not a team of the direc"),
        (9, "indicator", "unknown indicator happiness; k"),
    ]
    length = council.length
    again = council.program.run(*arguments)
    assert "0 figures recorded, 5 known before, 4 not used" in again.flat
    assert council.length == length


def test_a_corrected_file(recording: Recording, tmp_path: Path) -> None:
    """A file with one figure corrected records that one; the first file again, after it, brings nothing back."""
    council = staffed(recording())
    head = "indicator,month,value\nseen_alone,2026-04,80\n"
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(f"{head}seen_alone,2026-05,70\n", encoding="utf-8")
    second.write_text(f"{head}seen_alone,2026-05,75\n", encoding="utf-8")
    counts = [
        council.program.ask("indicators", "import", str(file), "--authority", council.authority, *BY)["recorded"]
        for file in (first, second, first)
    ]
    assert counts == [2, 1, 0]


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"--authority": "atlantis"}, "authority: no policy here for atlantis"),
        ({"--actor": "P 1"}, "actor: 'P 1' is not a valid reference"),
        ({"file": "nowhere.csv"}, "file: nowhere.csv cannot be read"),
    ],
)
def test_mistakes_of_the_whole(recording: Recording, tmp_path: Path, change: dict[str, str], mistake: str) -> None:
    """A mistake of the command as a whole is one line, and nothing is recorded."""
    council = staffed(recording())
    before = council.length
    said = {"file": written(tmp_path, VALUES), "--authority": council.authority, "--actor": "P-QA", "--role": "qa_team"}
    file, *options = (said | change).items()
    arguments = [word for option in options for word in option]
    assert mistake in council.program.run("indicators", "import", file[1], *arguments).mistake()
    assert council.length == before


def test_a_workbook_is_no_csv(recording: Recording, tmp_path: Path) -> None:
    """A file of another kind is refused as a whole, by what it lacks."""
    council = staffed(recording())
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)
    said = council.program.run("indicators", "import", str(file), "--authority", council.authority, *BY)
    assert said.mistake().startswith("sightline: file: row 1")


def test_neighbours(recording: Recording, tmp_path: Path) -> None:
    """Neighbours are shown without a server's help, with each judgement and the shares of region and England."""
    council = staffed(recording())
    file = written(tmp_path, "\n".join((HEADER, *ROWS)))
    arguments = ("indicators", "neighbours", file, "--authority", council.authority, "--code", "101")
    found = council.program.run(*arguments, "--json").json
    assert [each["la_code"] for each in found["neighbours"]] == ["102", "103"]
    assert found["not_used"] == []
    table = council.program.run(*arguments).flat
    assert "midland & marsh" in table
    assert "50.0% (1)" in table
    assert "give its code" in council.program.run(*arguments[:-2]).mistake()
    bad = written(tmp_path, "\n".join((HEADER, *ROWS, "5,105,NN,x,,splendid,good,,,")))
    said = council.program.run("indicators", "neighbours", bad, "--authority", council.authority, "--code", "101")
    assert said.code == 1
    assert "splendid is not a valid judgement" in said.flat
