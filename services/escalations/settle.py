"""One answer for the timekeeper, the escalator and the sweeper: what is to be recorded now, and what later.

The answer is a pure function of history, policy, directory and the instant, so asking twice, in two processes,
or after a crash gives the same facts; the append that follows is conditional on the history that was read.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.escalations import (
    EscalationRaised,
    EscalationResolved,
    NoticeLapsed,
    NoticeSent,
    Recipient,
    Step,
)
from events.recorded import Recorded
from services.core.record import Kind, Record
from services.directory.recipients import Lookup, Named
from services.directory.state import Directory
from services.obligations.engine import obligations
from services.obligations.model import Obligation, Rung
from services.obligations.steps import Told, identity_of
from services.policy.versions import Policies

LATE_AFTER = timedelta(hours=1)
"""A step recorded more than this after its time is marked late: a restart is no delay, an outage is."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A fact to record, when it counts as having happened, and the event that it follows from."""

    fact: Step
    occurred: datetime
    cause: Recorded


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is to be recorded now, the rungs still to come, and every obligation behind them."""

    facts: tuple[Settled, ...]
    pending: tuple[Rung, ...]
    owed: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A record by its whole history, of which nothing is worked out before somebody is looked for whom to tell.

    Of most records that are worked out nobody is to be told anything.
    """

    aggregate: str
    kind: Kind
    history: Sequence[Recorded]

    def after(self, history: Iterable[Recorded]) -> Record:
        """The record as it would stand after these of its events."""
        return Record.of(self.aggregate, self.kind, history)


def settle(
    record: Record | Unfolded,
    policies: Policies,
    directory: Directory | None,
    now: datetime,
    *,
    held: Collection[str] = frozenset(),
) -> Settlement:
    """Work out one record. On the history that it leads to, it finds nothing more to record at the same instant.

    `held` names imports that are still open: what follows from them waits until they have told all they know. Without a
    directory nobody is looked for whom to tell, and the facts say that there is something to be recorded, no more.
    """
    owed = obligations(record.history, policies)
    desk = _Desk(record, policies, directory, now)
    pending: list[Rung] = []
    for rung, obligation in sorted(
        ((rung, each) for each in owed for rung in each.rungs), key=lambda pair: (pair[0].due, pair[0].identity)
    ):
        if rung.identity in desk.told.identities or obligation.trigger.envelope.imported in held:
            continue
        if obligation.verdict(rung, now) == "pending":
            if obligation.fell_away is None or obligation.fell_away > now:
                pending.append(rung)
        else:
            desk.record(rung, obligation)
    desk.resolve(owed)
    return Settlement(tuple(desk.facts), tuple(pending), owed)


class _Desk:
    """Collects the facts of one settlement; each step is recorded once, also within it."""

    def __init__(self, of: Record | Unfolded, policies: Policies, directory: Directory | None, now: datetime) -> None:
        self.of = of
        history = of.history
        self.policies = policies
        self.directory = directory
        self.now = now
        self.facts: list[Settled] = []
        self.steps = [each.fact for each in history if isinstance(each.fact, Step)]
        self.told = Told(history)
        self._stood: dict[int, Record] = {}
        self.raised = {
            each.fact.reference: each.envelope.occurred for each in history if isinstance(each.fact, EscalationRaised)
        }

    def record(self, rung: Rung, obligation: Obligation) -> None:
        reconstructed = obligation.is_reconstructed(rung)
        occurred = obligation.settles_at(rung, self.now)
        verdict = obligation.verdict(rung, self.now)
        told = self._recipients(rung, obligation, occurred) if verdict == "send" else ()
        identity = {
            "obligation": rung.obligation,
            "step": rung.step,
            "key": rung.key,
            "due": rung.due,
            "trigger": rung.trigger,
            "number": rung.number,
        }
        late = not reconstructed and self.now - rung.due > LATE_AFTER
        title = obligation.titled(rung, occurred)
        fact: Step
        if verdict != "send":
            fact = NoticeLapsed(**identity, reason=verdict, title=title)
        elif not told:
            fact = NoticeLapsed(**identity, reason="nobody_told", title=title)
        elif rung.kind == "escalation":
            fact = EscalationRaised(
                **identity,
                level=rung.level,
                title=title,
                recipients=told,
                late=late,
                reconstructed=reconstructed,
            )
        else:
            fact = NoticeSent(
                **identity,
                kind=rung.kind,
                title=title,
                recipients=told,
                late=late,
                reconstructed=reconstructed,
            )
        self._add(fact, occurred, obligation.trigger)
        self.told.identities.add(rung.identity)

    def resolve(self, owed: Sequence[Obligation]) -> None:
        """Resolve what is open although its obligation has been met or has fallen away."""
        resolved = {step.reference for step in self.steps if isinstance(step, EscalationResolved)}
        keys = {(each.name, each.trigger.envelope.event_id): each.key for each in owed}
        for step in [each for each in self.steps if isinstance(each, EscalationRaised)]:
            if step.reference in resolved:
                continue
            obligation, _, trigger, _ = self.told.of_raised[step.reference]
            key = keys.get((obligation, trigger), step.key)
            behind = [each for each in owed if each.name == obligation and each.key == key]
            ends = [ended for each in behind if (ended := each.ended()) is not None and ended[0] <= self.now]
            if behind and len(ends) == len(behind):
                when, how = max(ends)
                fact = EscalationResolved(
                    obligation=step.obligation,
                    step=step.step,
                    key=step.key,
                    due=step.due,
                    trigger=step.trigger,
                    number=step.number,
                    how="discharged" if how == "met" else "withdrawn",
                )
                self._add(fact, max(when, self.raised[step.reference]), behind[-1].trigger)

    def _add(self, fact: Step, occurred: datetime, cause: Recorded) -> None:
        self.facts.append(Settled(fact, occurred, cause))
        self.steps.append(fact)
        if isinstance(fact, EscalationRaised):
            self.raised[fact.reference] = occurred
            self.told.of_raised[fact.reference] = identity_of(fact)

    def _recipients(self, rung: Rung, obligation: Obligation, at: datetime) -> tuple[Recipient, ...]:
        if self.directory is None:
            return ()
        policy = self.policies.version(obligation.trigger.envelope.policy_version)
        lookup = Lookup(self.directory, policy, at)
        people = self._named(rung, obligation, at)
        found: dict[tuple[str, str | None, str | None], Recipient] = {}
        for addressee in rung.to:
            named = self._told(addressee.told) if addressee.told else lookup.recipients(addressee, people)
            for each in named:
                found.setdefault((each.role, each.unit, each.holder), each)
        return tuple(found.values())

    def _told(self, obligation: str) -> Iterator[Recipient]:
        for step in self.steps:
            if isinstance(step, NoticeSent | EscalationRaised) and step.obligation == obligation:
                yield from step.recipients

    def _named(self, rung: Rung, obligation: Obligation, at: datetime) -> Named:
        """The people whom the record named at that instant."""
        held = self.of.history
        acts = [each for each in held if not isinstance(each.fact, Step) and each.envelope.occurred <= at]
        if len(acts) not in self._stood:  # of two instants the later one has all acts of the earlier one
            self._stood[len(acts)] = self.of.after(acts)
        return self._stood[len(acts)].names(rung.key, obligation.trigger)
