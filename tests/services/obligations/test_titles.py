"""What a step is called as it fires: the words of the policy, with what the act that began it says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from events.actions import ActionSet
from events.audits import AuditSubmitted
from events.base import Fact
from events.rounds import DipsRecorded, RoundScheduled
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.model import ObligationRule
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.histories import START, allocated, history, sealed

MIDSUMMER = datetime(2026, 6, 24, 23, 30, tzinfo=UTC)  # half past midnight of the 25th in England


def after(title: str, begins: str, *facts: Fact, about: str = "audit/A-1", **fields: Any) -> Obligation:
    """A clock that begins with such an act and has one step, after these facts, an hour apart."""
    step = {"name": "told", "on": "trigger", "kind": "notice", "to": ["qa_team"], "title": title}
    said = {"name": "tried", "title": "Tried", "source": ["TEST-1"], "owner": "qa_team", "met_by": ["audit.closed"]}
    rule = ObligationRule.model_validate({**said, "trigger": {"events": [begins]}, "ladder": [step], **fields})
    policy = SHIPPED["torbay"].newest.model_copy(update={"version": "1", "obligations": (rule,)})
    found = obligations(history([(about, each) for each in facts]), Policies("torbay", (policy,)))
    return next(each for each in found if each.name == "tried")


def titled(found: Obligation, at: datetime = START) -> str:
    [step] = found.rungs
    return found.titled(step, at)


@pytest.mark.parametrize(
    ("title", "fields", "words"),
    [
        ("As it is", {}, "As it is"),
        ("{grade}: back to {looked_back_to}", {"looked_back_to": date(2026, 1, 5)}, "Good: back to 5 January 2026"),
        ("{bottom_lines_unmet}", {}, ""),
        ("{bottom_lines_unmet}", {"bottom_lines_unmet": ("one",)}, "one"),
        ("{bottom_lines_unmet}", {"bottom_lines_unmet": ("one", "two")}, "one and two"),
        ("{bottom_lines_unmet}", {"bottom_lines_unmet": ("one", "two", "three")}, "one, two and three"),
        ("{nothing_of_it} there", {}, " there"),
    ],
)
def test_what_the_act_says_stands_in_its_places(title: str, fields: dict[str, Any], words: str) -> None:
    """A day is written out, several are listed, and of what the act does not say nothing stands there."""
    submitted = AuditSubmitted(grade="Good", **fields)
    assert titled(after(title, "audit.submitted", allocated(), submitted)) == words


def test_an_instant_is_the_day_that_england_has() -> None:
    """An instant of the last hour of a summer's day by universal time is the next day."""
    action = ActionSet(action="X-1", text=sealed(), owner="P-1", due=date(2026, 6, 25), due_at=MIDSUMMER)
    assert titled(after("by {due_at}", "action.set", allocated(), action)) == "by 25 June 2026"


@pytest.mark.parametrize(("length", "kept"), [(199, 199), (200, 200), (201, 200)])
def test_a_heading_is_no_longer_than_a_line_or_two(length: int, kept: int) -> None:
    """What comes to more than two hundred characters with its places filled is cut there."""
    submitted = AuditSubmitted(grade="x" * (length - 100))
    assert titled(after("y" * 100 + "{grade}", "audit.submitted", allocated(), submitted)) == "y" * 100 + "x" * (
        kept - 100
    )


def test_how_much_was_done_by_then() -> None:
    """The sum of what was recorded up to that very instant, of what is wanted."""
    scheduled = RoundScheduled(
        kind="audit round", name="March", services=(), starts=date(2026, 3, 2), ends=date(2026, 3, 31)
    )
    dips = [DipsRecorded(children=("C-1",), count=each) for each in (30, 12)]
    said = {"met_by": ["round.dips_recorded"], "met_sum": "count", "met_count": 40}
    found = after("{done} of {wanted}", "round.scheduled", scheduled, *dips, about="round/2026-03", **said)
    hours = [START + timedelta(hours=each) for each in range(3)]
    assert [titled(found, each) for each in hours] == ["0 of 40", "30 of 40", "42 of 40"]
    assert titled(found, hours[1] - timedelta(microseconds=1)) == "0 of 40"
    assert [found.met_at(each) for each in hours] == [False, False, True]
