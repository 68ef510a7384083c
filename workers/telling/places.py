"""Where a publisher is to go on: after what was published last, if the history still holds what that tells of."""

import asyncio

from sqlalchemy import Engine

from events.envelope import ID
from events.published.message import FACT, POSITION, fact_id
from services.store.damage import Damage
from services.store.source import Source
from workers.intake.delivered import Standstill
from workers.kept import published
from workers.kept.published import Checkpoint
from workers.telling.outbox import End, Outbox

REMEDY = "put back from a backup, or cut off? Run `sightline verify`; then the newer backup or `sightline accept-loss`"


class Places:
    """Compares what was published with the history, and with the checkpoint of what published nothing."""

    def __init__(self, engine: Engine, authority: str, source: Source, outbox: Outbox) -> None:
        self._engine = engine
        self._authority = authority
        self._source = source
        self._damage = Damage(source)
        self._outbox = outbox

    async def found(self) -> tuple[End, Checkpoint]:
        """The end of what was published, and the last event that nothing is left to tell of.

        Standstill where the history is not what was published of it and nobody has accepted the loss; where somebody
        has, it is the last event that both have in common.
        """
        end = await self._outbox.end()
        place = Checkpoint(end.position, end.fact)
        if not await self._stands(place):
            place = await self._in_common(end)
        checkpoint = await asyncio.to_thread(published.kept, self._engine, self._authority)
        if checkpoint.position > place.position and await self._stands(checkpoint):
            place = checkpoint
        return end, place

    async def _stands(self, place: Checkpoint) -> bool:
        """Whether the history holds that very event there."""
        if not place.position:
            return True
        found = await self._source.at(place.position)
        if found is not None and fact_id(self._authority, found.headers.get(ID, "")) == place.fact:
            return True
        return await self._damage.learnt_stand_in(place.position) is not None

    async def _in_common(self, end: End) -> Checkpoint:
        if not await self._source.subjects(f"sightline.{self._authority}.loss.*"):
            reason = f"event {end.position} was published, and the history does not hold it"
            raise Standstill(None, f"publisher, {self._authority}: {reason}; {REMEDY}")
        for sequence in range(end.sequence, 0, -1):
            message = await self._outbox.source.at(sequence)
            if message is None:  # what came before has aged, and so has what it told of
                break
            place = Checkpoint(int(message.headers[POSITION]), message.headers[FACT])
            if await self._stands(place):
                return place
        return Checkpoint(0, "")
