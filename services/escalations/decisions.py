"""What follows from a command about escalations and about obligations met by hand."""

from typing import TypedDict

from pydantic import AwareDatetime

from events.base import Fact
from events.errors import NotFound, Refused
from events.escalations import EscalationAcknowledged, EscalationResolved, ObligationMet
from services.actions.decisions import open_actions
from services.core.escalations import Escalation
from services.core.record import State
from services.core.situation import Situation
from services.escalations.commands import AcknowledgeEscalation, MeetObligation, ResolveEscalation


class _Reference(TypedDict):
    obligation: str
    step: str
    key: str
    due: AwareDatetime
    trigger: str
    number: int


def acknowledge(command: AcknowledgeEscalation, _: State, situation: Situation) -> list[Fact]:
    """Acknowledged. Refused if it is already or needs nobody any more."""
    escalation = _find(command, situation)
    if escalation.acknowledged:
        raise Refused("step", "the escalation is already acknowledged")
    note = situation.seal_if("escalation.note", command.note)
    return [EscalationAcknowledged(**_reference(escalation), note=note)]


def resolve(command: ResolveEscalation, _: State, situation: Situation) -> list[Fact]:
    """Resolved by a person, with the reason."""
    escalation = _find(command, situation)
    note = situation.seal("escalation.note", command.note)
    return [EscalationResolved(**_reference(escalation), how="resolved", note=note)]


def meet_obligation(command: MeetObligation, _: State, situation: Situation) -> list[Fact]:
    """What was owed was done. Refused unless the record owes just that.

    Of what is owed again and again, without a key, it is the one that is owed now.
    """
    situation.record.require_standing()
    for owed in situation.owed(lambda rule: rule.name == command.obligation):
        asked = owed.key == command.key or (not command.key and owed.rule.again_every is not None)
        if asked and "obligation.met" in owed.rule.met_by and owed.ended() is None:
            if situation.at < owed.trigger.envelope.occurred:
                raise Refused("at", f"it is before {situation.record.called} began to owe {command.obligation}")
            roles = owed.rule.met_by_roles
            if roles and command.role not in roles:
                raise Refused("role", f"{command.obligation} is closed by {' and '.join(roles)}, not by {command.role}")
            if owed.rule.actions_first and (left := open_actions(situation)):
                raise Refused("obligation", f"{command.obligation} waits for {', '.join(left)}, which is not done")
            note = situation.seal_if("obligation.note", command.note)
            met = ObligationMet(obligation=command.obligation, key=owed.key, note=note)
            record = situation.record
            return [*record.kind.answers(command.obligation, command.answers, record.state, situation), met]
    raise Refused("obligation", f"{situation.record.called} does not owe {command.obligation} now")


def _find(command: AcknowledgeEscalation | ResolveEscalation, situation: Situation) -> Escalation:
    situation.record.require_standing()
    found = [
        each
        for each in situation.record.escalations.values()
        if (each.raised.obligation, each.raised.step, each.raised.key)
        == (command.obligation, command.step, command.key)
        and command.due in (None, each.raised.due)
    ]
    if not found:
        raise NotFound(
            f"escalation of {situation.record.called.replace('/', ' ')},", f"{command.obligation}/{command.step}"
        )
    latest = max(found, key=lambda each: each.raised.due)
    if latest.resolved:
        raise Refused("step", "the escalation is already resolved")
    if situation.at < latest.raised.due:
        raise Refused("at", "it is before the escalation was due")
    return latest


def _reference(escalation: Escalation) -> _Reference:
    raised = escalation.raised
    return {
        "obligation": raised.obligation,
        "step": raised.step,
        "key": raised.key,
        "due": raised.due,
        "trigger": raised.trigger,
        "number": raised.number,
    }
