"""What a published message may need of its record beside the fact: grades, actions and escalations as they stood."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet
from events.audits import AuditModerated, AuditSubmitted
from events.dates import passed
from events.escalations import EscalationRaised, NoticeSent, Reference, Step
from events.findings import SectionGraded
from events.grade_disputes import GradeSettled
from events.published.message import fact_id
from events.recorded import Recorded
from events.stopping import ClockResumed, LastDay


@dataclass(slots=True)
class Action:
    """An action as it stands. `told` is the date about which it was said that it had passed."""

    owners: tuple[str, ...]
    due: date | None
    due_at: datetime | None = None
    done: bool = False
    told: date | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """An escalation: its opaque id, and whether it was only worked out from imported history."""

    id: str
    reconstructed: bool


@dataclass(slots=True)
class Standing:
    """A record after its facts so far. Applying one only assigns, so that any history is taken in."""

    grade: str | None = None
    sections: dict[str, str] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    raised: dict[Reference, Raised] = field(default_factory=dict)

    def apply(self, event: Recorded) -> None:
        """Take in one event."""
        match event.fact:
            case AuditSubmitted(grade=grade):
                self.grade = grade
            case GradeSettled(grade=grade):
                self.grade = grade
            case AuditModerated(grade=grade, sections=sections):
                self.grade = grade
                self.sections.update(sections)
            case SectionGraded(section=section, grade=grade, grader="auditor"):
                self.sections[section] = grade
            case ActionSet(action=action, owner=owner, jointly=jointly, due=due, due_at=due_at):
                self.actions[action] = Action((owner, *jointly), due, due_at)
            case ActionRedated(action=action, due=due) if action in self.actions:
                self.actions[action].due, self.actions[action].due_at = due, None
            case ClockResumed(last_days=days):
                self._moved(days)
            case ActionCompleted(action=action) | ActionConfirmed(action=action) if action in self.actions:
                self.actions[action].done = True
            case Step() as step:
                self._step(step, event)

    def _moved(self, days: Iterable[LastDay]) -> None:
        for each in days:
            if each.action in self.actions:
                self.actions[each.action].due, self.actions[each.action].due_at = each.due, each.due_at

    def _step(self, step: Step, event: Recorded) -> None:
        if (action := self.overdue(step)) is not None:
            action.told = action.due
        if isinstance(step, EscalationRaised):
            envelope = event.envelope
            known = Raised(fact_id(envelope.authority, envelope.event_id), is_history(event))
            self.raised[step.reference] = known

    def overdue(self, step: Step) -> Action | None:
        """The action that this step is the first to chase after its date; None where it is about none such."""
        action = self.actions.get(step.key) if isinstance(step, NoticeSent | EscalationRaised) else None
        if action is None or action.done or action.due is None or action.told == action.due:
            return None
        return action if passed(step.due, action.due, action.due_at) else None


def standing(events: Iterable[Recorded]) -> Standing:
    """A record after these events."""
    found = Standing()
    for event in events:
        found.apply(event)
    return found


def is_history(event: Recorded) -> bool:
    """Whether the event tells of imported history and not of what happened under Sightline's eyes."""
    fact = event.fact
    return bool(event.envelope.imported) or (isinstance(fact, NoticeSent | EscalationRaised) and fact.reconstructed)
