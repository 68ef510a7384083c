"""Which steps of which clocks a history tells of, whatever hour or day they were worked out for."""

from collections import Counter
from collections.abc import Sequence

from events.escalations import OUTCOMES, EscalationRaised, Reference, Step
from events.recorded import Recorded

Identity = tuple[str, str, str, int]
"""Obligation, step, the event that fixed the clock, and how often the step was said before.

An event fixes one clock of an obligation at most, so that its id stands for the item as well. The key of the item is
left out: of the second and third clock of a kind it is a number, which an edited condition moves.
"""


class Told:
    """The steps that were recorded, as sent, raised or lapsed.

    `identities` holds each of them; `of_raised` the identity of an escalation by what was recorded of it, which
    every answer to it repeats.
    """

    def __init__(self, history: Sequence[Recorded]) -> None:
        self.identities: set[Identity] = set()
        self.of_raised: dict[Reference, Identity] = {}
        unnamed: Counter[tuple[str, str, str]] = Counter()
        for each in history:
            fact = each.fact
            if not isinstance(fact, OUTCOMES):  # a union would be made anew for every event
                continue
            identity = identity_of(fact)
            if not fact.trigger:
                clock = (fact.obligation, fact.step, each.envelope.causation)
                identity = (*clock, unnamed[clock])
                unnamed[clock] += 1
            self.identities.add(identity)
            if isinstance(fact, EscalationRaised):
                self.of_raised[fact.reference] = identity


def identity_of(step: Step) -> Identity:
    """The identity of a step that names its trigger."""
    return (step.obligation, step.step, step.trigger, step.number)
