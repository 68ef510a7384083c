"""`sightline pack`: made of a running council, refused in one line where it cannot be, verified without a server."""

import json
from pathlib import Path

import pytest

from tests.cli.council import NOW, Council

WINDOW = ("--from", "2026-01-01", "--to", "2026-06-15")


def test_a_pack_of_a_running_council(council: Council, tmp_path: Path) -> None:
    """Folder and zip lie there, the texts are in it, that they were read is on record, and a check finds it whole."""
    said = council.program.run("pack", "torbay", *WINDOW, "--output", str(tmp_path))
    assert (said.code, said.err) == (0, "")
    folder = tmp_path / "torbay-2026-01-01-2026-06-15-named"
    assert str(folder) in said.flat.replace(" ", "") or str(folder) in said.out
    page = (folder / "03-each-audit" / "T-CLOSED.html").read_text(encoding="utf-8")
    assert "the evidence carries more" in page
    assert "sealed:" not in "".join(each.read_text(encoding="utf-8") for each in folder.rglob("*.*"))
    assert any("T-CLOSED" in str(row) for row in council.program.ask("show", "reads", "torbay"))
    for where in (folder, folder.parent / f"{folder.name}.zip"):
        checked = council.program.run("pack", "verify", str(where))
        assert (checked.code, "all as the manifest says" in checked.flat) == (0, True)
    (folder / "index.html").write_text("other", encoding="utf-8")
    changed = council.program.run("pack", "verify", str(folder))
    assert changed.code == 1
    assert "index.html was changed" in changed.flat


def test_the_same_bytes_although_it_was_read_meanwhile(council: Council, tmp_path: Path) -> None:
    """Reading is on record, and changes nothing of what is read."""
    made = [
        council.program.ask("pack", "torbay", *WINDOW, "--output", str(tmp_path / each)) for each in ("one", "other")
    ]
    assert Path(made[0]["zip"]).read_bytes() == Path(made[1]["zip"]).read_bytes()


def test_as_many_files_as_are_checked(council: Council, tmp_path: Path) -> None:
    """Who makes a pack is told of as many files as who checks it."""
    made = council.program.ask("pack", "torbay", *WINDOW, "--output", str(tmp_path))
    checked = council.program.ask("pack", "verify", made["zip"])
    assert (checked["files"], checked["manifest"]) == (made["files"], made["manifest"])


def test_children_by_case_number(council: Council, tmp_path: Path) -> None:
    """A case number leads to its child, and stands in no file of the pack."""
    file = tmp_path / "chosen.csv"
    file.write_text("4711\n99000000000011\n", encoding="utf-8")
    made = council.program.ask(
        "pack", "torbay", *WINDOW, "--children", str(file), "--output", str(tmp_path), "--by", "2026-07-01"
    )
    folder = Path(made["folder"])
    to_be_made = (folder / "11-chosen-children" / "to-be-made.csv").read_text(encoding="utf-8-sig")
    assert "not known here" in to_be_made
    assert "1 Jul 2026" in to_be_made
    assert not any("99000000000011" in each.read_text(encoding="utf-8") for each in folder.rglob("*.*"))


def test_a_named_pack_is_for_whom_the_policy_lets(council: Council, tmp_path: Path) -> None:
    """Who may not read named copies makes none at all: two suppressed ones of two windows tell what lies between."""
    nobody = {"SIGHTLINE_ACTOR": "P-NOBODY"}
    for copy in ("named", "suppressed"):
        asked = ("pack", "torbay", *WINDOW, "--copy", copy, "--output", str(tmp_path / "out"))
        assert "may not read a named copy" in council.program.run(*asked, **nobody).mistake()
        assert not (tmp_path / "out").exists()
    made = council.program.ask("pack", "torbay", *WINDOW, "--copy", "suppressed", "--output", str(tmp_path))
    assert "T-CLOSED" not in (Path(made["folder"]) / "01-audits" / "audits.html").read_text(encoding="utf-8")


def test_as_at_a_day_in_the_past(council: Council, tmp_path: Path) -> None:
    """What happened later is not in it: the audit that was closed in February was on its way in January."""
    made = council.program.ask("pack", "torbay", *WINDOW, "--as-at", "2026-01-17", "--output", str(tmp_path))
    rows = (Path(made["folder"]) / "01-audits" / "audits.csv").read_text(encoding="utf-8-sig")
    assert "T-CLOSED" in rows
    assert "T-LOWEST" not in rows
    told = json.loads((Path(made["folder"]) / "manifest.json").read_text(encoding="utf-8"))
    assert told["as_at"]["happened_by"] == "2026-01-17"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("torbay", "--from", "2026-05-01", "--to", "2026-04-01"), "2026-05-01 is after 2026-04-01"),
        (("torbay", "--from", "2027-01-01", "--to", "2027-04-01"), "lies ahead"),
        (("torbay", "--from", "x"), "valid date"),
        (("nowhere",), "no policy here for nowhere"),
        (("torbay", *WINDOW, "--children", "/none.csv"), "cannot be read"),
        (("torbay", *WINDOW, "--as-at", "2030-01-01"), "has not come yet"),
    ],
)
def test_what_cannot_be_made_is_one_line(
    arguments: tuple[str, ...], said: str, council: Council, tmp_path: Path
) -> None:
    """And nothing is written."""
    out = tmp_path / "out"
    assert said in council.program.run("pack", *arguments, "--output", str(out)).mistake()
    assert not out.exists() or list(out.iterdir()) == []


def test_by_default_the_last_six_months(council: Council, tmp_path: Path) -> None:
    """As inspectors ask for it."""
    made = council.program.ask("pack", "torbay", "--output", str(tmp_path))
    assert Path(made["folder"]).name == f"torbay-2025-12-15-{NOW.date()}-named"
