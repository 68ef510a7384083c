"""SWI-C1: an ordinary month of Swindon, with the sample of it that is moderated."""

from datetime import date, datetime, time

import pytest

from events.escalations import EscalationRaised, NoticeSent
from events.sampling import SampleDrawn
from services.clock import LONDON, at_local
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from tests.desks import TestDesk
from tests.lives import QA, Life, people

AUDITORS = 25
NOTIFIED, LAST_DAY, NEXT_DAY = "2026-04-01", "2026-04-30", "2026-05-01"
DRAW = {"command": "sample.draw", "authority": "swindon", **QA, "at": NEXT_DAY, "purpose": "moderation"}


def month(*inadequate: int) -> TestDesk:
    """Twenty-five files given out, all but the last returned by the last day."""
    desk = TestDesk("swindon", now=datetime(2026, 5, 1, 12, 0, tzinfo=LONDON))
    desk.do(*people("swindon"))
    for number in range(1, AUDITORS + 1):
        life = Life("swindon", f"A-{number}", child=f"C-{number}", auditor=f"P-A{number}").allocated(NOTIFIED)
        if number < AUDITORS:
            life.submitted(LAST_DAY, "Inadequate" if number in inadequate else "Good")
        desk.do(*life)
        desk.keep(life.audit)
    return desk


def drawn(desk: TestDesk) -> SampleDrawn:
    [outcome] = desk.do(DRAW | {"month": "2026-04"})
    [event] = outcome.events
    assert isinstance(event.fact, SampleDrawn)
    return event.fact


@pytest.mark.covers("SWI-C1", "SWI-55", "A-SWI-03")
def test_five_of_twenty_four_are_moderated() -> None:
    """A fifth of the 24 returned audits, rounded up, is drawn with its seed on record: 5, not all 24."""
    fact = drawn(month())
    assert (len(fact.frame), fact.size, len(fact.chosen), fact.always) == (24, 5, 5, ())
    assert set(fact.chosen) < set(fact.frame)
    assert "A-25" not in fact.frame
    assert fact.seed


@pytest.mark.covers("SWI-55", "A-SWI-03")
def test_every_inadequate_audit_is_moderated_beside_the_draw() -> None:
    """Audits graded Inadequate are in the sample whatever the draw says."""
    fact = drawn(month(3, 17))
    assert set(fact.always) == {"A-3", "A-17"}
    assert set(fact.always) <= set(fact.chosen)
    assert 5 <= len(fact.chosen) <= 7


@pytest.mark.covers("SWI-C1", "SWI-44", "SWI-58", "SWI-61", "A-SWI-01", "A-SWI-02")
def test_one_is_overdue_and_nobody_is_chased() -> None:
    """Each auditor has the file number on the day; the one audit that is late is shown, and no manager hears of it."""
    desk = month()
    directory = fold_directory(desk.store.load(DIRECTORY))
    late = []
    for number in range(1, AUDITORS + 1):
        history = desk.history(f"A-{number}")
        told = [each.fact for each in history if isinstance(each.fact, NoticeSent | EscalationRaised)]
        first = next(fact for fact in told if fact.obligation == "file_notified")
        assert [each.holder for each in first.recipients] == [f"P-A{number}"]
        assert {fact.obligation for fact in told} <= {"file_notified", "family_questionnaire"}
        noon = at_local(date(2026, 5, 1), time(12))
        rows = {row.obligation: row for row in owed_by(CATALOGUE.record_of(history), desk.policies, directory, noon)}
        assert str(rows["audit_return"].due) == LAST_DAY
        late += [number] if rows["audit_return"].state == "overdue" else []
    assert late == [AUDITORS]
