"""A fact as history holds it: with its envelope, its place in its aggregate and its place in the stream."""

from dataclasses import dataclass, field, fields
from typing import NamedTuple

from events.base import Fact
from events.envelope import Envelope


@dataclass(frozen=True, slots=True, init=False)
class Recorded:
    """One event of one aggregate.

    `originator_id` is `<kind>/<reference>`, such as `audit/A-17`; versions start at 1 and have no holes.
    `position` is the sequence in the authority's stream, None before the event is stored. `fingerprint` is the content
    hash under which it is stored, "" before that: it tells this event from any other, wherever it is met again.
    """

    originator_id: str
    originator_version: int
    fact: Fact
    envelope: Envelope
    position: int | None = None
    fingerprint: str = field(default="", compare=False)

    def __init__(
        self,
        originator_id: str,
        originator_version: int,
        fact: Fact,
        envelope: Envelope,
        position: int | None = None,
        fingerprint: str = "",
    ) -> None:
        # As of an envelope: one is made for each event that is read.
        _originator_id(self, originator_id)
        _originator_version(self, originator_version)
        _fact(self, fact)
        _envelope(self, envelope)
        _position(self, position)
        _fingerprint(self, fingerprint)

    @property
    def reference(self) -> str:
        """The aggregate's own reference, without its kind."""
        return self.originator_id.partition("/")[2]


_originator_id, _originator_version, _fact, _envelope, _position, _fingerprint = (
    getattr(Recorded, each.name).__set__ for each in fields(Recorded)
)
"""What puts each part of an event in its place, which nobody changes after that."""


class Unread(NamedTuple):
    """One event as the stream holds it, whose body nobody has read yet: `Recorded` without its fact.

    `stands_in` says that it stands in the place of one that is damaged, and was accepted as lost.
    """

    originator_id: str
    originator_version: int
    stored_name: str
    body: bytes
    envelope: Envelope
    position: int | None
    fingerprint: str
    stands_in: bool = False
