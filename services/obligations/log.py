"""One record's history as the engine asks it: names, dates, grades and actions, in the order of recording."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import accumulate

from events.actions import ActionConfirmed, ActionRedated, ActionSet
from events.answers import Answer
from events.audits import AuditAllocated, AuditExempted, AuditModerated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.escalations import EscalationAcknowledged, EscalationResolved, Step
from events.grade_disputes import GradeSettled
from events.recorded import Recorded
from events.registers import EntryWithdrawn
from services.clock import local_date
from services.obligations.moments import When
from services.obligations.standing import taken_back
from services.obligations.steps import Told, identity_of
from services.obligations.stopping import Stop, stops_of
from services.policy.model import ObligationRule, Policy

GRADING = (AuditSubmitted, AuditModerated, GradeSettled)
"""What gives an overall grade."""

ENDING = (AuditVoided, AuditExempted, EntryWithdrawn)
"""What ends every clock of a record."""


def event_name(recorded: Recorded) -> str:
    """The event as a policy names it: its stored name without the version of its contract."""
    return name_of(recorded.fact)


def name_of(fact: Fact) -> str:
    """A fact's stored name without the version of its contract."""
    return _unversioned(fact.stored_name)


@lru_cache(maxsize=1_024)
def _unversioned(stored_name: str) -> str:
    return stored_name.rpartition(".v")[0]


def grade_after(fact: Fact, grade: str | None) -> str | None:
    """The overall grade after a fact, where it was this one before."""
    return fact.grade if isinstance(fact, GRADING) else grade  # a union would be made anew for every act


def holds(fact: Fact, name: str, value: object) -> bool:
    """Whether a field of the fact has the value or, if it has no such field, its answer to that question does."""
    if name in type(fact).model_fields:
        return bool(getattr(fact, name) == value)
    answers: tuple[Answer, ...] = getattr(fact, "answers", ())
    return any(value in ((each.yes, *(each.chosen or ()))) for each in answers if each.question == name)


def _answered(steps: Sequence[Recorded]) -> dict[tuple[str, str, str], datetime]:
    """When an escalation was first acknowledged or resolved by a person: by obligation, step and trigger."""
    told = Told(steps)
    answered: dict[tuple[str, str, str], datetime] = {}
    for each in steps:
        fact = each.fact
        if isinstance(fact, EscalationAcknowledged) or (
            isinstance(fact, EscalationResolved) and fact.how == "resolved"
        ):
            obligation, step, trigger, _ = told.of_raised.get(fact.reference, identity_of(fact))
            answered.setdefault((obligation, step, trigger), each.envelope.occurred)
    return answered


Finding = Callable[[int], ObligationRule | None]


class Log:
    """The acts of one record. What the engine itself had recorded (notices and escalations) is left out."""

    def __init__(self, history: Sequence[Recorded]) -> None:
        self.acts: list[Recorded] = []
        steps: list[Recorded] = []
        for each in history:
            (steps if isinstance(each.fact, Step) else self.acts).append(each)
        self.answered = _answered(steps)
        self.audit_type = next((act.fact.audit_type for act in self.acts if isinstance(act.fact, AuditAllocated)), None)
        self.names = [event_name(each) for each in self.acts]
        self.happened = frozenset(self.names)
        self.grades = list(self._grades())
        self.taken_back = taken_back(self.acts)
        self.stopped = self._stopped()
        self._dates: dict[int, dict[str, When]] = {}
        self._before: dict[int, frozenset[str]] = {}
        self._dated: dict[tuple[int, str], ObligationRule | None] = {}

    def _grades(self) -> Iterator[tuple[str | None, str | None]]:
        """The overall grade before and after each act."""
        grade: str | None = None
        for each in self.acts:
            before, grade = grade, grade_after(each.fact, grade)
            yield before, grade

    def _stopped(self) -> datetime | None:
        """When the audit was voided or exempted or the entry withdrawn, which ends all its clocks."""
        return next((each.envelope.occurred for each in self.acts if isinstance(each.fact, ENDING)), None)

    def places(self, names: Collection[str]) -> list[int]:
        """Where the acts of these names stand, in order."""
        return sorted(place for name in dict.fromkeys(names) for place in self._places.get(name, ()))

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, name in enumerate(self.names):
            found.setdefault(name, []).append(place)
        return found

    def dates_in(self, act: Recorded) -> Mapping[str, When]:
        """The dates that an act carries, as a policy names them when it starts a clock (`trigger.starts`)."""
        if act.originator_version not in self._dates:  # one act starts the clocks of many rules
            held = ((name, each) for name, each in act.fact.__dict__.items() if isinstance(each, date))
            found = {f"trigger.{name}": When(each) for name, each in held if not isinstance(each, datetime)}
            self._dates[act.originator_version] = found
        return self._dates[act.originator_version]

    def dated(self, act: Recorded, policy: Policy, found: Finding) -> ObligationRule | None:
        """Which rule's last day an act carries by this policy, as it is `found` by the act's place: asked once."""
        asked = (act.originator_version, policy.version)
        if asked not in self._dated:
            self._dated[asked] = found(self.acts.index(act))
        return self._dated[asked]

    def names_before(self, index: int) -> frozenset[str]:
        """What had happened before an act and stood then."""
        if index not in self._before:
            self._before[index] = frozenset(self.names_standing(self.acts[index].envelope.occurred, before=index))
        return self._before[index]

    def names_standing(self, when: datetime, *, before: int | None = None) -> set[str]:
        """What has happened, or had before an act, and stood at that instant."""
        known = zip(self.names[:before], self.taken_back[:before], strict=True)
        return {name for name, until in known if until is None or until > when}

    def sums(self, names: Collection[str], field: str | None) -> list[tuple[datetime, int]]:
        """What a number in the events of these names had added up to after each of them; nothing without a field."""
        if field is None:
            return []
        acts = [act for act, name in zip(self.acts, self.names, strict=True) if name in names]
        acts.sort(key=lambda act: act.envelope.occurred)
        totals = accumulate(getattr(act.fact, field) for act in acts)
        return [(act.envelope.occurred, total) for act, total in zip(acts, totals, strict=True)]

    def when(self, name: str) -> When | None:
        """The day of the first act of that name."""
        return When(local_date(self.instants[name])) if name in self.happened else None

    @cached_property
    def instants(self) -> Mapping[str, datetime]:
        """When the first act of each name happened."""
        found: dict[str, datetime] = {}
        for name, act in zip(self.names, self.acts, strict=True):
            found.setdefault(name, act.envelope.occurred)
        return found

    def redates(self, action: str) -> list[Recorded]:
        """The later dates agreed for an action, in order."""
        return [each for each in self.acts if isinstance(each.fact, ActionRedated) and each.fact.action == action]

    def pauses(self) -> list[tuple[date, date]]:
        """The spans, from the day of each agreement to the agreed date, joined where they overlap."""
        spans = sorted(
            (local_date(each.envelope.occurred), each.fact.due)
            for each in self.acts
            if isinstance(each.fact, ActionRedated)
        )
        joined: list[tuple[date, date]] = []
        for start, end in spans:
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            elif end > start:
                joined.append((start, end))
        return joined

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """The grounds on which clocks of the record stood still."""
        return stops_of(self.acts)

    @cached_property
    def first_action(self) -> datetime | None:
        """When the first action was set."""
        return min((act.envelope.occurred for act in self.acts if isinstance(act.fact, ActionSet)), default=None)

    def confirmations(self) -> list[tuple[datetime, bool]]:
        """At each act on actions: whether no action then awaited confirmation. Before any action: none did.

        An obligation that is about the confirmation alone is not met by that: see `first_action`.
        """
        changes: list[tuple[datetime, bool]] = []
        waiting: set[str] = set()
        for each in sorted(self.acts, key=lambda act: act.envelope.occurred):
            match each.fact:
                case ActionSet(action=action):
                    waiting.add(action)
                case ActionConfirmed(action=action):
                    waiting.discard(action)
                case _ if changes:
                    continue
            changes.append((each.envelope.occurred, not waiting))
        return changes
