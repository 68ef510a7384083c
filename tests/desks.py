"""A desk without a server: the real decisions, policies and engine on a store in memory. For rules, not for storage."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from events.recorded import Recorded
from projections.sealed_fields import sealed_fields
from services.core.catalogue import Catalogue
from services.core.desk import Desk
from services.core.outcome import Outcome
from services.core.writing import Store
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.recording import as_recorded
from services.escalations.settle import Settlement, settle
from services.modules import CATALOGUE
from services.policy.versions import Policies
from services.policy_files import load_folder
from services.rehearsal import MemoryStore
from services.settings import SHIPPED_POLICIES
from tests.histories import sealed
from tests.lives import cast

SHIPPED = load_folder(SHIPPED_POLICIES)
LONG_AFTER = datetime(2027, 12, 31, 12, 0, tzinfo=UTC)


class ReadableKeys:
    """Seals in form only, so that a test can read what it wrote. It notes for which field each text was sealed."""

    def __init__(self) -> None:
        self.noted: set[tuple[str, str]] = set()

    def seal(self, child: str, field: str, text: str) -> str:
        found = sealed(text, child=child)
        self.noted.add((found, field))
        return found

    def unseal(self, sealed: str, _field: str) -> object:
        encoded = sealed.rpartition(":")[2]
        return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode().rstrip()

    def gone(self, _sealed: Any) -> frozenset[str]:
        return frozenset()

    def ensure(self, children: Any) -> None:
        """Nothing to make."""


def plain_name(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


def copied(store: Store) -> MemoryStore:
    """A store in memory with the events of that one, which are never changed."""
    assert isinstance(store, MemoryStore)
    copy = MemoryStore()
    copy.streams, copy.length = {name: list(events) for name, events in store.streams.items()}, store.length
    return copy


class TakenIn(NamedTuple):
    """What came of the first commands of a desk, and by which frameworks: those are told apart as objects."""

    frameworks: tuple[object, ...]
    store: MemoryStore
    noted: frozenset[tuple[str, str]]


TAKEN_IN_AT_MOST = 32
_TAKEN_IN: dict[tuple[object, ...], TakenIn] = {}
"""Ten thousand desks begin with the same dozen commands. A framework holds three quarters of a megabyte."""


class TestDesk(Desk):
    """A desk with a clock that stands where the test puts it.

    Acts with a date are history that may name whom the directory does not know (`unverified`), so that a test need not
    appoint everybody whom it names; acts of now are always held against the directory. Units and those who run the
    month are there from the start (`tests.lives.cast`) unless the desk is to be empty. Tests of who may do what switch
    `unverified` off.
    """

    __test__ = False

    def __init__(
        self,
        authority: str = "torbay",
        policies: Policies | None = None,
        now: datetime = LONG_AFTER,
        *,
        unverified: bool = True,
        staffed: bool = True,
        catalogue: Catalogue = CATALOGUE,
    ) -> None:
        self.now = now
        self._texts = ReadableKeys()
        super().__init__(
            authority=authority,
            catalogue=catalogue,
            store=MemoryStore(),
            keys=self._texts,
            name=plain_name,
            policies=policies or SHIPPED[authority],
            clock=lambda: self.now,
            unverified=unverified,
        )
        if staffed and authority in SHIPPED:
            self._take_in(*cast(authority))

    def _take_in(self, *commands: Mapping[str, Any]) -> None:
        """Have in the empty store what comes of these commands: of desks that are alike, one carries them out."""
        frameworks = (self.catalogue, *self.policies.versions)
        alike = (*map(id, frameworks), self.now, self.unverified, orjson.dumps(commands))
        if alike in _TAKEN_IN:
            held = _TAKEN_IN[alike]
            self.store, self._texts.noted = copied(held.store), set(held.noted)
            self.forget()
            return
        self.do(*commands)
        _TAKEN_IN[alike] = TakenIn(frameworks, copied(self.store), frozenset(self._texts.noted))
        if len(_TAKEN_IN) > TAKEN_IN_AT_MOST:
            del _TAKEN_IN[next(iter(_TAKEN_IN))]

    def another(self) -> "TestDesk":
        """A desk in the same place that goes its own way from here."""
        other = TestDesk(
            self.authority,
            self.policies,
            self.now,
            unverified=self.unverified,
            staffed=False,
            catalogue=self.catalogue,
        )
        other.goes_on_from(self)
        return other

    def goes_on_from(self, other: "TestDesk") -> None:
        """Have in the store what that desk has by now, instead of what was there."""
        self.store, self._texts.noted = copied(other.store), set(other._texts.noted)
        self.forget()

    def do(self, *commands: Mapping[str, Any]) -> list[Outcome]:
        """Carry out commands as they would stand in a file."""
        return [self._done(command) for command in commands]

    def _done(self, command: Mapping[str, Any]) -> Outcome:
        """Carry one out, and see that each text is sealed for the field that it will be opened for."""
        before, self._texts.noted = self._texts.noted, set()
        try:
            outcome = self.carry_out(self.catalogue.parse(orjson.dumps(command)))
        finally:
            sealed_now, self._texts.noted = self._texts.noted, before | self._texts.noted
        now = {text for text, _ in sealed_now}
        for each in outcome.events if self.keys is self._texts else ():  # other keys note nothing
            kind = each.fact.stored_name.partition(".")[0]
            for name, text in sealed_fields(each.fact).items():
                noted = sealed_now if text in now else before  # what is kept was sealed by an earlier command
                field = f"{kind}.{name.partition(':')[0]}"
                assert (text, field) in noted, f"{each.fact.stored_name}: {name} is sealed for another field"
        return outcome

    def history(self, audit: str) -> tuple[Recorded, ...]:
        """The events of an audit, or of another record named with its kind, such as `dispute/D-1`."""
        return self.store.load(audit if "/" in audit else f"audit/{audit}")

    def settled(self, audit: str, now: datetime | None = None) -> Settlement:
        directory = fold_directory(self.store.load(DIRECTORY))
        return settle(self.catalogue.record_of(self.history(audit)), self.policies, directory, now or self.now)

    def keep(self, audit: str, now: datetime | None = None) -> Settlement:
        """What the escalator would do now: work out the audit and record the outcome."""
        settlement = self.settled(audit, now)
        self.store.append(*as_recorded(self.history(audit), settlement.facts, now or self.now))
        return settlement
