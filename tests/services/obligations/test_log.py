"""What a record's history is asked for, and that nothing of it is held longer than it is asked."""

import gc
from weakref import ref

from events.audits import AuditSubmitted
from services.obligations.log import Log
from tests.histories import allocated, history


def test_a_log_is_freed_with_its_last_user() -> None:
    """Without the collector, which a rebuild lets run seldom: of its own occasions none holds it."""
    log = Log(history([allocated(), AuditSubmitted(grade="Meets Good")]))
    occasion = log.occasion(1)
    there = ref(log)
    gc.disable()
    try:
        del log
        assert there() is None
    finally:
        gc.enable()
    assert occasion.happened == {"audit.allocated"}
