"""Which counts add up to another one, told by what they count: every record of it once, and none besides. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

STEPS = 200
"""So many attempts are made for one number and one line of a table; real ones need a few."""


@dataclass(frozen=True, slots=True)
class Bags:
    """Bags of records, each as one whole number with so many bits for each record: how often it is counted.

    The uppermost of these bits is never set, so that whether one bag is in another is one subtraction.
    """

    held: Mapping[int, int]
    guards: int
    width: int

    @classmethod
    def of(cls, records: Mapping[int, Sequence[str]]) -> "Bags":
        """The bags of some numbers, by the places of these."""
        often = {place: Counter(each) for place, each in records.items() if each}
        width = max((count for each in often.values() for count in each.values()), default=0).bit_length() + 1
        found = dict.fromkeys(record for each in often.values() for record in each)
        shift = {record: at * width for at, record in enumerate(found)}
        guards = sum(1 << (each + width - 1) for each in shift.values())
        bags = {place: sum(count << shift[record] for record, count in each.items()) for place, each in often.items()}
        return cls(bags, guards, width)

    def within(self, part: int, whole: int) -> bool:
        """Whether all of a bag is in another."""
        return ((whole | self.guards) - part) & self.guards == self.guards

    def covers(self, whole: int, parts: Iterable[int]) -> Iterator[tuple[int, ...]]:
        """The places that together hold what is in the bag of `whole`: two of them at least, each once."""
        target = self.held[whole]
        bags = {place: self.held[place] for place in parts if place in self.held and place != whole}
        inside = [(bag, place) for place, bag in bags.items() if bag != target and self.within(bag, target)]
        union = 0
        for bag, _ in inside:
            union |= bag
        if len(inside) > 1 and self._first(union) is not None:
            yield from _Search(self, inside).covering(target, ())

    def _first(self, bag: int) -> int | None:
        """The place of the first record of a bag."""
        return None if not bag else ((bag & -bag).bit_length() - 1) // self.width


@dataclass(slots=True)
class _Search:
    bags: Bags
    inside: Sequence[tuple[int, int]]
    steps: int = STEPS

    def covering(self, left: int, taken: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """What covers the rest: first of all whatever holds its first record."""
        if not left:
            yield taken
            return
        record = left & -left
        at = (record.bit_length() - 1) // self.bags.width * self.bags.width
        own = ((1 << self.bags.width) - 1) << at
        for bag, place in self.inside:
            if bag & own and place not in taken and self.bags.within(bag, left):
                self.steps -= 1
                if self.steps < 0:
                    return
                yield from self.covering(left - bag, (*taken, place))
