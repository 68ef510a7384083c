"""What travels between the process that decides and the one that appends for it (see `workers.recording.beside`)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import Enum, auto
from operator import attrgetter
from typing import Any, NamedTuple, Self

from events import registry
from events.envelope import Envelope
from events.recorded import Recorded
from services.settings import Settings
from services.store.application import History
from services.store.mapper import body_to_store
from services.store.stored import StoredFact


@dataclass(frozen=True, slots=True)
class Place:
    """Where the process writes: whose history, on which server, and how it is reached."""

    settings: Settings
    authority: str
    url: str

    def history(self) -> History:
        """That history, of the caller's own. StoreUnavailable when it cannot be reached."""
        credentials, archives = self.settings.nats_credentials, self.settings.archives_folder
        return History(self.authority, self.url, credentials=credentials, archives=archives)


class Said(Enum):
    """What the process says of itself, beside its answers."""

    READY = auto()


_rest_of = attrgetter(*[each.name for each in fields(Envelope)][1:])


class Batch(NamedTuple):
    """Events on their way to the process, as plain values: each with its body, and which of the envelopes it has.

    Those of one command have the same one but for its id.
    """

    events: list[tuple[str, int, str, bytes, str, int]]
    envelopes: list[tuple[Any, ...]]

    @classmethod
    def of(cls, recorded: Iterable[Recorded]) -> Self:
        """The events as they travel."""
        batch = cls([], [])
        last: tuple[Any, ...] = ()
        for each in recorded:
            fact, told = each.fact, each.envelope
            rest = _rest_of(told)
            if rest != last:
                batch.envelopes.append(rest)
                last = rest
            body = registry.encode(fact)
            place = len(batch.envelopes) - 1
            batch.events.append(
                (each.originator_id, each.originator_version, fact.stored_name, body, told.event_id, place)
            )
        return batch

    def to_store(self) -> list[StoredFact]:
        """The same events as they are stored."""
        return [
            body_to_store(aggregate, version, name, body, Envelope(event_id, *self.envelopes[place]))
            for aggregate, version, name, body, event_id, place in self.events
        ]


class Order(NamedTuple):
    """That a batch is to be written: the first `foretold` of what was told before, unless it is given here.

    In either case those are not to be expected any more.
    """

    foretold: int
    batch: Batch | None = None
