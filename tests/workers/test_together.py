"""Several audits are settled in one write: all of it or nothing, and each step once, whatever happens meanwhile."""

from collections.abc import Iterable
from unittest.mock import patch

from events.audits import AuditSubmitted
from events.recorded import Recorded
from services.store.application import History
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from workers import escalator
from workers.escalator import Escalator

AUDITS = ("A-1", "A-2", "A-3")
RECORDS = [f"audit/{each}" for each in AUDITS]


def told(rig: Rig) -> dict[str, int]:
    """How many steps are recorded of each audit; each of them once."""
    steps = {audit: rig.steps(audit) for audit in AUDITS}
    for each in steps.values():
        assert len({(step.obligation, step.step, step.key) for step in each}) == len(each)
    return {audit: len(each) for audit, each in steps.items()}


def graded(rig: Rig) -> Escalator:
    for audit in AUDITS:
        rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST))
    return Escalator(rig.system, rig.authority)


def test_what_is_settled_together_is_what_each_alone_would_be(rig: Rig) -> None:
    """Facts, their ids and their times are those of the audit by itself, in one write of its own place."""
    settling = graded(rig)
    together = settling.settle_together(RECORDS)
    assert together == {each: settling.settle(each) for each in RECORDS}
    assert told(rig) == dict.fromkeys(AUDITS, 3), "settled once more, alone, nothing is left to record"
    positions = [each.position for audit in AUDITS for each in rig.history(audit)[2:]]
    assert positions == list(range(7, 16)), "audit by audit, without anything in between"
    assert settling.settle_together(RECORDS) == together, "a repeat records nothing"
    assert told(rig) == dict.fromkeys(AUDITS, 3)


def test_an_audit_that_changes_meanwhile_leaves_nothing_half_done(rig: Rig) -> None:
    """Where one was read before its last event, nothing is written of any; each is then settled by what it is."""
    settling, load_all = graded(rig), History.load_all
    rig.record("A-2", AuditSubmitted(grade=LOWEST))

    def stale(history: History, aggregate_ids: Iterable[str]) -> dict[str, tuple[Recorded, ...]]:
        found = load_all(history, aggregate_ids)
        return {**found, "audit/A-2": found["audit/A-2"][:-1]}

    with patch.object(History, "load_all", stale):
        assert settling.settle_together(RECORDS) == {}
    assert told(rig) == dict.fromkeys(AUDITS, 0)
    for each in RECORDS:
        settling.settle(each)
    assert all(told(rig).values())


def test_what_does_not_fit_in_one_write_stands_in_several(rig: Rig) -> None:
    """The steps of an audit stand together in one of them."""
    settling = graded(rig)
    with patch.object(escalator, "MAX_BATCH", 5):
        assert settling.settle_together(RECORDS) == dict.fromkeys(RECORDS)
    assert told(rig) == dict.fromkeys(AUDITS, 3)
