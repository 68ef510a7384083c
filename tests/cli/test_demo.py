"""The demonstration: what it refuses is explained, and it fails where a history is not sound."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from services.settings import SHIPPED_POLICIES, Settings
from services.store.verify import Verification
from tests.cli.program import Program
from workers.cli.demo import command as demo
from workers.histories.rebuilding import verify_stream
from workers.pack.verifying import verify_pack
from workers.system import System

pytestmark = pytest.mark.long


@pytest.mark.timeout(120)
def test_what_it_shows_and_how_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One council's story: each refused line with its reason and why, all that is overdue, and the checker's word."""

    def damaged(system: System, authority: str, progress: Callable[[int, int], None]) -> Verification:
        found = verify_stream(system, authority, progress)
        found.missing = 1
        return found

    monkeypatch.setattr(demo, "STORIES", {"torbay": "TOR-004"})
    monkeypatch.setattr(demo, "verify_stream", damaged)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shutil.copytree(SHIPPED_POLICIES / "torbay", tmp_path / "torbay")
    said = Program(Settings(data=tmp_path, policies=tmp_path)).run("demo")
    (tmp_path / "said.txt").write_text(said.out)
    assert said.code == 1, said
    assert "NOT SOUND" in said.out
    assert "2 refused" in said.flat
    refused = said.out.partition("refused, and meant to be")[2].partition("✓")[0]
    assert [refused.count(each) for each in ("TOR-007", "already resolved", "took the escalation back")] == [2, 2, 2]
    assert "sightline show overdue torbay" in said.out
    assert "about the programme's tasks of a month, quarter or year" in said.flat
    assert "overdue; by team: " in said.flat
    (pack,) = tmp_path.glob("sightline-papers-*/torbay-*-named")
    assert verify_pack(pack).findings == ()
    assert str(pack / "index.html") in said.out
    (report,) = tmp_path.glob("sightline-papers-*/torbay-*-suppressed.html")
    assert str(report) in said.out
    assert "1 December 2025 to 31 December 2025" in (page := report.read_text(encoding="utf-8"))
    assert 'class="figure"' in page
