"""Rules are adopted, and files propose: a file of one council that breaks a rule stops neither it nor another."""

from pathlib import Path

from services.settings import Settings
from tests.cli.program import Program, write_lines
from tests.edited import edited
from tests.lives import people
from tests.stores import PATIENCE
from tests.systems import running
from workers.health.whole import wait_until_settled
from workers.system import System


def write(folder: Path, authority: str, *edits: tuple[str, str]) -> Path:
    file = folder / f"{authority}.yaml"
    file.write_text(edited(authority, *edits), encoding="utf-8")
    return file


def placed(program: Program, authority: str, unit: str) -> int:
    return program.run("unit", "place", authority, unit, "--kind", "team", "--parent", "S-1").code


def policies_in_health(program: Program) -> dict[str, str]:
    rows = program.run("health", "--json").json
    return {row["authority"]: row["state"] for row in rows if row["worker"] == "policy"}


def test_a_bad_file_stops_nobody(tmp_path: Path) -> None:
    """From the first start on: the others begin, the council of the bad file once it is mended; then it goes on."""
    folder = tmp_path / "policies"
    folder.mkdir()
    nobody = ("fallback: qa_team", "fallback: nobody")
    write(folder, "halton")
    bad = write(folder, "torbay", nobody)
    settings = Settings(data=tmp_path / "data", policies=folder, api_port=0, log_level="error")
    program = Program(settings, PATIENCE)
    lives = {each: write_lines(tmp_path / f"{each}.jsonl", people(each)) for each in ("torbay", "halton")}
    with running(settings):
        assert program.run("import", lives["halton"]).code == 0
        assert placed(program, "halton", "T-90") == 0
        assert program.run("show", "register", "halton").code == 0
        told = program.run("show", "register", "torbay").mistake()
        assert f"{bad}:" in told
        assert "unknown role nobody" in told
        assert program.run("policy", "adopt", str(bad), "--yes").code == 2
        assert policies_in_health(program) == {"torbay": "not begun"}
        assert program.run("health").code == 1
    write(folder, "torbay")
    with running(settings):
        assert program.run("import", lives["torbay"]).code == 0
        assert policies_in_health(program) == {}
        write(folder, "torbay", nobody)
        assert placed(program, "torbay", "T-91") == 0
    with running(settings), System(settings) as system:
        assert system.authorities == ("halton", "torbay")
        assert placed(program, "torbay", "T-92") == 0
        assert placed(program, "halton", "T-92") == 0
        wait_until_settled(system, within=PATIENCE)
        for authority in system.authorities:
            assert program.run("show", "workload", authority).code == 0
        assert program.run("show", "timeline", "torbay", "--policy", "--json").json[0]["policy_version"] == "1"
        assert policies_in_health(program) == {"torbay": "unsound"}
        assert "unknown role nobody" in program.run("health").flat
        assert program.run("health").code == 0
        assert "unknown role nobody" in program.run("policy", "check", str(bad)).out
        assert program.run("policy", "adopt", str(bad), "--yes").code == 2
        write(folder, "torbay")
        assert policies_in_health(program) == {}
