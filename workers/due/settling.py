"""What is due in audits is recorded, on condition that nothing changed meanwhile: for whoever finds that it is."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from threading import Lock
from types import MappingProxyType

from events.errors import Conflict, Refused
from events.recorded import Recorded
from services.directory.snapshot import directory_of
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.escalations.recording import as_recorded
from services.escalations.settle import Settlement, Unfolded, settle
from services.imports import Imports
from services.log import Log
from services.store.attempts import MAX_BATCH
from workers.system import System

log = Log(__name__)

ATTEMPTS = 5
"""How often an audit is decided again at once when somebody else changed it first; then it waits its turn."""

EARLY = timedelta(seconds=5)
"""How far the server's clock may run ahead of ours: a timer that fired before its time comes again at its time."""


class Batch:
    """Timers that are handled together: the directory is looked at once for all of them, after they fired."""

    def __init__(self, look: Callable[[], Directory]) -> None:
        self._look = look
        self._lock = Lock()
        self._found: Directory | None = None

    def directory(self) -> Directory:
        """The directory as it stood when the first of them was worked out. StoreUnavailable as for whoever asks it."""
        with self._lock:
            if self._found is None:
                self._found = self._look()
            return self._found


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be recorded in one audit as it stands at a version, and what is still to come of it.

    `early` is how long until its next step, if that is only a moment away, `held` whether anything waits for an open
    import, and `position` where the last of the facts stands, once they are recorded.
    """

    version: int
    facts: tuple[Recorded, ...] = ()
    settlement: Settlement | None = None
    early: timedelta | None = None
    held: bool = False
    position: int | None = None


class Settling:
    """Records what has come due in audits of one authority.

    What is recorded follows from an audit's history alone, and the append is conditional on that history. So whoever
    asks, twice, from two processes or killed at any moment, leaves one record of each step.
    """

    def __init__(self, system: System, authority: str) -> None:
        self._history = system.history(authority)
        self._catalogue = system.catalogue
        self._policies = system.policies[authority]
        self._clock = system.clock
        self._imports = Imports(self._history)
        self._directory = Directory()
        self._directory_lock = Lock()
        self._log = log.bind(authority=authority)

    def settle_together(
        self, aggregates: Sequence[str], batch: Batch | None = None, stopped: Callable[[], bool] = lambda: False
    ) -> dict[str, timedelta | None]:
        """Record what is due in several audits, in few writes; as `settle` by audit.

        What is left out by `settle_histories` is left out here, and so is an audit that could not be read.
        """
        histories = self._history.load_all(aggregates)
        directory = batch.directory() if batch else self.directory()
        settled = self.settle_histories(histories, directory, stopped)
        return {aggregate: judged.early for aggregate, judged in settled.items()}

    def settle_histories(
        self,
        histories: Mapping[str, Sequence[Recorded]],
        directory: Directory,
        stopped: Callable[[], bool] = lambda: False,
        *,
        expected: Mapping[str, int] = MappingProxyType({}),
    ) -> dict[str, Judged]:
        """Record what is due in the audits of these whole histories, in few writes; what each was judged to be.

        `expected` names last positions that are known by audit, so that the store is not asked for them.
        What is recorded of an audit stands in one write, on condition that nothing changed in any audit of that write.
        An audit that could not be worked out, or not be written with the others, is left out, and so is what was not
        begun when it was time to stop. StoreUnavailable when the store cannot be reached: some may be recorded then.
        """
        settled: dict[str, Judged] = {}
        waiting: dict[str, Judged] = {}
        room = MAX_BATCH
        now, imports = self._clock(), self._imports.of_many()
        for aggregate, history in histories.items():
            if stopped():
                break
            try:
                judged = self._judge(aggregate, history, directory, now, imports)
            except Exception as error:  # noqa: BLE001 - it shows again where this one is settled alone
                self._log.debug("not settled with others", aggregate=aggregate, error=repr(error))
                continue
            if not judged.facts:
                settled[aggregate] = judged
                continue
            if len(judged.facts) > room:
                settled |= self._write(waiting, expected)
                waiting, room = {}, MAX_BATCH
            waiting[aggregate] = judged
            room -= len(judged.facts)
        return settled | self._write(waiting, expected)

    def _write(self, waiting: dict[str, Judged], expected: Mapping[str, int]) -> dict[str, Judged]:
        """Append what is to be recorded of each audit, all of it or nothing; what was settled by that."""
        events = [event for judged in waiting.values() for event in judged.facts]
        try:
            known = {each: expected[each] for each in waiting if each in expected}
            positions = iter(self._history.append(*events, expected=known))
        except (Conflict, Refused) as error:
            self._log.debug("not recorded together", audits=len(waiting), error=str(error))
            return {}
        if events:
            self._log.info("recorded together", audits=len(waiting), facts=len(events))
        return {
            aggregate: replace(judged, position=[*islice(positions, len(judged.facts))][-1])
            for aggregate, judged in waiting.items()
        }

    def _judge(
        self, aggregate: str, history: Sequence[Recorded], directory: Directory, now: datetime, imports: Imports
    ) -> Judged:
        """What is to be recorded in one audit, and what is to come."""
        if not history:
            return Judged(version=0)
        held = imports.behind(history)
        record = Unfolded(aggregate, self._catalogue.kind_of(aggregate), history)
        settlement = settle(record, self._policies, directory, now, held=held)
        return Judged(
            version=history[-1].originator_version,
            facts=tuple(as_recorded(history, settlement.facts, now)),
            settlement=settlement,
            early=_moments_away(min((rung.due for rung in settlement.pending), default=None), now),
            held=bool(held),
        )

    def settle(self, aggregate: str, batch: Batch | None = None) -> timedelta | None:
        """Record what is due in one audit; how long until the next step, if that is only a moment away.

        The directory is asked of the batch, if there is one: what was recorded before a timer fired stands in it.
        Raises Conflict when others keep changing the audit, StoreUnavailable when the store cannot be reached.
        """
        for attempt in range(ATTEMPTS):
            history = self._history.load(aggregate)
            directory = batch.directory() if batch and not attempt else self.directory()
            judged = self._judge(aggregate, history, directory, self._clock(), self._imports)
            if not judged.facts:
                return judged.early
            try:
                self._history.append(*judged.facts)
            except Conflict:
                self._log.debug("audit changed meanwhile", aggregate=aggregate, attempt=attempt)
            else:
                self._log.info("recorded", aggregate=aggregate, facts=len(judged.facts))
                return judged.early
        raise Conflict(f"{aggregate}: others keep changing it")

    def directory(self) -> Directory:
        """The directory as it stands now: only what is new in it is read, from the stream's leader."""
        with self._directory_lock:
            if not self._directory.version:
                self._directory = directory_of(self._history)
            new = list(self._history.each(DIRECTORY, after=self._directory.version or None))
            if new:  # another thread may be reading the one we have
                self._directory = fold_directory(new, deepcopy(self._directory))
            return self._directory


def _moments_away(due: datetime | None, now: datetime) -> timedelta | None:
    return due - now if due is not None and due - now < EARLY else None
