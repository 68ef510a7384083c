"""What is read of a file together: as many lines as pay, and no more than memory bears."""

from typing import Any

import orjson
import pytest

from services import import_lines
from services.importer import Importer
from tests.desks import TestDesk
from tests.lives import Life, Line, people

LONG = "seen today, and much was said. " * 400
LINES: list[Line] = [*people("torbay"), *Life("torbay", "A-1").allocated("2026-01-05")]
for day in ("2026-01-06", "2026-01-07"):
    LINES += Life("torbay", "A-1").act("audit.raise_safety_concern", day, "P-AUD", "auditor", concern=LONG)


def test_progress_counts_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches is told of every line, a chunk at a time."""
    monkeypatch.setattr(import_lines, "CHUNK", 4)
    seen: list[int] = []
    desk: Any = TestDesk("torbay", staffed=False)
    Importer({"torbay": desk}, {"torbay": desk.keys}, "I-1").run(map(orjson.dumps, LINES), seen.append)
    assert sum(seen) == len(LINES)
    assert max(seen) == 4


def test_long_lines_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read together is bounded by its bytes as well."""
    lines = [orjson.dumps(each) for each in LINES]
    monkeypatch.setattr(import_lines, "LARGEST_CHUNK", len(lines[-1]))
    desk: Any = TestDesk("torbay", staffed=False)
    seen: list[int] = []
    Importer({"torbay": desk}, {"torbay": desk.keys}, "I-1").run(lines, seen.append)
    assert seen == [len(lines) - 1, 1], "what is short goes with the first long one"
