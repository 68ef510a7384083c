"""What a question to the timeline decodes: what is asked for, however much beside it there is; and nothing less."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

import projections.entries
import projections.reads
from events.answers import Answer
from events.dates import local_date
from events.findings import AuditAnswered
from events.reads import OpenedRecord, TextsOpened
from events.recorded import Recorded
from events.registers import EntryItem, EntryRecorded, EntryStepped
from events.registry import decode
from projections.entries import entries
from projections.reads import reads
from tests.histories import TORBAY, recorded
from tests.projections.views import kept

BEGAN = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
MANY = 60
"""Days: the clocks go forward among them, so that the instants stand on both sides of midnight in England."""

KINDS = ("dip_sample", "observation", "über_blick")
QUESTIONS = ("out%come", "reached", "heard")


def _one(number: int) -> Iterator[tuple[str, Any]]:
    kind, question = KINDS[number % 3], QUESTIONS[number % 3]
    said = Answer(question=question, chosen=("better",))
    day = local_date(BEGAN) + timedelta(days=number)
    item = EntryItem(child=f"C-{number}", answers=(said,))
    yield f"entry/E-{number}", EntryRecorded(kind=kind, on=day, holder="P-1", child=f"C-{number % 7}", items=(item,))
    yield f"entry/E-{number}", EntryStepped(kind=kind, step="shared", on=day, holder="P-1", answers=(said,))
    yield f"audit/A-{number}", AuditAnswered(asked_at="feedback", answers=(said,))
    opened = (OpenedRecord(record=f"audit/A-{number}", fields=("audit.rationale",)),)
    yield "reading/2026", TextsOpened(door="cli", opened=opened)


def _history() -> list[Recorded]:
    versions: dict[str, int] = {}
    found: list[Recorded] = []
    for number in range(MANY):
        for about, fact in _one(number):
            versions[about] = version = versions.get(about, 0) + 1
            at = BEGAN + timedelta(days=number)
            found.append(recorded(fact, at=at, version=version, position=len(found) + 1, about=about))
    return found


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of the events that were decoded."""
    found: list[str] = []

    def counted(name: str, body: bytes) -> Any:
        found.append(name)
        return decode(name, body)

    for module in (projections.entries, projections.reads):
        monkeypatch.setattr(module, "decode", counted)
    return found


FIRST, LAST = date(2026, 3, 27), date(2026, 4, 2)
DAYS = (LAST - FIRST).days + 1
HAPPENED = DAYS - 1
"""On the 29th the clocks went forward: what was half an hour before midnight came to be on the 30th."""

ASKED: list[tuple[Callable[..., list[Any]], dict[str, Any], Callable[[Any], bool], int]] = [
    (entries, {"kind": KINDS[2]}, lambda row: row.kind == KINDS[2], 2 * MANY // 3),
    (entries, {"first": FIRST, "last": LAST}, lambda row: FIRST <= row.on <= LAST, 2 * DAYS),
    (entries, {"entry": "E-7"}, lambda row: row.entry == "E-7", 2),
    (entries, {"child": "C-50"}, lambda row: row.items[0].child == "C-50", 2),
    (reads, {"first": FIRST, "last": LAST}, lambda row: FIRST <= local_date(row.occurred) <= LAST, HAPPENED),
    (reads, {"record": "audit/A-7"}, lambda row: row.record == "audit/A-7", 1),
]


def test_only_what_is_asked_for_is_decoded(engine: Engine, decoded: list[str]) -> None:
    """The rows are those of the whole that fit, in their order; the events behind them alone were decoded."""
    kept(engine, "timeline", _history())
    for question, asked, fits, most in ASKED:
        whole = [row for row in question(engine, TORBAY) if fits(row)]
        decoded.clear()
        assert (question(engine, TORBAY, **asked), asked) == (whole, asked)
        assert (len(decoded), asked) == (most, asked)
        assert whole


def test_what_looks_like_it_is_not_taken_for_it(engine: Engine) -> None:
    """A sign that means any other to a database is none here, and a larger or smaller letter is another."""
    kept(engine, "timeline", _history())
    assert entries(engine, TORBAY, kind="DIP_SAMPLE") == entries(engine, TORBAY, kind="dip%") == []
    assert entries(engine, TORBAY, first=date.min, last=date.max) == entries(engine, TORBAY)
