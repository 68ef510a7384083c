"""What the escalation queue, the notices and their digests show, given what was sent."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from events.escalations import (
    EscalationAcknowledged,
    EscalationRaised,
    EscalationResolved,
    NoticeLapsed,
    NoticeSent,
    Recipient,
)
from events.recorded import Recorded
from projections.escalation_queue import EscalationRow, escalations
from projections.notices import digests, notices
from tests.histories import START, TORBAY, history, recorded, sealed
from tests.projections.views import kept

DUE = datetime(2026, 1, 2, 0, 0, tzinfo=UTC)
HEAD = Recipient(asked="head of service", role="Head of Service", unit="S-1", holder="P-5")
GROUP = Recipient(asked="QA team", role="QA Team")
STEP = {"obligation": "return", "step": "overdue_2", "due": DUE}
RAISED = EscalationRaised(**STEP, level=2, title="Return overdue", recipients=(HEAD, GROUP), late=True)
TAKEN = EscalationAcknowledged(**STEP, note=sealed("in hand"))
RESOLVED = EscalationResolved(**STEP, how="discharged")


def test_whole_life(sqlite: Engine) -> None:
    """A resolved escalation shows who was told, who acknowledged it, and how it ended."""
    kept(sqlite, "escalations", history([RAISED, TAKEN, RESOLVED]))
    (row,) = escalations(sqlite, TORBAY, as_of=date(2026, 2, 1))
    assert row == EscalationRow(
        about="audit/A-1",
        audit="A-1",
        obligation="return",
        step="overdue_2",
        key="",
        due=DUE,
        level=2,
        title="Return overdue",
        recipients=(HEAD, GROUP),
        late=True,
        reconstructed=False,
        raised_at=START,
        acknowledged_at=START.replace(hour=10),
        acknowledged_by="P-1",
        acknowledged_note=sealed("in hand"),
        resolved_at=START.replace(hour=11),
        resolved_by="P-1",
        how="discharged",
        note=None,
        state="resolved",
        waiting_days=None,
    )


def test_states_and_waiting(sqlite: Engine) -> None:
    """What waits is told by state and by the days since it was raised; steps with other keys stand apart."""
    other = RAISED.model_copy(update={"key": "X-2"})
    kept(sqlite, "escalations", history([RAISED, ("round/R-1", other), TAKEN]))
    as_of = date(2026, 1, 8)
    assert [(row.about, row.waiting_days) for row in escalations(sqlite, TORBAY, as_of=as_of, state="open")] == [
        ("round/R-1", 3)
    ]
    assert [row.audit for row in escalations(sqlite, TORBAY, state="acknowledged")] == ["A-1"]
    assert [row.audit for row in escalations(sqlite, TORBAY, state="open")] == [None]
    assert [row.waiting_days for row in escalations(sqlite, TORBAY, audit="A-1")] == [None]


def test_two_clocks_that_come_due_at_one_instant_stand_apart(sqlite: Engine) -> None:
    """What differs in its trigger alone, or in how often it was said, is another escalation; so is an answer to it."""
    first, second = (RAISED.model_copy(update={"trigger": each}) for each in ("E-1.0", "E-2.0"))
    again = first.model_copy(update={"number": 1})
    kept(sqlite, "escalations", history([first, second, again, TAKEN.model_copy(update={"trigger": "E-2.0"})]))
    rows = escalations(sqlite, TORBAY)
    assert [row.raised_at.hour for row in rows if row.state == "open"] == [9, 11]
    assert [row.raised_at.hour for row in rows if row.state == "acknowledged"] == [10]


def sent(position: int, title: str, *, at: datetime = START, step: str = "overdue_1", **more: object) -> Recorded:
    values = {**STEP, "step": step, "kind": "notice", "title": title, "recipients": (HEAD,), **more}
    return recorded(NoticeSent.model_validate(values), at=at, position=position, version=position)


def test_notices(sqlite: Engine) -> None:
    """Notices and escalations are listed in the order of sending; what lapsed was not sent."""
    lapsed = NoticeLapsed(**STEP, reason="met")
    reminder = NoticeSent(**STEP, kind="reminder", title="Due in a week", recipients=(HEAD,))
    kept(sqlite, "notices", history([reminder, lapsed, RAISED]))
    rows = notices(sqlite, TORBAY)
    assert [(row.kind, row.title, row.late) for row in rows] == [
        ("reminder", "Due in a week", False),
        ("escalation", "Return overdue", True),
    ]
    assert (rows[1].due_on, rows[1].sent_at, rows[1].recipients) == (
        date(2026, 1, 2),
        START.replace(hour=11),
        (HEAD, GROUP),
    )
    assert [row.title for row in notices(sqlite, TORBAY, kind="reminder", audit="A-1")] == ["Due in a week"]


def test_what_came_too_late_is_listed_and_in_no_digest(sqlite: Engine) -> None:
    """A step whose day had passed before its cause stands among the notices with its title, sent to nobody."""
    lapsed = NoticeLapsed(**STEP, reason="too_late", title="Briefing")
    kept(sqlite, "notices", history([lapsed, NoticeLapsed(**STEP, reason="met", title="Reminder")]))
    [row] = notices(sqlite, TORBAY)
    assert (row.kind, row.title, row.due, row.sent_at, row.recipients) == ("too late", "Briefing", DUE, START, ())
    assert digests(sqlite, TORBAY) == []


def test_digest(sqlite: Engine) -> None:
    """One digest per recipient, English day and type of notice, with everything of that day in it."""
    events = [
        sent(1, "a"),
        sent(2, "b", at=datetime(2026, 1, 5, 23, 30, tzinfo=UTC)),
        sent(3, "c", recipients=(HEAD, HEAD.model_copy(update={"role": "Director"}), GROUP)),
        sent(4, "d", step="overdue_2"),
        sent(5, "e", at=datetime(2026, 1, 6, 9, 0, tzinfo=UTC)),
        sent(6, "f", reconstructed=True),
    ]
    kept(sqlite, "notices", events)
    assert [
        (each.recipient, each.on.day, each.step, [n.title for n in each.notices]) for each in digests(sqlite, TORBAY)
    ] == [
        ("P-5", 5, "overdue_1", ["a", "c", "b"]),
        ("P-5", 5, "overdue_2", ["d"]),
        ("QA Team", 5, "overdue_1", ["c"]),
        ("P-5", 6, "overdue_1", ["e"]),
    ]
    assert len(digests(sqlite, TORBAY, on=date(2026, 1, 6), recipient="P-5")) == 1
    assert digests(sqlite, TORBAY, recipient="P-404") == []


@pytest.mark.parametrize(("at", "on"), [("22:59", 1), ("23:01", 2)])
def test_digest_of_the_english_day(sqlite: Engine, at: str, on: int) -> None:
    """In summer the day of a digest ends at 23:00 UTC."""
    kept(sqlite, "notices", [sent(1, "a", at=datetime.fromisoformat(f"2026-07-01T{at}+00:00"))])
    assert [each.on.day for each in digests(sqlite, TORBAY)] == [on]
