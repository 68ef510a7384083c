"""Histories of records that an import is bringing in, from the events that go by: nobody asks the stream for them.

An import brings what happened to a record over months within seconds, and whoever works the record out would read all
of it again for each part. What is held is bounded, and nothing rests on it: a record of which anything else came than
what follows on what is held is read from the stream.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from events.imports import ImportClosed
from events.losses import DamageAccepted, LossAccepted
from events.recorded import Recorded

HELD = 20 * 2**20
"""Bytes that the events which are held may take, of all authorities together."""

BESIDE = 2_000
"""Bytes that an event takes beside its body: its envelope, as Python holds it."""


class InHand:
    """Whole histories of records that began with an import, of every authority; from any number of threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], list[Recorded]] = OrderedDict()
        self._weights: dict[tuple[str, str], int] = {}
        self._weight = 0
        self._lock = Lock()

    def take(self, authority: str, batch: Sequence[Recorded]) -> dict[str, list[Recorded]]:
        """Take events of an authority in their order; the histories up to then of those records of which all is held.

        A repeat changes nothing. At the end of an import nothing is held of the authority any more, nor where damage or
        loss of its history was accepted, of which what is held may tell.
        """
        with self._lock:
            if any(isinstance(each.fact, DamageAccepted | LossAccepted) for each in batch):
                self._forget(authority)
            for event in batch:
                self._take(authority, event)
            abouts = dict.fromkeys(each.originator_id for each in batch)
            found = {about: list(held) for about in abouts if (held := self._held.get((authority, about)))}
            if any(isinstance(each.fact, ImportClosed) for each in batch):
                self._forget(authority)
            while self._weight > HELD:
                self._drop(next(iter(self._held)))
        return found

    def _take(self, authority: str, event: Recorded) -> None:
        place = authority, event.originator_id
        held = self._held.get(place)
        if held is None:
            if event.originator_version == 1 and event.envelope.imported:
                self._held[place] = [event]
                self._weigh(place, event)
            return
        self._held.move_to_end(place)
        version = event.originator_version
        if version == len(held) + 1:
            held.append(event)
            self._weigh(place, event)
        elif not (1 <= version <= len(held) and _same(held[version - 1], event)):
            self._drop(place)

    def _drop(self, place: tuple[str, str]) -> None:
        del self._held[place]
        self._weight -= self._weights.pop(place)

    def _weigh(self, place: tuple[str, str], event: Recorded) -> None:
        """Add what one event weighs, which takes as long as to write it out: so that it is not asked again."""
        weight = len(event.fact.model_dump_json()) + BESIDE
        self._weights[place] = self._weights.get(place, 0) + weight
        self._weight += weight

    def _forget(self, authority: str) -> None:
        for place in [each for each in self._held if each[0] == authority]:
            self._drop(place)


def _same(one: Recorded, other: Recorded) -> bool:
    return (one.position, one.fingerprint) == (other.position, other.fingerprint)
