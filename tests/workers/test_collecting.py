"""Looking seldom for objects that hold one another."""

import gc

from workers.processes.collecting import collect_seldom


def test_a_repeat_keeps_nothing_more() -> None:
    """What came after the first call is not kept for good by a second one, as a process asks that does many things."""
    before = gc.get_threshold()
    collect_seldom()
    kept, came = gc.get_freeze_count(), [[] for _ in range(1_000)]  # type: ignore[var-annotated]
    collect_seldom()
    assert len(came) == 1_000
    assert gc.get_freeze_count() <= kept
    gc.set_threshold(*before)
