"""In which stages of an audit each act may be given.

Before the closing everything goes on that has not been settled by an earlier stage. After it come the record's way to
people, what is left of its actions, and what undoes the audit; and what something still waits for.
"""

from typing import Any

from events.stages import STAGES, Stage
from services.audits.state import Audit
from services.core.record import Stages, during
from services.core.situation import Situation

TAKEN_BACK: tuple[Stage, ...] = ("voided", "exempted")
"""What stays as it is for good."""

STANDING = tuple(each for each in STAGES if each not in TAKEN_BACK)
UNCLOSED = tuple(each for each in STANDING if each != "closed")
OUT: tuple[Stage, ...] = ("allocated",)
"""While the audit is with its auditor."""

RETURNED = tuple(each for each in STANDING if each not in OUT)
MODERATED: tuple[Stage, ...] = ("moderated", "signed off", "closed")
BEING_FINISHED = tuple(each for each in RETURNED if each != "closed")


def still_owed(event: str, situation: Situation) -> bool:
    """Whether something that the audit owes waits for that event."""
    return any(each.ended() is None for each in situation.owed(lambda rule: event in rule.met_by))


def until_closed(*stages: Stage, then_if_owed: str) -> Stages:
    """In these stages, and after the closing only while something waits for that event."""

    def waits(situation: Any) -> bool:
        return still_owed(then_if_owed, situation)

    return during(*stages, closed=waits)


def to_be_moderated(*stages: Stage) -> Stages:
    """In these stages, and after the closing once: an audit that was not moderated can be drawn for it later."""

    def waits(situation: Any) -> bool:
        audit: Audit = situation.record.state
        return not audit.has("audit.moderated") or still_owed("audit.moderated", situation)

    return during(*stages, closed=waits)


OF_OTHER_PARTS = {
    "action.set": during(*UNCLOSED),
    "action.redate": during(*STANDING),
    "action.complete": during(*STANDING),
    "action.confirm": during(*STANDING),
    "escalation.acknowledge": during(*STANDING),
    "escalation.resolve": during(*STANDING),
    "obligation.meet": during(*STANDING),
}
"""What is done about the actions and the escalations of an audit."""
