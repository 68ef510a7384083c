"""Where messages for a person go, and under which secret their calendar is asked for.

An address is sealed with a key of that person's own, and opened only to send a message there.
"""

from dataclasses import dataclass, field
from hashlib import sha256

from events.base import Fact
from events.directory import AddressDoubted, AddressWithdrawn, CalendarGiven, CalendarRevoked, PersonAddressed

FIELD = "person.address"
"""The field for which an address is sealed."""

LONGEST_KEY = 64
"""A key is named by a reference, which holds no more."""


@dataclass(frozen=True, slots=True)
class Address:
    """A person's address as it is stored. One that is `doubtful` let a message come back: nothing is sent to it."""

    sealed: str
    doubtful: bool = False


@dataclass(slots=True)
class Addresses:
    """Every person's address, and the hash of the secret of every calendar."""

    held: dict[str, Address] = field(default_factory=dict)
    calendars: dict[str, str] = field(default_factory=dict)

    def apply(self, fact: Fact) -> None:
        """Take in one fact, whatever it is about."""
        match fact:
            case PersonAddressed(person=person, address=sealed):
                self.held[person] = Address(sealed)
            case AddressWithdrawn(person=person):
                self.held.pop(person, None)
            case AddressDoubted(person=person) if person in self.held:
                self.held[person] = Address(self.held[person].sealed, doubtful=True)
            case CalendarGiven(person=person, secret=secret):
                self.calendars[person] = secret
            case CalendarRevoked(person=person):
                self.calendars.pop(person, None)


PERSON = "person"
"""How the name of a person's key begins; that of a record with a key of its own begins with its kind."""


def key_of_person(person: str) -> str:
    """The name of the person's key in the keyring. Erasing it erases every address that the person ever had."""
    name = f"{PERSON}_{person}"
    return name if len(name) <= LONGEST_KEY else f"{PERSON}_{sha256(person.encode()).hexdigest()[:32]}"
