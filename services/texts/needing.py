"""In which role somebody opens texts: of those that the policy gives, one that they hold where the record is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from events.errors import Forbidden
from services.core.catalogue import Catalogue
from services.core.kept import KeptDirectory
from services.core.record import Record
from services.core.writing import Store
from services.directory.may import Council, may
from services.policy.expressions import PERSONS
from services.policy.model import Policy
from services.texts.asking import OPEN, Reader

Place = tuple[str, str]
"""A record, and which of its items."""


@dataclass(frozen=True, slots=True)
class Needing:
    """Looks for readers in the directory of one authority and in its records. `people` is kept between two looks."""

    store: Store
    catalogue: Catalogue
    people: KeptDirectory

    def roles(self, reader: Reader, places: Iterable[Place], policy: Policy, today: date) -> dict[Place, str | None]:
        """In which role the reader opens the texts of each place on that day; None for those that stay closed.

        Forbidden for a role that may open nothing.
        """
        allowed = policy.acts.get(OPEN, ())
        if reader.role is not None and reader.role not in allowed:
            others = ", ".join(allowed) or "nobody"
            raise Forbidden("role", f"{reader.role} may not {OPEN}; the policy gives it to {others}")
        wanted = dict.fromkeys(places)
        council = Council(self.people.brought_up_to_date(self.store, self.catalogue).state, policy)
        roles = reader.roles(allowed)
        everywhere = [each for each in roles if _everywhere(each, council)]
        held = next((each for each in everywhere if may(reader.person, each, None, today, council)), None)
        if held is not None or not council.posts(reader.person, today):
            return dict.fromkeys(wanted, held)
        nearer = [each for each in roles if each not in everywhere]
        records = {name: self.catalogue.record(name, self.store.load(name)) for name in {name for name, _ in wanted}}
        return {
            (name, item): next(
                (each for each in nearer if _needs(reader.person, each, records[name], item, council, today)), None
            )
            for name, item in wanted
        }


def _everywhere(role: str, council: Council) -> bool:
    """Whether the role is one for all records of the authority."""
    return role not in PERSONS and role in council.policy.roles and council.policy.roles[role].scope == "authority"


def _needs(person: str, role: str, record: Record, item: str, council: Council, today: date) -> bool:
    """Whether the person has to do with the record in a role that it names, or with the team or service it is about."""
    if role in PERSONS:
        return may(person, role, record.names(item), today, council)
    return any(may(person, role, None, today, council, unit=unit) for unit in record.units)
