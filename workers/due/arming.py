"""What the timekeeper and the sweeper share: work one audit out, poke for what is due, arm what is to come."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from events.recorded import Recorded
from services.escalations.settle import Settlement, Unfolded, settle
from services.imports import Imports
from services.log import Log
from services.obligations.steps import Told
from workers.due.settling import Judged
from workers.due.timers import Timers
from workers.kept.outlooks import Outlook
from workers.system import System

log = Log(__name__)


class Arming:
    """Works out the audits of one authority."""

    def __init__(self, system: System, authority: str, timers: Timers) -> None:
        self._history = system.history(authority)
        self._policies = system.policies[authority]
        self._catalogue = system.catalogue
        self._clock = system.clock
        self._timers = timers
        self._imports = Imports(self._history)

    async def work_out(self, aggregate: str) -> Outlook:
        """Poke if something is to be recorded now, and arm every step still to come. A repeat changes nothing.

        Raises StoreUnavailable when history cannot be read, and BrokenHistory, ContractError or NotFound (a policy
        version that is gone) when it cannot be worked out.
        """
        return await self._poke_and_arm(aggregate, *await asyncio.to_thread(self._look, aggregate))

    async def work_out_together(
        self, aggregates: Sequence[str], stopped: Callable[[], bool], *, recalled: bool = False
    ) -> dict[str, Outlook]:
        """Do the same for several; what cannot be worked out or armed is left out, and `work_out` tells why.

        So is what was not begun when it was time to stop. With `recalled` it is looked first what stands armed of
        those that have a step to come, whatever this process remembers.
        """
        looked = await asyncio.to_thread(self._look_at_all, aggregates, stopped)
        if recalled:
            await self._timers.recall(*(each for each, (_, found) in looked.items() if found and found.pending))
        arming = (self._poke_and_arm(each, *found) for each, found in looked.items())
        armed = await asyncio.gather(*arming, return_exceptions=True)
        return {each: found for each, found in zip(looked, armed, strict=True) if isinstance(found, Outlook)}

    async def arm(self, settled: Mapping[str, Judged]) -> dict[str, int]:
        """Arm every step still to come of audits of which nothing is due any more; how many timers those are.

        An audit of which that failed is left out.
        """
        pending = {each: judged.settlement.pending if judged.settlement else () for each, judged in settled.items()}
        arming = (self._timers.arm(each, rungs) for each, rungs in pending.items())
        armed = await asyncio.gather(*arming, return_exceptions=True)
        return {each: found for each, found in zip(pending, armed, strict=True) if isinstance(found, int)}

    async def _poke_and_arm(self, aggregate: str, outlook: Outlook, settlement: Settlement | None) -> Outlook:
        if outlook.due:
            await self._timers.poke(aggregate)
        if settlement is None:
            return outlook
        return replace(outlook, timers=await self._timers.arm(aggregate, settlement.pending))

    def _look_at_all(
        self, aggregates: Sequence[str], stopped: Callable[[], bool]
    ) -> dict[str, tuple[Outlook, Settlement | None]]:
        found: dict[str, tuple[Outlook, Settlement | None]] = {}
        imports = self._imports.of_many()
        for aggregate, history in self._history.load_all(aggregates).items():
            if stopped():
                break
            try:
                found[aggregate] = self._judge(aggregate, history, imports)
            except Exception as error:  # noqa: BLE001 - it shows again where this one is worked out alone
                log.debug("not worked out with others", aggregate=aggregate, error=repr(error))
        return found

    def _look(self, aggregate: str) -> tuple[Outlook, Settlement | None]:
        return self._judge(aggregate, self._history.load(aggregate), self._imports)

    def _judge(
        self, aggregate: str, history: tuple[Recorded, ...], imports: Imports
    ) -> tuple[Outlook, Settlement | None]:
        if not history:
            return Outlook(version=0, due=False, next_due=None, held=False), None
        now = self._clock()
        held = imports.behind(history)
        record = Unfolded(aggregate, self._catalogue.kind_of(aggregate), history)
        settlement = settle(record, self._policies, None, now, held=held)
        return (
            Outlook(
                version=history[-1].originator_version,
                due=bool(settlement.facts),
                next_due=next_due(history, settlement, now),
                held=bool(held),
            ),
            settlement,
        )


def next_due(history: Sequence[Recorded], settlement: Settlement, now: datetime) -> datetime | None:
    """When the next step comes due that history does not tell of, or what a clock that runs ahead has recorded is done.

    Steps of an obligation that fell away count: no timer is armed for them, but that they lapsed is recorded.
    """
    told = Told(history).identities
    rungs = (rung for each in settlement.owed for rung in each.rungs)
    steps = (rung.due for rung in rungs if rung.due > now and rung.identity not in told)
    ahead = (each.envelope.occurred for each in history if each.envelope.occurred > now)
    return min((*steps, *ahead), default=None)
