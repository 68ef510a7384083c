"""Records as the publisher knows them: as they stood before the fact that is told, for those that are asked about."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from events.recorded import Recorded
from projections.published.standing import Standing, standing
from projections.published.telling import Language
from services.store.application import History

REMEMBERED = 50_000
AT_ONCE = 16
"""Records that are read at the same time."""


class Known:
    """Follows the records in the order of the history; one that is asked about and was not followed is read.

    `prepare` reads, the others do not wait. Whoever goes back in the history calls `clear` first.
    """

    def __init__(self, history: History, language: Language) -> None:
        self._history = history
        self._language = language
        self._standings: OrderedDict[str, Standing] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        self._standings.clear()

    async def prepare(self, events: Sequence[Recorded]) -> None:
        """Read the records that these events ask about, as they stood before the first of the events on each."""
        first: dict[str, int] = {}
        asked: dict[str, int] = {}
        for event in events:
            record, version = event.originator_id, event.originator_version
            begun = first.setdefault(record, version)
            if begun > 1 and record not in self._standings and self._language.asks(event.fact):
                asked[record] = begun
        wanted = list(asked.items())
        for start in range(0, len(wanted), AT_ONCE):
            reading = [asyncio.to_thread(self._stood, *each) for each in wanted[start : start + AT_ONCE]]
            for (record, _), found in zip(wanted[start:], await asyncio.gather(*reading), strict=False):
                self._standings[record] = found

    def before(self, event: Recorded) -> Standing:
        """The record as it stood before the event; empty where nothing asks about it."""
        found = self._standings.get(event.originator_id)
        if found is None:
            found = Standing()
            if event.originator_version == 1:
                self._remember(event.originator_id, found)
        return found

    def after(self, event: Recorded) -> None:
        """The event was told."""
        found = self._standings.get(event.originator_id)
        if found is not None:
            found.apply(event)
            self._standings.move_to_end(event.originator_id)

    def _remember(self, record: str, found: Standing) -> None:
        self._standings[record] = found
        if len(self._standings) > REMEMBERED:
            self._standings.popitem(last=False)

    def _stood(self, record: str, version: int) -> Standing:
        return standing(each for each in self._history.load(record) if each.originator_version < version)
