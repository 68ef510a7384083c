"""Opening texts for somebody who needs to know them (A-ALL-15): no reading without a record of it.

The policy says in which roles (`texts.open`), the directory who holds them, and the record who its auditor, moderator
or worker is. A post of a team or a service opens what is about that team or service: it is the line of management. What
the rest of an answer says is closed to nobody who may ask for it; only its texts are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from events.reads import OpenedRecord, TextsOpened
from events.recorded import Recorded
from services.clock import Clock, local_date
from services.core.own_events import own_envelope
from services.core.own_names import OPERATOR, SYSTEM_ROLE
from services.core.random_ids import random_id
from services.texts.asking import Reader, Sealed

if TYPE_CHECKING:
    from services.core.catalogue import Catalogue
    from services.core.kept import KeptDirectory
    from services.core.writing import Store
    from services.policy.model import Policy
    from services.policy.versions import Name

CLOSED = "[closed]"
"""What stands in place of a text that the reader does not need to know."""

MOST = 200
"""Records that one event names; a reading of more is told by several."""


class Keys(Protocol):
    """What opening needs of the keyring."""

    def unseal(self, sealed: str, field: str) -> object:
        """The text, or something else, which prints itself, where its key is gone."""
        ...


class Framework(Protocol):
    """What opening needs of the authority's policies: what they say, only where a reader is looked for."""

    def in_force(self, day: date) -> "Policy":
        """The version in force on a day."""
        ...

    def named_on(self, day: date) -> "Name":
        """By what events name that version."""
        ...


@dataclass(slots=True)
class Texts:
    """Opens the texts of one authority. `people` keeps the directory between two readings.

    The directory, what there is of records, and what the policies say are asked for once somebody is looked for in
    them, and the operator is not: so the program shows a page of texts to who runs it without loading any of them.
    """

    authority: str
    catalogue: "Catalogue"
    store: "Store"
    keys: Keys
    policies: Framework
    clock: Clock
    new_id: Callable[[], str] = random_id
    people: "KeptDirectory | None" = None

    def opened(self, reader: Reader, asked: Iterable[Sealed]) -> dict[str, str]:
        """What each sealed text says, by the sealed text; `CLOSED` for what the reader does not need to know.

        Before anything is given, what will be is recorded: who read which fields of which records, in which role. Every
        call is a reading of its own. What is closed is not recorded, since nothing was read; neither is what cannot be
        read any more. Forbidden for a role that may open nothing; Unavailable, and nothing given, if nothing can be
        recorded.
        """
        wanted = list(asked)
        roles = self._roles(reader, wanted)
        told: dict[str, str] = {}
        read: dict[str, dict[str, set[str]]] = {}
        for each in wanted:
            role = roles[each.record, each.item]
            held = CLOSED if role is None else self.keys.unseal(each.sealed, each.field)
            told[each.sealed] = str(held)
            if role is not None and isinstance(held, str):
                read.setdefault(role, {}).setdefault(each.record, set()).add(each.field)
        for role, records in read.items():
            self.store.append(*(self._event(reader, role, part) for part in _parts(sorted(records.items()))))
        return told

    def _roles(self, reader: Reader, wanted: Iterable[Sealed]) -> dict[tuple[str, str], str | None]:
        """In which role the reader opens the texts of each record and item; None for those that stay closed."""
        places = dict.fromkeys((each.record, each.item) for each in wanted)
        if reader.person == OPERATOR:
            return dict.fromkeys(places, SYSTEM_ROLE)
        from services.core.kept import KeptDirectory  # noqa: PLC0415 - the operator is looked for nowhere
        from services.texts.needing import Needing  # noqa: PLC0415 - as above

        if self.people is None:
            self.people = KeptDirectory()
        today = local_date(self.clock())
        needing = Needing(self.store, self.catalogue, self.people)
        return needing.roles(reader, places, self.policies.in_force(today), today)

    def _event(self, reader: Reader, role: str, records: Sequence[tuple[str, set[str]]]) -> Recorded:
        opened = tuple(OpenedRecord(record=record, fields=tuple(sorted(fields))) for record, fields in records)
        name, now = self.new_id(), self.clock()
        policy = self.policies.named_on(local_date(now))
        record = f"reads/{name}"
        told = own_envelope(
            name, about=record, authority=self.authority, policy=policy, now=now, by=(reader.person, role)
        )
        return Recorded(record, 1, TextsOpened(door=reader.door, opened=opened), told.numbered(0))


def _parts(records: Sequence[tuple[str, set[str]]]) -> Iterator[Sequence[tuple[str, set[str]]]]:
    yield from (records[first : first + MOST] for first in range(0, len(records), MOST))
