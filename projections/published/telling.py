"""Which fact is told as which published type: each type declares it once, and nothing else lists them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from events.base import Fact
from events.escalations import Step
from events.published.base import Published
from events.published.message import Message, in_force, message
from events.recorded import Recorded
from projections.published.standing import Standing, is_history

F = TypeVar("F", bound=Fact)
P = TypeVar("P", bound=Published)


@dataclass(frozen=True, slots=True)
class Telling:
    """How facts of one contract are told as one published type.

    `tell` is pure. It gets the fact, its event and the record as it stood before, and gives None where this one is not
    told. `asks` says of which facts it looks at the record at all: that may have to be read.
    """

    kind: type[Published]
    fact: type[Fact]
    tell: Callable[[Any, Recorded, Standing], Published | None]
    asks: Callable[[Any], bool]


def _never(_: Fact) -> bool:
    return False


def always(_: Fact) -> bool:
    """Asked of the record for every fact."""
    return True


def telling(
    kind: type[P],
    fact: type[F],
    tell: Callable[[F, Recorded, Standing], P | None],
    *,
    asks: Callable[[F], bool] = _never,
) -> Telling:
    """Declare how facts of a contract are told as a type."""
    return Telling(kind, fact, tell, asks)


class Language:
    """The published types with what they tell of."""

    def __init__(self, tellings: Iterable[Telling]) -> None:
        self.tellings = tuple(tellings)
        self._by_fact: dict[type[Fact], list[Telling]] = {}
        for each in self.tellings:
            self._by_fact.setdefault(each.fact, []).append(each)

    @property
    def facts(self) -> Mapping[type[Fact], list[Telling]]:
        """What is told of each contract."""
        return self._by_fact

    def asks(self, fact: Fact) -> bool:
        """Whether the record must be known as it stood before, to tell of this fact."""
        return any(each.asks(fact) for each in self._by_fact.get(type(fact), ()))

    def messages(self, event: Recorded, before: Standing, *, stored: date, old: bool = False) -> Iterator[Message]:
        """Every message about the event: none for most facts, several where a type has versions beside each other.

        `stored` is the day on which the server stored it, which says what versions are in force; `old`, that it was
        stored before anything was published at all. The same arguments give the same messages.
        """
        for each in self._by_fact.get(type(event.fact), ()):
            if not in_force(each.kind, stored):
                continue
            told = each.tell(event.fact, event, before)
            if told is not None:
                yield message(told, event, reconstructed=old or is_old(event, before))


def is_old(event: Recorded, before: Standing) -> bool:
    """Whether the event is no news: imported, reconstructed, or an answer to what was."""
    raised = before.raised.get(event.fact.reference) if isinstance(event.fact, Step) else None
    return is_history(event) or (raised is not None and raised.reconstructed)
