"""What the facts of one record mean for others: asked of every part, in the order in which the parts stand."""

from collections.abc import Iterable, Iterator, Sequence

from services.core.part import Reaction
from services.core.situation import Decided, Situation


class Reactions:
    """The reactions of all parts."""

    def __init__(self, reactions: Iterable[Reaction]) -> None:
        self._reactions = tuple(reactions)
        # A contract is a class of its own, and no other's base.
        self._told = frozenset(to for each in self._reactions for to in each.to)

    def to(self, decided: Sequence[Decided], situation: Situation) -> Iterator[Decided]:
        """What the facts that were decided mean for other records, in the same batch."""
        if self._told.isdisjoint(type(each.fact) for each in decided):
            return
        for reaction in self._reactions:
            for each in decided:
                if type(each.fact) in reaction.to:
                    yield from reaction.decide(each.fact, situation)
