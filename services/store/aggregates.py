"""Reading one aggregate so that a decision can rest on it: complete up to what was acknowledged, and unbroken."""

import asyncio
from dataclasses import dataclass

from events.errors import BrokenHistory
from services.store.continuity import broken_version
from services.store.damage import Damage
from services.store.heads import NONE_YET, Head, Heads
from services.store.messages import RawMessage
from services.store.source import Source

PAGE = 500
WORTH_SEEKING = 100
"""Versions that may be read and dropped before a search for the first wanted one (some 20 round trips) pays."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which versions are wanted: above `gt`, up to `lte`; at most `limit`, from the newest when `desc`."""

    gt: int | None = None
    lte: int | None = None
    desc: bool = False
    limit: int | None = None

    @property
    def from_the_start(self) -> bool:
        """Whether the first events are wanted, so that reading them need not wait for news of the last."""
        return (self.gt or 0) < WORTH_SEEKING and not (self.desc and self.limit is not None)

    def bounds(self, newest: int) -> tuple[int, int]:
        """The lowest bound (not wanted itself) and the highest wanted version, given the newest there is."""
        above = -1 if self.gt is None else max(self.gt, -1)
        upto = newest if self.lte is None else min(self.lte, newest)
        if self.limit is not None and self.desc:
            above = max(above, upto - self.limit)
        elif self.limit is not None:
            upto = min(upto, max(above, 0) + self.limit)
        return above, upto


NEWEST = Span(desc=True, limit=1)


class AggregateReader:
    """Reads the aggregates of one stream.

    The leader says which event is the newest, so that nothing acknowledged is missed. What lies before it comes from
    any copy in batches; where that copy lags, the leader fills in. `unbroken` streams have every version, but those
    whose damage was accepted.
    """

    def __init__(self, source: Source, heads: Heads, damage: Damage, *, unbroken: bool) -> None:
        self.heads = heads
        self._source = source
        self._damage = damage
        self._unbroken = unbroken

    async def read(self, subject: str, span: Span) -> list[RawMessage]:
        """The wanted messages in the wanted order. BrokenHistory when a version is missing.

        A record of which a part is lost for good, and accepted as lost, is what can still be read of it.
        """
        try:
            found = await self._read(subject, span)
        except BrokenHistory:
            await self._damage.learn()
            if not self._damage:
                raise
        else:
            if not any(each.sequence in self._damage for each in found):
                return found
        found, _ = await self._around_damage(subject)
        above, upto = span.bounds(found[-1].version if found else 0)
        found = [each for each in found if above < each.version <= upto]
        if span.desc:
            found.reverse()
        return found if span.limit is None else found[: span.limit]

    async def since(self, subject: str, known: Head) -> list[RawMessage]:
        """The message that stands at a place which was known, and all after it; none where another one stands there.

        It reads them and what the leader says of the newest, and nothing before. BrokenHistory when a version is
        missing or was accepted as lost: then the record is read whole (`read`).
        """
        last = await self._source.last_of(subject)
        if last is None or last.version < known.version:
            return []
        if last.sequence not in self._damage:
            self.heads.put(subject, self._head(last))
        found = [last]
        if last.sequence != known.sequence:
            found = await self._from(subject, known.sequence, last, last.version, [])
        if not found or (found[0].version, found[0].sequence) != known:
            return []
        self._check(found, known.version - 1)
        if found[-1].version != last.version or any(each.sequence in self._damage for each in found):
            raise broken_version(last, f"not everything from version {known.version} on can be read")
        return found

    async def head(self, subject: str) -> Head:
        """Where the record stands for the next append, by the leader. BrokenHistory when its newest cannot be read."""
        try:
            last = await self._source.last_of(subject)
            if last is None:
                return NONE_YET
            if last.sequence not in self._damage:
                return self._head(last)
        except BrokenHistory:
            await self._damage.learn()
            if not self._damage:
                raise
        return (await self._around_damage(subject))[1]

    async def _around_damage(self, subject: str) -> tuple[list[RawMessage], Head]:
        """All of a record that can be read, and where it ends. BrokenHistory for damage that nobody accepted.

        A version may be lacking where a position was lost in between. One that was lost after the newest event is
        given again: nobody can tell whose it was.
        """
        end = await self._source.last_sequence()
        last = await self._source.newest(subject)
        found: list[RawMessage] = []
        start = 1
        while start <= end:
            page = (await self._source.page(start, PAGE, subject)).messages
            if not page:  # this copy lags behind the leader, or that was all
                behind = await self._source.next_of(subject, start)
                page = [behind] if behind else []
            if not page:
                break
            found += [each for each in page if each.sequence <= end]
            start = page[-1].sequence + 1
        kept = [each for each in found if await self._damage.stand_in(each.sequence, each) is None]
        version = at = 0
        for message in kept:
            lost = len(await self._damage.lost(at, message.sequence))
            if not version < message.version <= version + 1 + lost:
                raise broken_version(message, f"version {message.version} follows {version}")
            version, at = message.version, message.sequence
        if last is None and found and not await self._damage.lost(at, end + 1):
            raise BrokenHistory(subject, "the last event is damaged and cannot be read")
        # Where the server cannot read a subject's newest message, it takes the subject for one without any.
        head = Head(version, self._standing(last) if last else 0)
        self.heads.put(subject, head)
        return kept, head

    def _head(self, last: RawMessage) -> Head:
        """Where a record with that newest event stands."""
        return Head(last.version, self._standing(last))

    def _standing(self, last: RawMessage) -> int:
        """The sequence that the server knows as the record's last: none of one that was archived and removed."""
        return last.sequence if self._source.is_live(last.sequence) else 0

    async def _read(self, subject: str, span: Span) -> list[RawMessage]:
        opening: list[RawMessage] = []
        if span.from_the_start:
            page, last = await asyncio.gather(self._source.page(1, PAGE, subject), self._source.last_of(subject))
            opening = page.messages
        else:
            last = await self._source.last_of(subject)
        if last is None:
            return []
        if last.sequence not in self._damage:
            self.heads.put(subject, self._head(last))
        if not self._unbroken and span == NEWEST:
            return [last]
        if self._unbroken:
            found = await self._unbroken_part(subject, span, last, opening)
        else:
            found = await self._from(subject, 1, last, last.version, opening)
            above, upto = (
                (-1 if span.gt is None else span.gt),
                (last.version if span.lte is None else span.lte),
            )
            found = [each for each in found if above < each.version <= upto]
        if span.desc:
            found.reverse()
        return found if span.limit is None else found[: span.limit]

    async def _unbroken_part(
        self, subject: str, span: Span, last: RawMessage, opening: list[RawMessage]
    ) -> list[RawMessage]:
        above, upto = span.bounds(last.version)
        if above >= upto:
            return []
        if above == last.version - 1 and above > 0:
            return [last]
        start = await self._seek(subject, above, last) if above >= WORTH_SEEKING else 1
        found = await self._from(subject, start, last, upto, opening if start == 1 else [])
        self._check(found, above)
        if not found or found[-1].version != upto:
            raise broken_version(last, f"version {upto} is missing")
        return [each for each in found if each.version > above]

    async def _from(
        self, subject: str, start: int, last: RawMessage, end: int, opening: list[RawMessage]
    ) -> list[RawMessage]:
        """Messages of the subject from a sequence on, through version `end`; `opening` are the first, if read."""
        found: list[RawMessage] = []
        while start <= last.sequence:
            missing = end - (found[-1].version if found else -1)
            page, opening = opening, []
            if not page:
                page = (await self._source.page(start, min(max(missing, 1), PAGE), subject)).messages
            if not page:  # this copy lags behind the leader, or everything up to the end was deleted
                behind = await self._source.next_of(subject, start)
                page = [behind] if behind else []
            if not page:
                break
            found.extend(each for each in page if each.version <= end)
            if page[-1].version >= end:
                break
            start = page[-1].sequence + 1
        return found

    async def _seek(self, subject: str, above: int, last: RawMessage) -> int:
        """A sequence from which the first message of the subject has at most version `above` + 1: halving."""
        low, high = 1, last.sequence
        while high - low > PAGE:
            middle = (low + high) // 2
            page = await self._source.page(middle, 1, subject)
            if page.messages and page.messages[0].version <= above + 1:
                low = page.messages[0].sequence
                if page.messages[0].version == above + 1:
                    break
            else:
                high = middle
        return low

    def _check(self, found: list[RawMessage], above: int) -> None:
        before = None
        for message in found:
            version = message.version
            if before is None:
                if version > max(above + 1, 1):
                    raise broken_version(message, f"begins with version {version}")
            elif version != before + 1:
                raise broken_version(message, f"version {version} follows {before}")
            before = version
