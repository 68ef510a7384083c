"""Actions of an entry are what actions of an audit are: dated anew, completed by their owner, confirmed."""

from datetime import date
from typing import Any

import pytest

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated
from events.base import Fact
from events.errors import Forbidden, NotFound
from services.obligations.engine import obligations
from services.policy.expressions import PERSONS
from services.policy.form import Question
from services.policy.model import Policy
from services.policy.registers import Register
from tests.desks import SHIPPED
from tests.given import Scene, given
from tests.lives import Line, people

ABOUT = {"child": "C-1", "person": "P-SW", "team": "T-1", "service": "S-1", "subject": "H-1"}
ANSWERS: dict[str, Any] = {
    "yes or no": True,
    "date": "2026-03-09",
    "number": 1,
    "text": "seen",
    "tags": ["chronologies"],
    "reference": "R-1",
}


def answer(question: Question) -> Any:
    """Something that answers the question."""
    match question.kind:
        case "choice":
            return question.options[0]
        case "choices":
            return [question.options[0]]
    return ANSWERS[question.kind]


def giving(policy: Policy, act: str) -> str:
    """A post or group that may do it."""
    return next(role for role in policy.acts[act] if role not in PERSONS)


def recorded(policy: Policy, register: Register) -> Line:
    """An entry of the register, with all that it must have, and an action of P-SW."""
    by = register.by or tuple(role for role in policy.acts["entry.record"] if role not in PERSONS)
    task = {"action": "X-1", "text": "practise chairing", "owner": "P-SW", "due": "2026-04-20"}
    return {
        "command": "entry.record",
        "authority": policy.authority,
        "actor": "P-1",
        "role": by[0],
        "at": "2026-03-10",
        "on": "2026-03-10",
        "entry": "E-1",
        "kind": register.name,
        "actions": [task],
        **{what: ABOUT[what] for what in register.about},
        "answers": {each.name: answer(each) for each in register.questions if each.required},
    }


def with_action(authority: str) -> Scene:
    """A desk with an entry of the authority's first register."""
    policy = SHIPPED[authority].newest
    return given(*people(authority), recorded(policy, policy.registers[0]), authority=authority)


def act(desk: Scene, command: str, at: str, **fields: Any) -> Line:
    head = {"command": command, "authority": desk.authority, "actor": "P-1", "at": at, "record": "entry/E-1"}
    role = fields.pop("role", None) or giving(desk.policies.newest, command)
    return {**head, "role": role, **fields}


def last(desk: Scene) -> Fact:
    return desk.history("entry/E-1")[-1].fact


@pytest.mark.parametrize("authority", SHIPPED)
def test_an_action_of_an_entry_is_dated_anew(authority: str) -> None:
    """A later date is agreed as for an action of an audit, by whom the policy lets agree it; what is owed follows."""
    desk = with_action(authority)
    desk.do(act(desk, "action.redate", "2026-03-20", action="X-1", due="2026-06-01", reason="the course is full"))
    fact = last(desk)
    assert isinstance(fact, ActionRedated)
    assert fact.due == date(2026, 6, 1)
    owed = [each for each in obligations(desk.history("entry/E-1"), desk.policies) if each.key == "X-1"]
    standing = [each.due for each in owed if each.ended() is None and each.rule.per == "action"]
    assert set(standing) <= {date(2026, 6, 1)}
    assert bool(standing) is any(each.per == "action" for each in desk.policies.newest.obligations)
    desk.when(act(desk, "action.redate", "2026-03-21", action="X-1", due="2026-05-01")).refused("due")


@pytest.mark.parametrize("authority", SHIPPED)
def test_its_owner_completes_it(authority: str) -> None:
    """Who owns the action says that it is done, as its owner; somebody else may not, and nobody a second time."""
    desk = with_action(authority)
    done = act(desk, "action.complete", "2026-03-20", action="X-1", impact="calmer", role="action_owner")
    desk.when(done).refused("actor", error=Forbidden)
    desk.do(done | {"actor": "P-SW"})
    assert isinstance(last(desk), ActionCompleted)
    desk.when(done | {"actor": "P-SW", "at": "2026-03-21"}).refused("action")
    desk.do(act(desk, "action.confirm", "2026-03-23"))
    assert isinstance(last(desk), ActionConfirmed)


@pytest.mark.parametrize("authority", SHIPPED)
def test_an_action_is_set_and_fallen_away_with_the_entry(authority: str) -> None:
    """A further action is set on the entry; once it was withdrawn nothing is set, dated anew or done."""
    desk = with_action(authority)
    task = {"text": "ask again", "owner": "P-SW", "due": "2026-05-01"}
    desk.do(act(desk, "action.set", "2026-03-20", action="X-2", **task))
    head = {"command": "entry.withdraw", "authority": authority, "actor": "P-1", "at": "2026-03-22", "entry": "E-1"}
    desk.do({**head, "role": giving(desk.policies.newest, "entry.withdraw"), "reason": "a slip"})
    late = {
        "action.set": {"action": "X-3", **task},
        "action.redate": {"action": "X-2", "due": "2026-06-01"},
        "action.complete": {"action": "X-2", "impact": "calmer", "role": "action_owner", "actor": "P-SW"},
        "action.confirm": {},
    }
    for name, fields in late.items():
        desk.when(act(desk, name, "2026-03-23", **fields)).refused("entry")


def test_what_leads_to_no_actions_takes_none() -> None:
    """A record that has no actions is refused by name, and one that is not there is not found."""
    desk = given()
    head = {"command": "round.schedule", "authority": "torbay", "actor": "P-QA", "role": "qa_team"}
    desk.do(*people("torbay"), {**head, "at": "2026-03-02", "round": "2026-04", "month": "2026-04"})
    task = {"action": "X-1", "text": "ask again", "owner": "P-SW", "due": "2026-05-01"}
    line = act(desk, "action.set", "2026-03-20", **task)
    desk.when(line | {"record": "round/2026-04"}).refused("record")
    for record, kind in (("round/2026-09", "round"), ("entry/E-9", "entry")):
        desk.when(line | {"record": record}).refused(kind, error=NotFound)
