"""Begins what no act begins: the clock of a report with a ladder, once its period is over."""

from collections.abc import Iterator
from datetime import date

from events.errors import Conflict
from services.clock import local_date
from services.directory.snapshot import directory_of
from services.programme.reports import begun_in, to_begin
from workers.system import System


class Beginning:
    """Records of one authority that periods are over, each once, whoever else does the same at the same time.

    It asks nothing of the store while no policy of the authority has a report with a ladder.
    """

    def __init__(self, system: System, authority: str) -> None:
        self._history = system.history(authority)
        self._authority = authority
        self._policies = system.policies[authority]
        self._clock = system.clock
        self._begun: set[str] = set()

    def begin(self, began: date | None) -> list[str]:
        """Record which periods are over whose reports are owed from now on; the records of those reports.

        `began` is the first day of the authority's programme here; without one nothing is owed. A repeat records
        nothing. StoreUnavailable when the store is out of reach.
        """
        asked = any(report.ladder for policy in self._policies.versions for report in policy.reports)
        return [*self._begin(began)] if asked and began is not None else []

    def _begin(self, began: date) -> Iterator[str]:
        now = self._clock()
        directory = directory_of(self._history)
        for owed in to_begin(self._policies, directory, began, local_date(now)):
            if owed.record in self._begun:
                continue
            history = self._history.load(owed.record)
            if not begun_in(history):
                try:
                    self._history.append(owed.begun(self._authority, len(history) + 1, now))
                except Conflict:  # somebody wrote in the report just now: the next sweep finds it so
                    continue
                yield owed.record
            self._begun.add(owed.record)
