"""What the action tracker shows, given what happened."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet
from events.audits import AuditVoided
from events.base import Fact
from projections.action_tracker import ActionRow, actions
from projections.view import Halted
from tests.histories import TORBAY, allocated, history, sealed
from tests.projections.views import kept

SET = ActionSet(action="X-1", text=sealed("what to do"), owner="P-9", due=date(2026, 2, 10), stage="moderation")
DONE = ActionCompleted(action="X-1", impact=sealed("the difference it made"))
CONFIRMED = ActionConfirmed(action="X-1", confirmed_by="P-6", role="Team Manager")
LATER = date(2026, 3, 1)
BY = datetime(2026, 2, 10, 16, tzinfo=UTC)
HOURLY = SET.model_copy(update={"due_at": BY})


def shown(engine: Engine, *facts: Fact, as_of: date | None = LATER) -> ActionRow:
    (row,) = actions(kept(engine, "actions", history([allocated(), *facts])), TORBAY, as_of=as_of)
    return row


def test_whole_life(sqlite: Engine) -> None:
    """A confirmed action shows its text and impact still sealed, and who confirmed it in which role."""
    assert shown(sqlite, SET, DONE, CONFIRMED) == ActionRow(
        audit="A-1",
        kind=None,
        child="C-1",
        team="T-1",
        action="X-1",
        level="child",
        priority=None,
        stage="moderation",
        text=sealed("what to do"),
        owner="P-9",
        jointly=(),
        set_on=date(2026, 1, 5),
        due=date(2026, 2, 10),
        due_at=None,
        late=False,
        original_due=date(2026, 2, 10),
        redated=0,
        completed_on=date(2026, 1, 5),
        impact=sealed("the difference it made"),
        confirmed_by="P-6",
        confirmed_as="Team Manager",
        confirmed_on=date(2026, 1, 5),
        state="confirmed",
        overdue_since=None,
        stands_since=None,
        stands_because=None,
    )


@pytest.mark.parametrize(("hour", "late"), [(15, False), (16, True), (17, True)])
def test_done_by_an_hour(sqlite: Engine, hour: int, *, late: bool) -> None:
    """What is due at an hour is late from that hour on, on the same day."""
    facts = history([allocated(), HOURLY, DONE], start=BY.replace(hour=hour - 2))
    (row,) = actions(kept(sqlite, "actions", facts), TORBAY)
    assert (row.due_at, row.late) == (BY, late)


@pytest.mark.parametrize(("as_of", "since"), [(10, None), (11, date(2026, 2, 10))])
def test_open_after_its_hour(sqlite: Engine, as_of: int, since: date | None) -> None:
    """What was due at an hour is overdue since that day, once that is over."""
    row = shown(sqlite, HOURLY, as_of=date(2026, 2, as_of))
    assert (row.overdue_since, row.late) == (since, None)


def test_a_later_day_has_no_hour(sqlite: Engine) -> None:
    """A later day that was agreed lasts until its end."""
    row = shown(sqlite, HOURLY, ActionRedated(action="X-1", due=date(2026, 2, 17), agreed_by="P-6"))
    assert (row.due, row.due_at) == (date(2026, 2, 17), None)


def test_redated(sqlite: Engine) -> None:
    """A later date replaces the earlier one; the first date and the number of changes stay visible."""
    dates = [ActionRedated(action="X-1", due=date(2026, 2, day), agreed_by="P-6") for day in (17, 24)]
    row = shown(sqlite, SET, *dates)
    assert (row.due, row.original_due, row.redated) == (date(2026, 2, 24), date(2026, 2, 10), 2)
    assert row.overdue_since == date(2026, 2, 25)


@pytest.mark.parametrize(
    ("as_of", "since"),
    [(None, None), (date(2026, 2, 10), None), (date(2026, 2, 11), date(2026, 2, 11)), (LATER, date(2026, 2, 11))],
)
def test_overdue(sqlite: Engine, as_of: date | None, since: date | None) -> None:
    """An open action is overdue since the day after it was due, not on the day itself."""
    assert shown(sqlite, SET, as_of=as_of).overdue_since == since


@pytest.mark.parametrize(
    ("facts", "state"),
    [([DONE], "completed"), ([CONFIRMED], "confirmed"), ([AuditVoided(reason=sealed())], "withdrawn")],
)
def test_not_overdue(sqlite: Engine, facts: list[Fact], state: str) -> None:
    """What was done or confirmed is not overdue, and the actions of a void audit are withdrawn."""
    row = shown(sqlite, SET, *facts)
    assert (row.state, row.overdue_since) == (state, None)
    assert actions(sqlite, TORBAY, state="open") == []
    assert [each.action for each in actions(sqlite, TORBAY, state=row.state)] == ["X-1"]


def test_order_and_filters(sqlite: Engine) -> None:
    """The earliest due comes first and what has no date comes last; filters may be those of the audit."""
    facts = [
        ("audit/A-1", allocated()),
        ("audit/A-2", allocated(team="T-2")),
        ("audit/A-1", SET.model_copy(update={"action": "X-9", "due": None})),
        ("audit/A-1", SET.model_copy(update={"action": "X-2", "due": date(2026, 2, 12)})),
        ("audit/A-2", SET),
    ]
    kept(sqlite, "actions", history(facts))
    assert [row.action for row in actions(sqlite, TORBAY)] == ["X-1", "X-2", "X-9"]
    assert [row.action for row in actions(sqlite, TORBAY, team="T-2")] == ["X-1"]
    assert [row.action for row in actions(sqlite, TORBAY, audit="A-1", owner="P-9")] == ["X-2", "X-9"]


def test_unknown_action_halts(sqlite: Engine) -> None:
    """A later date for an action that was never set is a broken history, and the view says so."""
    facts = [allocated(), ActionRedated(action="X-1", due=LATER, agreed_by="P-6")]
    with pytest.raises(Halted, match="view actions halted at position 2"):
        kept(sqlite, "actions", history(facts))


def test_owned_together(sqlite: Engine) -> None:
    """An action is found under each of its owners, and what was completed is found by the day."""
    joint = SET.model_copy(update={"jointly": ("P-6", "qa_team")})
    other = SET.model_copy(update={"action": "X-2"})
    kept(sqlite, "actions", history([allocated(), joint, other, DONE]))
    for owner, found in (("P-9", ["X-1", "X-2"]), ("P-6", ["X-1"]), ("qa_team", ["X-1"]), ("P-5", [])):
        assert [row.action for row in actions(sqlite, TORBAY, owner=owner)] == found
    assert [row.jointly for row in actions(sqlite, TORBAY, owner="P-6")] == [("P-6", "qa_team")]
    for since, found in ((date(2026, 1, 5), ["X-1"]), (date(2026, 1, 6), [])):
        assert [row.action for row in actions(sqlite, TORBAY, since=since)] == found
