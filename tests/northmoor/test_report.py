"""What Northmoor's Performance Board reads of actions: by priority, and in time to the hour."""

from events.recorded import Recorded
from projections.store import open_store
from services.rehearsal import MemoryStore
from tests.given import Scene
from tests.northmoor.council import desk
from tests.northmoor.test_actions import RETURNED, action, completed
from tests.projections.views import kept
from tests.reports.made import LATER, Made
from workers.reports.making import make, question

PRIORITIES = {"X-1": "P1", "X-2": "P1", "X-3": "P2"}


def events(of: Scene) -> list[Recorded]:
    assert isinstance(of.store, MemoryStore)
    held = (each for stream in of.store.streams.values() for each in stream)
    return sorted(held, key=lambda each: each.position or 0)


def test_actions_by_priority_and_in_time_to_the_hour() -> None:
    """NM-12, NM-22: of two actions due within 24 hours, the one done an hour after them was late, on the same day."""
    held = desk(
        *RETURNED,
        *(
            action(priority, "2026-12-14T16:30", name)
            for name, priority in (("X-1", "P1"), ("X-2", "P1"), ("X-3", "P2"))
        ),
        completed("2026-12-15T15:30", "X-1"),
        completed("2026-12-15T17:30", "X-2"),
    )
    engine = kept(open_store("sqlite://"), "timeline", events(held))
    policy, asked = question(held.policies, "performance_report", "2026-12", LATER)
    board = Made(make(engine, "northmoor", policy, asked))
    [*_, table] = [block for block in board.section("audits").blocks if hasattr(block, "rows")]
    columns = [each.title for each in table.columns]
    rows = {row.title: [str(getattr(cell, "value", "")) for cell in row.cells] for row in table.rows}
    assert columns == ["Set", "Open", "Overdue", "Share done in time"]
    assert rows == {"P1": ["2", "0", "0", "50.0"], "P2": ["1", "1", "0", "None"], "All": ["3", "1", "0", "50.0"]}
