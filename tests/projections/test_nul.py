"""A NUL that history holds is kept escaped by every view, on both databases; it stops none."""

from decimal import Decimal

import pytest
from sqlalchemy import JSON, Boolean, Date, Engine, Integer, Numeric, Text
from sqlalchemy.types import to_instance

from events.answers import Answer
from events.audits import AuditModerated, AuditSubmitted
from events.base import Fact
from events.escalations import EscalationRaised, EscalationResolved, Recipient
from events.findings import SectionGraded
from events.indicators import IndicatorRecorded
from events.registers import EntryRecorded
from projections import whole_records
from projections.dates import Instant
from projections.rebuild import rebuild
from projections.rebuild_all import rebuild_all
from projections.register import register
from projections.registry import VIEWS
from projections.view import Spec
from tests.histories import START, TORBAY, allocated, batches, history, sealed
from tests.projections.rebuilt import Stream, work
from tests.projections.views import in_database, in_memory, kept, made

BROKEN = "Meets\x00Good"
WITH_NUL: list[Fact | tuple[str, Fact]] = [
    allocated().model_copy(update={"strand": BROKEN}),
    SectionGraded(section=BROKEN, grade=BROKEN),
    AuditSubmitted(grade=BROKEN),
    AuditModerated(
        moderator="P-3", outcome="changed", grade="Good\x00", sections={BROKEN: "Good\x00"}, rationale=sealed()
    ),
    EscalationRaised(
        obligation="return",
        step="overdue",
        key=BROKEN,
        due=START,
        level=1,
        title=BROKEN,
        recipients=(Recipient(asked=BROKEN, role=BROKEN, vacant=(BROKEN,)),),
    ),
    EscalationResolved(obligation="return", step="overdue", key=BROKEN, due=START, how="discharged"),
    (
        "entry/E-1",
        EntryRecorded(kind=BROKEN, on=START.date(), holder="P-1", answers=(Answer(question="q", chosen=(BROKEN,)),)),
    ),
    ("indicator/I-1", IndicatorRecorded(indicator=BROKEN, month="2026-03", value=Decimal(1), source=BROKEN)),
]


@pytest.mark.parametrize("name", VIEWS)
def test_a_nul_stops_no_view(engine: Engine, name: str) -> None:
    """History that holds a NUL is kept, shown escaped, and rebuilt: in PostgreSQL as in SQLite."""
    events = history(WITH_NUL)
    kept(engine, name, events)
    before = in_database(engine, made(name))
    assert "\\x00" not in repr(before)
    rebuild(made(name), engine, {TORBAY: lambda after: batches(events[after:], 3)})
    assert in_database(engine, made(name)) == before
    assert before == in_memory(made(name), events)


def test_a_nul_in_one_record_beside_plain_ones(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuild of all keeps it escaped as each view does.

    The record with it stands among others, and alone among those that are written at once.
    """
    events = history([*WITH_NUL, *((f"audit/A-{number}", allocated()) for number in (0, 2))])
    for at_once in (1, 500):
        monkeypatch.setattr(whole_records, "AT_ONCE", at_once)
        views = [made(name) for name in VIEWS]
        rebuild_all(work(engine, {TORBAY: Stream(events)}, views))
        assert [in_database(engine, view) for view in views] == [in_memory(view, events) for view in views]


def test_a_nul_is_shown_escaped(engine: Engine) -> None:
    """The register says what stood there, with the NUL as JSON writes it."""
    kept(engine, "register", history(WITH_NUL))
    assert [row.grade_by_auditor for row in register(engine, TORBAY)] == ["Meets\\u0000Good"]


TEXTLESS = (Boolean, Date, Instant, Integer, Numeric)


@pytest.mark.parametrize("name", VIEWS)
def test_every_column_that_can_hold_a_text_is_looked_at(name: str) -> None:
    """A column is looked at for what a database refuses, unless its type can hold no text as it was said."""
    for spec in made(name).shape.specs:
        kinds = {column: to_instance(kind) for column, kind in spec.columns.items()}
        assert set(spec.texts) == {column for column, kind in kinds.items() if not isinstance(kind, TEXTLESS)}


def test_what_holds_no_text_is_kept_as_it_is() -> None:
    """The words of a row are escaped at every depth; its numbers and instants are the very same."""
    spec = Spec("t", {"words": Text, "deep": JSON(), "number": Integer(), "at": Instant()}, key=("number",))
    row = {"words": BROKEN, "deep": ({BROKEN: [BROKEN, 1, None]},), "number": 1, "at": START}
    escaped = BROKEN.replace("\x00", "\\u0000")
    assert spec.storable(row) == {"words": escaped, "deep": [{escaped: [escaped, 1, None]}], "number": 1, "at": START}
    assert spec.storable({"number": 1}) == {"number": 1}
