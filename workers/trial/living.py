"""Time in memory: acts are carried out at their instant, and what falls due between them is recorded when it does."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from events.errors import NotFound, Refused
from events.recorded import Recorded
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.recording import as_recorded
from services.escalations.settle import settle
from services.policy.model import Policy
from services.policy.versions import Policies
from services.rehearsal import Rehearsal

BEFORE = datetime(1970, 1, 1, tzinfo=UTC)


class Lived:
    """The history of one council under one policy, as far as it was lived. Nothing leaves the memory."""

    def __init__(self, policy: Policy) -> None:
        self.policies = Policies(policy.authority, (policy,))
        self.now = BEFORE
        self._rehearsal = Rehearsal({policy.authority: self.policies}, clock=lambda: self.now)
        self._desk = self._rehearsal.desks[policy.authority]
        self._store = self._rehearsal.stores[policy.authority]
        self._coming: dict[str, tuple[int, datetime | None]] = {}

    def carry_out(self, line: Mapping[str, Any], at: datetime) -> None:
        """Let time pass until then, and carry the command out, with what follows from it at once.

        Raises Refused or NotFound with nothing recorded of it.
        """
        self.pass_until(at)
        command = self._rehearsal.catalogue.parse(orjson.dumps({**line, "authority": self.policies.authority}))
        try:
            self._desk.carry_out(command)
        finally:
            self._desk.forget()
        self.pass_until(at)

    def pass_until(self, at: datetime) -> None:
        """Record every step of every ladder at its instant, up to this one."""
        while True:
            coming = [due for due in self._settled() if self.now < due <= at]
            if not coming:
                break
            self.now = min(coming)
        self.now = max(self.now, at)
        self._settled()

    def events(self) -> list[Recorded]:
        """Everything that was recorded, in its order."""
        held = (each for history in self._store.streams.values() for each in history)
        return sorted(held, key=lambda each: each.position or 0)

    def history(self, about: str) -> tuple[Recorded, ...]:
        """The events of one record."""
        return self._store.load(about)

    @property
    def owing(self) -> list[str]:
        """The records that may owe something, in the order in which they began."""
        worked_out = self._rehearsal.catalogue.worked_out
        return [each for each in self._store.streams if each.startswith(worked_out)]

    def _settled(self) -> list[datetime]:
        """Record of every record what is due by now; when each has something to come."""
        found = []
        directory = fold_directory(self._store.load(DIRECTORY))
        for about in self.owing:
            version, due = self._coming.get(about, (0, None))
            history = self.history(about)
            if version != len(history) or (due is not None and due <= self.now):
                record = self._rehearsal.catalogue.record_of(history)
                settlement = settle(record, self.policies, directory, self.now)
                self._store.append(*as_recorded(history, settlement.facts, self.now))
                due = min((rung.due for rung in settlement.pending), default=None)
                self._coming[about] = (len(self.history(about)), due)
            if due is not None:
                found.append(due)
        return found


REFUSALS = (Refused, NotFound)
"""What an act may be answered with in place of events."""
