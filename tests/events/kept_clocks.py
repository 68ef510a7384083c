"""What the kept bodies of clocks that stand still mean."""

from datetime import UTC, date, datetime

from events.base import Fact
from events.stopping import ClockResumed, ClockStopped, LastDay, Standing

DUE = datetime(2026, 4, 4, 7, 0, tzinfo=UTC)

OF_CLOCKS: dict[str, Fact] = {
    "audit.clock_stopped.v1": ClockStopped(
        ground="child missing", action="X-1", stands=(Standing(of="action", action="X-1"),)
    ),
    "audit.clock_resumed.v1": ClockResumed(
        ground="child missing",
        since=DUE,
        last_days=(
            LastDay(of="return", due=date(2026, 2, 28)),
            LastDay(of="action", action="X-1", due=date(2026, 3, 2), due_at=DUE),
        ),
    ),
}
