"""Every ladder that a policy's check accepts can fire: on each event, and on each kind of record that may hold it."""

from datetime import UTC, datetime

import pytest

from events.base import Fact
from events.escalations import OWING, Step
from services.modules import CATALOGUE
from services.obligations.engine import obligations
from services.policy.checks import problems_of
from services.policy.model import Alert, Owed, Policy
from services.policy.reach import kinds_of
from services.policy.versions import Policies
from tests.contracts import SHIPPED_CONTRACTS
from tests.desks import SHIPPED
from tests.histories import recorded
from tests.lives import Line
from tests.projections.samples import SAMPLES

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
TORBAY = SHIPPED["torbay"].newest


def event_of(contract: type[Fact]) -> str:
    return contract.stored_name.rpartition(".v")[0]


def with_alert(*events: str) -> Policy:
    """Torbay's framework with one rule alone: an alert on these events. Whatever somebody may do, the QA team may."""
    step = {"name": "alert", "on": "trigger", "hour": "at once", "kind": "escalation", "to": ["actor"], "title": "Now"}
    rule: Line = {"name": "alert", "title": "Alert", "source": ["T-1"], "ladder": [step]}
    rule |= {"trigger": {"events": list(events), "repeat": "each"}}
    acts = dict.fromkeys(CATALOGUE.powers, ("qa_team",))
    return TORBAY.model_copy(update={"obligations": (), "alerts": (Alert.model_validate(rule),), "acts": acts})


def faults(policy: Policy) -> list[str]:
    """What the check says of the rule."""
    return [
        what for key, what in problems_of(policy, CATALOGUE.known) if key[:2] in {("obligations", 0), ("alerts", 0)}
    ]


def fires(policy: Policy, kind: str, fact: Fact) -> bool:
    """Whether the alert comes due on a record of that kind, and the running system works such records out."""
    about = f"{kind}/X-1"
    event = recorded(fact, at=START, about=about, authority="torbay", actor="P-1")
    found = obligations([event], Policies("torbay", (policy,)))
    return about.startswith(CATALOGUE.worked_out) and any(each.rungs for each in found)


@pytest.mark.parametrize("contract", SHIPPED_CONTRACTS, ids=event_of)
def test_a_ladder_that_is_accepted_can_fire(contract: type[Fact]) -> None:
    """An alert on the event is refused by the check, or fires on every kind of record that may hold the event."""
    policy = with_alert(event_of(contract))
    if not faults(policy):
        fact = next(each for each in SAMPLES if isinstance(each, contract))
        assert [kind for kind in kinds_of(event_of(contract)) if not fires(policy, kind, fact)] == []


def test_a_second_event_is_asked_as_well() -> None:
    """A ladder on two events, of which one happens only to what is never worked out, is refused."""
    assert faults(with_alert("audit.submitted")) == []
    assert faults(with_alert("audit.submitted", "cases.opened")) == [
        "nothing is ever sent about the record of a cases, on which cases.opened happens"
    ]


def test_the_steps_lie_on_whatever_owes() -> None:
    """The steps and their answers may lie on every kind of record that owes something, and on no other."""
    assert {each.kinds for each in SHIPPED_CONTRACTS if issubclass(each, Step)} == {OWING}


@pytest.mark.parametrize("knob", ["met_by", "given", "unless"])
def test_nothing_waits_for_what_follows_from_the_rules(knob: str) -> None:
    """A rule that waits for a notice or for an answer to an escalation would wait for ever: it is refused."""
    policy = with_alert("audit.submitted")
    [alert] = policy.alerts
    event = ("escalation.acknowledged",)
    trigger = alert.trigger.model_copy(update={} if knob == "met_by" else {knob: event})
    waiting: Line = alert.model_copy(update={"trigger": trigger}).model_dump()
    owed = Owed.model_validate(waiting | {"owner": "actor", "due": "none stated", "met_by": event})
    alerts = () if knob == "met_by" else (Alert.model_validate(waiting),)
    assert "escalation.acknowledged is what follows from the rules: no clock starts or ends by it" in faults(
        policy.model_copy(update={"obligations": (owed,) if knob == "met_by" else (), "alerts": alerts})
    )
