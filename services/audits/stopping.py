"""A clock of an audit that stops on a ground of the framework, and goes on once that is gone."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from events.audits import AuditAllocated, ModeratorAllocated
from events.base import Fact
from events.errors import NotFound, Refused
from events.stopping import ClockResumed, ClockStopped, LastDay, LastDayOf, Standing
from services.audits.clock_commands import ResumeClock, StopClock
from services.audits.state import Audit
from services.clock import instant_in_words
from services.core.dates import require_after
from services.core.situation import Situation
from services.obligations.model import Obligation
from services.policy.stopping import grounds_of


def stop(command: StopClock, audit: Audit, situation: Situation) -> list[Fact]:
    """The clocks that the framework stops on that ground stand still. Refused where there are none that run."""
    require_after(audit, situation.at, "audit.allocated")
    _require_action(command.action, audit)
    if since := audit.stops.get((command.ground, command.action)):
        raise Refused("ground", f"it stands still for that since {instant_in_words(since)}")
    if (ended := audit.resumed.get((command.ground, command.action))) and situation.at < ended:
        raise Refused("at", f"its clock went on after that, on {instant_in_words(ended)}")
    stopped = _of_ground(command.ground, command.action, situation.owed(lambda rule: command.ground in rule.stops_for))
    if not stopped:
        known = ", ".join(grounds_of(situation.policy)) or "none"
        raise Refused("ground", f"no clock here runs and stops for {command.ground}; grounds: {known}")
    shown = (Standing(of=each, action=name) for each, name, _ in _shown(stopped))
    return [ClockStopped(ground=command.ground, action=command.action, stands=tuple(dict.fromkeys(shown)))]


def resume(command: ResumeClock, audit: Audit, situation: Situation) -> list[Fact]:
    """What stood still on that ground goes on, with its last days as they are from now on."""
    since = audit.stops.get((command.ground, command.action))
    if since is None:
        held = ", ".join(dict.fromkeys(ground for ground, _ in audit.stops)) or "none"
        raise Refused("ground", f"nothing stands still for {command.ground}; what stands still: {held}")
    if situation.at < since:
        raise Refused("at", f"it stands still since {instant_in_words(since)}")
    resumed = ClockResumed(ground=command.ground, action=command.action, since=since)
    owed = situation.owed_after(resumed, lambda rule: command.ground in rule.stops_for)
    moved = _of_ground(command.ground, command.action, owed, ended_since=since)
    days = {
        (each, name): LastDay(of=each, action=name, due=owed.due, due_at=owed.due_at)
        for each, name, owed in _shown(moved)
        if owed.due is not None and owed.stands is None
    }
    return [resumed.model_copy(update={"last_days": tuple(days.values())})]


def _require_action(action: str | None, audit: Audit) -> None:
    if action is not None and action not in audit.actions:
        raise NotFound("action of this audit,", action)


def _of_ground(
    ground: str, action: str | None, owed: Sequence[Obligation], ended_since: datetime | None = None
) -> list[Obligation]:
    """Those that stop on that ground and have not ended, or since then alone; of one action if it is named."""
    return [
        each
        for each in owed
        if ((ended := each.ended()) is None or (ended_since is not None and ended[0] >= ended_since))
        and ground in each.rule.stops_for
        and (action is None or (each.rule.per == "action" and each.key == action))
    ]


def _shown(owed: Sequence[Obligation]) -> Iterator[tuple[LastDayOf, str | None, Obligation]]:
    """Those whose last day stands on the audit itself: of the return, of the moderation, of its actions."""
    for each in owed:
        if each.rule.per == "action":
            yield "action", each.key, each
        elif isinstance(each.trigger.fact, AuditAllocated) and "audit.submitted" in each.rule.met_by:
            yield "return", None, each
        elif isinstance(each.trigger.fact, ModeratorAllocated) and "audit.moderated" in each.rule.met_by:
            yield "moderation", None, each
