"""The records that reports count, folded from what the timeline tells of each: every mark knows its event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet
from events.answers import Answer
from events.audits import AuditAllocated, AuditModerated, AuditReassigned, AuditSubmitted, ModeratorAllocated
from events.base import Fact
from events.dates import passed
from events.escalations import EscalationAcknowledged, EscalationRaised, EscalationResolved
from events.findings import AuditAnswered, SectionGraded
from events.grade_disputes import GradeSettled
from events.registers import EntryRecorded, EntryStepped, EntryWithdrawn
from events.registry import decode
from events.stages import Stage, stage_after
from events.stopping import ClockResumed, ClockStopped
from projections.counted_stops import Stops, take_stop

GRADED, MODERATED = "audit.section_graded", "audit.moderated"
"""What gives sections their grades."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A day, and the position of the event that says so."""

    day: date
    position: int


@cache
def event_of(stored_name: str) -> str:
    """The name of an event, without its version."""
    return stored_name.rpartition(".v")[0]


@dataclass(slots=True)
class Told:
    """One event as the timeline holds it; what it says is made out when somebody asks, and once."""

    about: str
    version: int
    position: int
    occurred: datetime
    day: date
    actor: str
    role: str
    policy_version: str
    stored_name: str
    body: str
    _fact: Fact | None = None

    @property
    def fact(self) -> Fact:
        """What it says. Raises ContractError as `events.registry.decode` does."""
        if self._fact is None:
            self._fact = decode(self.stored_name, self.body.encode())
        return self._fact

    @property
    def event(self) -> str:
        """The name of the event, without its version."""
        return event_of(self.stored_name)

    @property
    def mark(self) -> Mark:
        """When it happened, and where it stands."""
        return Mark(self.day, self.position)


@dataclass(slots=True)
class CountedAction:
    """One action of an audit or an entry."""

    action: str
    level: str
    stage: str
    owner: str
    jointly: tuple[str, ...]
    set: Mark
    due: date | None
    due_said: Mark
    original_due: date | None
    completed: Mark | None = None
    confirmed: Mark | None = None
    confirmed_as: str | None = None
    priority: str | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    stops: Stops = field(default_factory=dict)

    @property
    def in_time(self) -> bool:
        """Whether it was done or confirmed by its last day or, where hours are counted, before its instant."""
        if self.done_at is None or self.due is None:
            return False
        return not passed(min((self.done_at, *self.stops.values())), self.due, self.due_at)

    def overdue_on(self, day: date) -> bool:
        """Whether its last day was before that day, while its clock runs."""
        return self.due is not None and self.due < day and not self.stops


@dataclass(slots=True)
class CountedEscalation:
    """One escalation, raised for a step of an obligation."""

    obligation: str
    step: str
    key: str
    due: datetime
    level: int
    title: str
    raised: Mark
    raised_at: datetime
    acknowledged: Mark | None = None
    resolved: Mark | None = None
    resolved_at: datetime | None = None
    how: str | None = None


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """What was answered to a question, as far as it can be counted; of an entry's child, where it looks at several."""

    question: str
    asked_at: str
    plain: tuple[str, ...]
    said: Mark
    child: str | None = None


@dataclass(slots=True)
class CountedAudit:
    """One audit. `marks` holds when each kind of event happened, by its name such as `audit.submitted`, in order.

    The grade `by_auditor` is the one before moderation. The grades of its sections are told apart: `sections_of`.
    """

    about: str
    begun: Mark
    fact: AuditAllocated
    policy_version: str
    auditor: str
    due: date | None
    stage: Stage | None
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    moderator: str | None = None
    moderation_due: date | None = None
    outcome: str | None = None
    by_auditor: str | None = None
    grade: str | None = None
    facts: list[Told] = field(default_factory=list)
    actions: dict[str, CountedAction] = field(default_factory=dict)
    escalations: list[CountedEscalation] = field(default_factory=list)
    answers: list[CountedAnswer] = field(default_factory=list)
    stops: Stops = field(default_factory=dict)

    def overdue_on(self, day: date) -> bool:
        """Whether the last day of its return was before that day, while its clock runs; returned or not."""
        return self.due is not None and self.due < day and not self.stops

    def mark(self, event: str) -> Mark | None:
        """When it happened last; None where it never did."""
        held = self.marks.get(event)
        return held[-1] if held else None


@dataclass(slots=True)
class CountedEntry:
    """One entry of a register; `steps` holds when each later step happened, in order."""

    about: str
    fact: EntryRecorded
    recorded: Mark
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    steps: dict[str, list[Mark]] = field(default_factory=dict)
    withdrawn: Mark | None = None
    facts: list[Told] = field(default_factory=list)
    actions: dict[str, CountedAction] = field(default_factory=dict)
    escalations: list[CountedEscalation] = field(default_factory=list)
    answers: list[CountedAnswer] = field(default_factory=list)


def begun(told: Told, fact: AuditAllocated) -> CountedAudit:
    """An audit of which nothing is known but its allocation."""
    return CountedAudit(told.about, told.mark, fact, told.policy_version, fact.auditor, fact.due, stage=None)


def take_of_audit(audit: CountedAudit, told: Told) -> None:
    """Take in one event of an audit, its allocation too."""
    fact, mark = told.fact, told.mark
    audit.facts.append(told)
    audit.marks.setdefault(told.event, []).append(mark)
    audit.stage = stage_after(audit.stage, fact)
    match fact:
        case AuditReassigned():
            audit.auditor = fact.auditor
        case AuditSubmitted():
            audit.by_auditor = audit.grade = fact.grade
        case ModeratorAllocated():
            audit.moderator, audit.moderation_due = fact.moderator, fact.due
        case AuditModerated():
            audit.moderator, audit.outcome, audit.grade = fact.moderator, fact.outcome, fact.grade
        case GradeSettled():
            audit.grade = fact.grade
        case ClockStopped() | ClockResumed():
            take_stop(audit, fact, told.occurred)
        case AuditAnswered():
            audit.answers += _answered(fact.answers, fact.asked_at, mark)
        case _:
            _common(audit, told)


def sections_of(graded: Iterable[Told], audit: CountedAudit, *, by_auditor: bool) -> dict[str, tuple[str, Mark]]:
    """The grade of each section of the audit with the mark of who gave it last: `by_auditor`, or as it stands.

    `graded` are the events that graded its sections; what practitioners gave themselves is no grade of the audit.
    """
    moderated = () if by_auditor else (each for each in audit.facts if each.event == MODERATED)
    found: dict[str, tuple[str, Mark]] = {}
    for each in sorted((*graded, *moderated), key=lambda told: told.version):
        match each.fact:
            case SectionGraded(grader="auditor") as fact:
                found[fact.section] = (fact.grade, each.mark)
            case AuditModerated() as fact:
                found |= {section: (grade, each.mark) for section, grade in fact.sections.items()}
    return found


def take_of_entry(entry: CountedEntry, told: Told) -> None:
    """Take in one event of an entry, its recording too."""
    fact, mark = told.fact, told.mark
    entry.facts.append(told)
    entry.marks.setdefault(told.event, []).append(mark)
    match fact:
        case EntryRecorded():
            entry.answers += _answered(fact.answers, fact.kind, mark)
            for item in fact.items:
                entry.answers += _answered(item.answers, fact.kind, mark, item.child)
        case EntryStepped():
            entry.steps.setdefault(fact.step, []).append(mark)
            entry.answers += _answered(fact.answers, fact.step, mark)
        case EntryWithdrawn():
            entry.withdrawn = mark
        case _:
            _common(entry, told)


def _answered(
    answers: Iterable[Answer], asked_at: str, mark: Mark, child: str | None = None
) -> Iterator[CountedAnswer]:
    return (CountedAnswer(each.question, asked_at, each.plain, mark, child) for each in answers)


def _common(record: CountedAudit | CountedEntry, told: Told) -> None:
    """What may happen to a record of either kind: its actions and its escalations."""
    fact, mark = told.fact, told.mark
    match fact:
        case ActionSet():
            record.actions[fact.action] = CountedAction(
                fact.action, fact.level, fact.stage, fact.owner, fact.jointly, mark, fact.due, mark, fact.due
            )
            action = record.actions[fact.action]
            action.due_at, action.priority = fact.due_at, fact.priority
        case ActionRedated():
            action = record.actions[fact.action]
            action.due, action.due_at, action.due_said = fact.due, None, mark
        case ActionCompleted():
            action = record.actions[fact.action]
            action.completed, action.done_at = mark, _earlier(action.done_at, told.occurred)
        case ActionConfirmed():
            action = record.actions[fact.action]
            action.confirmed, action.confirmed_as = mark, fact.role
            action.done_at = _earlier(action.done_at, told.occurred)
        case EscalationRaised():
            step = (fact.obligation, fact.step, fact.key, fact.due, fact.level, fact.title)
            record.escalations.append(CountedEscalation(*step, mark, told.occurred))
        case EscalationAcknowledged() | EscalationResolved():
            for each in _meant(record.escalations, fact):
                if isinstance(fact, EscalationAcknowledged):
                    each.acknowledged = mark
                else:
                    each.resolved, each.resolved_at, each.how = mark, told.occurred, fact.how


def _earlier(known: datetime | None, now: datetime) -> datetime:
    return now if known is None else min(known, now)


def _meant(
    held: Iterable[CountedEscalation], fact: EscalationAcknowledged | EscalationResolved
) -> Iterator[CountedEscalation]:
    wanted = (fact.obligation, fact.step, fact.key, fact.due)
    return (each for each in held if (each.obligation, each.step, each.key, each.due) == wanted)
