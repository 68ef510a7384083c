"""What a record's history is asked for, and that nothing of it is held longer than it is asked."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from weakref import ref

import pytest

from events.audits import AuditSubmitted
from services.modules import CATALOGUE
from services.obligations.log import Log
from services.open_obligations import open_by_history
from tests.desks import SHIPPED
from tests.histories import allocated, history
from tests.projections.test_councils import AUTHORITIES
from tests.services.obligations.test_frameworks import told


@contextmanager
def without_the_collector() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_a_log_is_freed_with_its_last_user() -> None:
    """Without the collector, which a rebuild lets run seldom: of its own occasions none holds it."""
    log = Log(history([allocated(), AuditSubmitted(grade="Meets Good")]))
    occasion = log.occasion(1)
    there = ref(log)
    with without_the_collector():
        del log
        assert there() is None
    assert occasion.happened == {"audit.allocated"}


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_a_record_is_freed_once_it_is_worked_out(authority: str) -> None:
    """Of what a record owes, down to the steps of its ladders, nothing holds itself, and with it the record's events.

    A rebuild works out thousands in a row: it would hold them all until the collector looks, which goes through each.
    """
    some = 0
    for events in told(authority, 3):
        own = [replace(each, fact=each.fact.model_copy()) for each in events]
        there = [ref(each.fact) for each in own]
        kind = CATALOGUE.kind_of(own[0].originator_id)
        with without_the_collector():
            some += len(open_by_history(kind, own, SHIPPED[authority]))
            own.clear()
            assert [each() for each in there if each() is not None] == []
    assert some
