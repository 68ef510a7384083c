"""A step that is said again and again: so many times in all, until somebody has acknowledged it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from events.base import Fact
from events.escalations import EscalationAcknowledged, EscalationRaised, Recipient
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.model import ObligationRule
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.histories import START, allocated, history

AGAIN = {"name": "again", "on": "trigger", "hour": "at once", "kind": "escalation", "to": ["qa_team"], "title": "Again"}
HOUR = timedelta(hours=1)


def owed(*facts: Fact, imported: str = "", after: tuple[dict[str, Any], ...] = (), **step: Any) -> Obligation:
    """A clock with one step that is said again every day, and those `after` it in the ladder.

    The allocation begins it, and these facts follow, an hour apart.
    """
    ladder = [{**AGAIN, "repeat_hours": 24, "at_most": 3, **step}, *after]
    head = {"name": "tried", "title": "Tried", "source": ["TEST-1"], "owner": "qa_team", "met_by": ["audit.closed"]}
    rule = ObligationRule.model_validate({**head, "trigger": {"events": ["audit.allocated"]}, "ladder": ladder})
    policy = SHIPPED["torbay"].newest.model_copy(update={"version": "1", "obligations": (rule,)})
    events = [
        replace(each, envelope=replace(each.envelope, imported=imported)) for each in history([allocated(), *facts])
    ]
    found = obligations(events, Policies("torbay", (policy,)))
    return next(each for each in found if each.name == "tried")


def hours(found: Obligation) -> list[tuple[int, int]]:
    """Which time each one is, and how many hours after the beginning."""
    return [(each.number, (each.due - START) // HOUR) for each in found.rungs]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({}, [(0, 0), (1, 24), (2, 48)]),
        ({"at_most": 1}, [(0, 0)]),
        ({"repeat_hours": 5, "at_most": 2}, [(0, 0), (1, 5)]),
        ({"repeat_hours": None}, [(0, 0)]),
    ],
    ids=str,
)
def test_so_many_times_in_all(step: dict[str, Any], said: list[tuple[int, int]]) -> None:
    """The first of them counts, and each is another step by its number."""
    found = owed(**step)
    assert hours(found) == said
    assert len({each.identity for each in found.rungs}) == len(said)


def test_of_history_and_of_what_was_too_late_nothing_is_said_again() -> None:
    """Nobody can say any more when it was first heard; a step whose day had passed was never said."""
    assert hours(owed(imported="I-1")) == [(0, 0)]
    before = owed(on="trigger - 1 day")
    assert [(each.number, each.too_late) for each in before.rungs] == [(0, True)]


def raised_and_heard() -> tuple[Fact, Fact]:
    """What was raised first, and that somebody acknowledged it."""
    trigger = owed().trigger.envelope.event_id
    step: dict[str, Any] = {"obligation": "tried", "step": "again", "due": START, "trigger": trigger}
    told = (Recipient(asked="qa_team", role="qa_team"),)
    raised = EscalationRaised.model_validate({**step, "level": 1, "title": "Again", "recipients": told})
    return raised, EscalationAcknowledged.model_validate(step)


def test_until_somebody_acknowledged_it() -> None:
    """What was said by then stays; what would come from that instant on is not said any more."""
    raised, heard = raised_and_heard()
    assert hours(owed(raised, heard, repeat_hours=1)) == [(0, 0), (1, 1)]
    assert hours(owed(raised, heard, repeat_hours=2)) == [(0, 0)], "it was heard at that very instant"


def test_whoever_heard_of_it_hears_of_the_steps_after_it_all_the_same() -> None:
    """It is not said again, and what the ladder says next comes at its time: nobody has done what is owed."""
    later = {**AGAIN, "name": "later", "on": "trigger + 3 days"}
    found = owed(*raised_and_heard(), repeat_hours=2, after=(later,))
    assert [(each.step, each.number) for each in found.rungs] == [("again", 0), ("later", 0)]
