"""One record's history as the engine asks it: names, dates, grades and actions, in the order of recording."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from itertools import accumulate

from events.actions import ActionConfirmed, ActionRedated, ActionSet
from events.audits import AuditAllocated, AuditExempted, AuditModerated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.escalations import EscalationAcknowledged, EscalationResolved, Step
from events.grade_disputes import GradeSettled
from events.recorded import Recorded
from events.registers import EntryWithdrawn
from events.stopping import ClockResumed, ClockStopped
from services.clock import local_date
from services.obligations.moments import When
from services.obligations.occasions import Grades, Occasion
from services.obligations.standing import WITHDRAWING, taken_back
from services.obligations.steps import Told, identity_of
from services.obligations.stopping import Stop, stops_of
from services.policy.model import ObligationRule

GRADING = (AuditSubmitted, AuditModerated, GradeSettled)
"""What gives an overall grade."""

ENDING = (AuditVoided, AuditExempted, EntryWithdrawn)
"""What ends every clock of a record."""


def event_name(recorded: Recorded) -> str:
    """The event as a policy names it: its stored name without the version of its contract."""
    return name_of(recorded.fact)


def _stood(names: Sequence[str], ends: Sequence[datetime | None], when: datetime, before: int) -> frozenset[str]:
    """What had happened before the act at that place, and stood at that instant."""
    return frozenset(names[at] for at in range(before) if (until := ends[at]) is None or until > when)


def name_of(fact: Fact) -> str:
    """A fact's stored name without the version of its contract."""
    return _unversioned(fact.stored_name)


@lru_cache(maxsize=1_024)
def _name_of_act(kind: type[Fact]) -> str | None:
    """The name of what is an act of that kind; None for a step, which the engine itself had recorded."""
    return None if issubclass(kind, Step) else _unversioned(kind.stored_name)


@lru_cache(maxsize=1_024)
def _unversioned(stored_name: str) -> str:
    return stored_name.rpartition(".v")[0]


STOPPING = (ClockStopped, ClockResumed)
"""What lets clocks of a record stand still and go on."""


def grade_after(fact: Fact, grade: str | None) -> str | None:
    """The overall grade after a fact, where it was this one before."""
    return fact.grade if isinstance(fact, GRADING) else grade  # a union would be made anew for every act


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


Finding = Callable[[Occasion], ObligationRule | None]


class Log:
    """The acts of one record. What the engine itself had recorded (notices and escalations) is left out.

    History is gone through once, by the kinds of its facts; what few rules ask for is worked out when one does.
    """

    def __init__(self, history: Sequence[Recorded]) -> None:
        self.acts: list[Recorded] = []
        self._steps: list[Recorded] = []
        self._kinds: dict[type[Fact], list[int]] = {}
        for each in history:
            kind = type(each.fact)
            places = self._kinds.get(kind)
            if places is None:
                name = _name_of_act(kind)
                if name is None:
                    self._steps.append(each)
                    continue
                places = self._kinds[kind] = []
            places.append(len(self.acts))
            self.acts.append(each)
        self._named: Mapping[str, Sequence[int]] = _by_name(self._kinds)
        self.happened = frozenset(self._named)
        self.instants: Mapping[str, datetime] = {name: _occurred(self.acts[at[0]]) for name, at in self._named.items()}
        """When the first act of each name happened."""
        ended = self._of(*ENDING)
        self.stopped: datetime | None = _occurred(ended[0]) if ended else None
        """When the audit was voided or exempted or the entry withdrawn, which ends all its clocks."""
        self.taken_back = taken_back(self.acts) if self._of(*WITHDRAWING) else [None] * len(self.acts)
        """For each act when it was taken back, None if it stands (A-ALL-14)."""
        self._whens: dict[str, When] = {}
        self._occasions: dict[int, Occasion] = {}
        self._dated: dict[tuple[int, str], ObligationRule | None] = {}

    @cached_property
    def names(self) -> list[str]:
        """What each act is called."""
        return [event_name(each) for each in self.acts]

    def _of(self, *kinds: type[Fact]) -> list[Recorded]:
        """The acts of these kinds, in order. No contract is the base of another, so that each is found by its own."""
        held = [self._kinds[kind] for kind in kinds if kind in self._kinds]
        return [self.acts[place] for place in _merged(held)] if held else []

    @cached_property
    def answered(self) -> Mapping[tuple[str, str, str], datetime]:
        """When an escalation was first acknowledged or resolved by a person: by obligation, step and trigger."""
        return _answered(self._steps)

    @cached_property
    def audit_type(self) -> str | None:
        """The type of the audit, once it was allocated."""
        facts = (act.fact for act in self._of(AuditAllocated))
        return next((fact.audit_type for fact in facts if isinstance(fact, AuditAllocated)), None)

    @cached_property
    def grades(self) -> list[Grades]:
        """The overall grade before and after each act."""
        return list(self._grades())

    def _grades(self) -> Iterator[Grades]:
        grade: str | None = None
        for each in self.acts:
            before, grade = grade, grade_after(each.fact, grade)
            yield before, grade

    @cached_property
    def graded(self) -> frozenset[str | None]:
        """Every overall grade that the record ever had."""
        return frozenset(grade_after(each.fact, None) for each in self._of(*GRADING))

    def at(self, name: str) -> Sequence[int]:
        """Where the acts of that name stand, in order."""
        return self._named.get(name, ())

    def places(self, names: Collection[str]) -> Sequence[int]:
        """Where the acts of these names stand, in order."""
        return _merged([self._named[name] for name in dict.fromkeys(names) if name in self._named])

    def occasion(self, place: int) -> Occasion:
        """The act at that place, with how the record stood then."""
        found = self._occasions.get(place)
        if found is None:  # one act starts the clocks of many rules
            # It must hold nothing of the log itself: what holds itself is freed by the collector alone, and late.
            before = partial(_stood, self.names, self.taken_back, self.acts[place].envelope.occurred, place)
            found = Occasion(self.acts[place].fact, self.names[place], self.audit_type, self.grades[place], before)
            self._occasions[place] = found
        return found

    def dated(self, act: Recorded, version: str, found: Finding) -> ObligationRule | None:
        """Which rule's last day an act carries by a version, as it is `found` by the act's occasion: asked once."""
        asked = (act.originator_version, version)
        if asked not in self._dated:
            self._dated[asked] = found(self.occasion(self.acts.index(act)))
        return self._dated[asked]

    def names_standing(self, when: datetime) -> frozenset[str]:
        """What has happened and stood at that instant."""
        return _stood(self.names, self.taken_back, when, len(self.names))

    def sums(self, names: Collection[str], field: str | None) -> list[tuple[datetime, int]]:
        """What a number in the events of these names had added up to after each of them; nothing without a field."""
        if field is None:
            return []
        acts = [self.acts[place] for place in self.places(names)]
        acts.sort(key=lambda act: act.envelope.occurred)
        totals = accumulate(getattr(act.fact, field) for act in acts)
        return [(act.envelope.occurred, total) for act, total in zip(acts, totals, strict=True)]

    def when(self, name: str) -> When | None:
        """The day of the first act of that name."""
        if name not in self.happened:
            return None
        if name not in self._whens:
            self._whens[name] = When(local_date(self.instants[name]))
        return self._whens[name]

    def redates(self, action: str) -> list[Recorded]:
        """The later dates agreed for an action, in order."""
        agreed = self._of(ActionRedated)
        return [each for each in agreed if isinstance(each.fact, ActionRedated) and each.fact.action == action]

    @cached_property
    def pauses(self) -> list[tuple[date, date]]:
        """The spans, from the day of each agreement to the agreed date, joined where they overlap."""
        spans = sorted(
            (local_date(each.envelope.occurred), each.fact.due)
            for each in self._of(ActionRedated)
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
        return stops_of(self._of(*STOPPING))

    @cached_property
    def first_action(self) -> datetime | None:
        """When the first action was set."""
        return min((act.envelope.occurred for act in self._of(ActionSet)), default=None)

    @cached_property
    def confirmations(self) -> list[tuple[datetime, bool]]:
        """At each act on actions: whether no action then awaited confirmation. Before any action: none did.

        An obligation that is about the confirmation alone is not met by that: see `first_action`.
        """
        changes: list[tuple[datetime, bool]] = []
        waiting: set[str] = set()
        first = min(self.acts, key=_occurred, default=None)
        for each in sorted(self._of(ActionSet, ActionConfirmed), key=_occurred):
            if not changes and first is not None and first is not each:
                changes.append((first.envelope.occurred, True))
            match each.fact:
                case ActionSet(action=action):
                    waiting.add(action)
                case ActionConfirmed(action=action):
                    waiting.discard(action)
            changes.append((each.envelope.occurred, not waiting))
        return changes or ([] if first is None else [(first.envelope.occurred, True)])


def _by_name(kinds: Mapping[type[Fact], list[int]]) -> Mapping[str, Sequence[int]]:
    """Where the acts of each name stand: those of several kinds may have one, in several versions."""
    found: dict[str, list[Sequence[int]]] = {}
    for kind, places in kinds.items():
        found.setdefault(_unversioned(kind.stored_name), []).append(places)
    return {name: _merged(held) for name, held in found.items()}


def _merged(held: Sequence[Sequence[int]]) -> Sequence[int]:
    return held[0] if len(held) == 1 else sorted(place for places in held for place in places)


def _occurred(act: Recorded) -> datetime:
    return act.envelope.occurred
