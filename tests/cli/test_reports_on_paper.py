"""`sightline report show` as a file: in every format, named or suppressed, refused in one line where it cannot be."""

import json
from pathlib import Path

import pytest

from services.settings import Settings
from tests.cli.council import Council
from tests.cli.program import Program
from tests.reports.printing import printed

REPORT = ("report", "show", "torbay")


@pytest.fixture(scope="module")
def asked(council: Council) -> tuple[str, ...]:
    """The first report of the framework, for the last period of the council's work."""
    first = council.program.ask("report", "list", "torbay")[0]
    return (*REPORT, first["name"], first["period"])


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("html", b"<!doctype html>"),
        ("xlsx", b"PK"),
        pytest.param("pdf", b"%PDF-", marks=printed),
        ("csv", b"\xef\xbb\xbf"),
    ],
)
def test_a_file_of_each_kind(
    council: Council, asked: tuple[str, ...], tmp_path: Path, form: str, begins: bytes
) -> None:
    """A file lies in the folder under the report's name, and the command says where."""
    said = council.program.run(*asked, "--format", form, "--copy", "suppressed", "--output", str(tmp_path))
    assert (said.code, said.err) == (0, "")
    (file,) = tmp_path.iterdir()
    assert file.read_bytes().startswith(begins)
    assert file.name.endswith(f"-suppressed.{form}")
    assert str(file) in said.out


def test_a_suppressed_copy(council: Council, asked: tuple[str, ...]) -> None:
    """No number from 1 to 5 is in a suppressed copy, and it says so; the named one has them, with what is behind."""
    named = council.program.ask(*asked)
    hidden = json.loads(council.program.run(*asked, "--copy", "suppressed", "--json").out)
    assert (named["copy"], hidden["copy"]) == ("named", "suppressed")
    values = [cell for section in hidden["sections"] for block in section["blocks"] for cell in cells(block)]
    assert values
    assert not any(cell["unit"] == "count" and 1 <= float(cell["value"] or 0) <= 5 for cell in values)
    assert "suppressed copy" in hidden["notes"][0]["text"]
    assert "audit/" not in json.dumps(hidden)


def cells(block: dict[str, list[dict[str, list[dict[str, str]]]]]) -> list[dict[str, str]]:
    return [cell for row in block.get("rows", []) for cell in row["cells"] if cell["type"] == "figure"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--format", "pdf"), "output: pdf is not for a terminal"),
        (("--output", "."), "output: text is printed"),
        (("--format", "html", "--output", "/no/such/place/report.html"), "output: /no/such/place is not a folder"),
    ],
)
def test_where_it_cannot_be_put(council: Council, asked: tuple[str, ...], options: tuple[str, ...], told: str) -> None:
    """A place that does not go with the format is refused in one line, and ends with 2."""
    said = council.program.run(*asked, *options)
    assert said.code == 2
    assert told in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_the_list_is_read_from_the_policy_alone(tmp_path: Path) -> None:
    """Which reports there are needs no server and leaves no trace; of an unknown council it is told in one line."""
    program = Program(Settings(data=tmp_path / "data"))
    assert "audit_highlight" in [each["name"] for each in program.ask("report", "list", "torbay")]
    assert "Audit Highlight Report" in program.run("report", "list", "torbay", COLUMNS="250").out
    assert not (tmp_path / "data").exists()
    assert "no policy here for nowhere" in program.run("report", "list", "nowhere").mistake()
