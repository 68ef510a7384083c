"""Writing to a stream: all of an append or nothing of it, and never a version twice.

One event is one conditional publish; several are one atomic batch, which other appends of the process may join (see
`services.store.grouping`). What does not succeed together is tried alone, so that each caller hears what it would hear
if there were nobody else. The condition is the last sequence of the aggregate's literal subject. When an answer was
lost or says that something else is there, the leader is asked what follows the expected sequence on that subject: our
own event means success, another one means a conflict.
"""

import asyncio
from collections.abc import Mapping, Sequence
from time import monotonic
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent

from services.store.aggregates import AggregateReader, Span
from services.store.attempts import (
    BATCH_ID,
    BATCH_INCOMPLETE,
    BATCH_SEQUENCE,
    CLOSED,
    DUPLICATE_IN_BATCH,
    MAX_BATCH,
    TAKEN,
    WRONG_SEQUENCE,
    Answer,
    Append,
    attempt,
    joined,
)
from services.store.errors import KeptInPart, StoreUnavailable, VersionConflict, WriteRefused, conflict
from services.store.grouping import Group, Outcome, Turn
from services.store.heads import NONE_YET, Head
from services.store.ids import refuse_taken, require_own_ids
from services.store.messages import Outgoing
from services.store.naming import Naming
from services.store.source import Source
from services.store.stored import StoredFact, outgoing

MAX_BATCHES_AT_ONCE = 24
"""The server allows 50 open batches on a stream and drops what is beyond; other processes need room as well."""

SURELY_TAKEN = 1.0
"""Seconds after which an id that the server calls a duplicate, and that no event of ours has, is another's. Before that
our own batch of an earlier attempt may be on its way between the servers."""

FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.25


class Appender:
    """Writes to one stream. `patience` is how long one append may try in all, in seconds."""

    def __init__(self, source: Source, naming: Naming, reader: AggregateReader, *, patience: float = 10.0) -> None:
        self._source = source
        self._naming = naming
        self._heads = reader.heads
        self._reader = reader
        self._patience = patience
        self._room = asyncio.Semaphore(MAX_BATCHES_AT_ONCE)
        self._group = Group(self._write_together, self._looks_right)

    async def append(
        self, events: Sequence[StoredEvent], expected: Mapping[UUID | str, int] | None = None
    ) -> list[int]:
        """Write the events in their order; their sequences.

        `expected` names last sequences that the caller knows (0 for a new aggregate) and saves a read.
        VersionConflict when a version exists or is not the next one (IdTaken when another record's event has one of
        the ids), WriteRefused for what has no valid form, and StoreUnavailable when the store is full or out of reach;
        in all three cases nothing was written, but after a time-out, and where a full server keeps a batch only in
        part: what is missing of that, which may be a single event that went with others, it may store at its restart.
        Repeating an append of the same facts gives the sequences of the first time.
        """
        if not events:
            return []
        if len(events) > MAX_BATCH:
            raise WriteRefused("events", f"at most {MAX_BATCH} in one append, not {len(events)}")
        try:
            append = await self._prepare(events, expected or {})
            deadline = monotonic() + self._patience
            async with self._group.turn(append, deadline) as turn:
                first = turn.first or await self._write(turn)
                for index, message in enumerate(append.messages):
                    self._heads.put(message.subject, Head(message.version, first + index))
        except VersionConflict:
            before = await self._written_before(events)
            if before is None:
                raise
            return before
        return list(range(first, first + len(events)))

    async def put_newest(self, events: Sequence[StoredEvent]) -> None:
        """Put each behind all that its subject holds, whatever that is: of two who do so at once the later one counts.

        For a stream whose versions need not follow each other. A repeat puts it once more. WriteRefused for what is too
        large, StoreUnavailable when the store is full or out of reach.
        """
        for event in events:
            subject = self._naming.subject_of(event.originator_id)
            message = outgoing(event, subject=subject, authority=self._naming.authority)
            self._heads.forget(subject)
            answer = await attempt(self._source, Append([message], {}), self._source.timeout)
            if not answer.first:
                raise StoreUnavailable(f"stream {self._naming.stream}: nothing was written: {answer.reason}")

    async def _written_before(self, events: Sequence[StoredEvent]) -> list[int] | None:
        """The sequences of these very facts when they stand in the stream already: the append is a repeat."""
        sequences = []
        for event in events:
            if not isinstance(event, StoredFact):
                return None
            subject = self._naming.subject_of(event.originator_id)
            version = event.originator_version
            found = await self._reader.read(subject, Span(gt=version - 1, lte=version))
            message = outgoing(event, subject=subject, authority=self._naming.authority)
            if not found or not message.is_in(found[0]):
                return None
            sequences.append(found[0].sequence)
        return sequences

    async def _prepare(self, events: Sequence[StoredEvent], known: Mapping[UUID | str, int]) -> Append:
        """The messages, with versions that follow each other and the sequence to expect on each subject."""
        messages: list[Outgoing] = []
        expected: dict[str, int] = {}
        versions: dict[str, int] = {}
        for event in events:
            subject = self._naming.subject_of(event.originator_id)
            if subject not in expected:
                expected[subject] = await self._expect(event, subject, known.get(event.originator_id))
            elif not self._follows(event.originator_version, Head(versions[subject], sequence=1)):
                raise conflict(subject, event.originator_version, versions[subject])
            versions[subject] = event.originator_version
            messages.append(outgoing(event, subject=subject, authority=self._naming.authority))
        require_own_ids(messages)
        return Append(messages, expected)

    async def _expect(self, event: StoredEvent, subject: str, known: int | None) -> int:
        version = event.originator_version
        head = self._heads.get(subject)
        # Of a record that stands in an archive alone the server knows nothing, and would take a first version again.
        first = version <= 1 or (known == 0 and not self._naming.unbroken)
        new = head is None and first and not self._source.is_archived(subject)
        if known is not None and (head.sequence != known if head else new or known):
            return known
        if head is None:
            if self._naming.unbroken and new:
                return 0  # a first version: the server says if there is one already
            head = await self._reader.head(subject)
        if not self._follows(version, head):
            raise conflict(subject, version, head.version)
        return head.sequence

    def _follows(self, version: int, head: Head) -> bool:
        if not self._naming.unbroken:
            return head is NONE_YET or version > head.version
        return version == head.version + 1 or (head is NONE_YET and version == 0)

    def _looks_right(self, append: Append) -> bool:
        """Whether each record of the append still ends where the append expects it to, as far as is known here."""
        return all(
            head is None or head.sequence == expected
            for head, expected in ((self._heads.get(subject), last) for subject, last in append.expected.items())
        )

    async def _write_together(self, appends: Sequence[Append], within: float) -> list[Outcome]:
        """Write several appends as one batch, or none of them; each of those is to be tried alone."""
        batch = uuid4().hex
        whole = joined(appends, batch)
        try:
            async with self._room:
                answer = await attempt(self._source, whole, min(within, self._source.timeout), batch)
            if not answer.first or answer.duplicate:
                return [0] * len(appends)
            await self._whole(whole, answer.first)
        except KeptInPart as error:
            return [await self._stored(each, answer.first + each.batches[batch], error) for each in appends]
        except (VersionConflict, WriteRefused, StoreUnavailable):  # in the last case it may stand there: each will see
            return [0] * len(appends)
        return [answer.first + each.batches[batch] for each in appends]

    async def _stored(self, append: Append, first: int, reason: StoreUnavailable) -> Outcome:
        """The first sequence of an append whose batch is stored in part; an error of its own where not all is there."""
        untold = StoreUnavailable(f"{reason} (of this append nothing is sure, its place is sequence {first})")
        try:
            found = await self._source.at(first + len(append.messages) - 1)
        except StoreUnavailable:
            return untold
        return first if found is not None and append.messages[-1].is_in(found) else untold

    async def _write(self, turn: Turn) -> int:
        """Try until it is certain: stored (the first sequence), refused, or out of time.

        Others are held up by the first attempt at most: what follows may take as long as the patience.
        """
        append, deadline = turn.append, turn.deadline
        began = monotonic()
        pause, reason = FIRST_PAUSE, "no answer"
        while (left := deadline - monotonic()) > 0:
            answer = await self._attempt(append, min(left, self._source.timeout))
            reason = answer.reason or reason
            try:
                if first := await self._came_to(turn, answer, sure=monotonic() - began > SURELY_TAKEN):
                    return first
            except KeptInPart:
                raise
            except StoreUnavailable as unseen:  # what became of it cannot be asked now, and is asked again
                answer, reason = Answer(), str(unseen)
            turn.give_way()
            if answer.code and answer.code not in TAKEN | {BATCH_INCOMPLETE, CLOSED}:
                raise StoreUnavailable(f"stream {self._naming.stream}: nothing was written: {reason}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        raise StoreUnavailable(f"stream {self._naming.stream}: the append is not confirmed: {reason}")

    async def _came_to(self, turn: Turn, answer: Answer, *, sure: bool) -> int:
        """The first sequence of what is stored; 0 where it is to be tried again. StoreUnavailable: nobody tells."""
        append = turn.append
        if answer.first and not answer.duplicate:
            return await self._whole(append, answer.first)
        turn.give_way()
        if first := await self._find_out(append, answer):
            return first
        if answer.duplicate or answer.code == DUPLICATE_IN_BATCH:
            await refuse_taken(self._source, append.messages, answer.first if answer.duplicate else None, sure=sure)
        return 0

    async def _attempt(self, append: Append, within: float) -> Answer:
        if len(append.messages) == 1:
            return await attempt(self._source, append, within)
        async with self._room:
            return await attempt(self._source, append, within)

    async def _find_out(self, append: Append, answer: Answer) -> int:
        """What the leader holds after the expected sequence: ours (the first sequence), nothing (0), or a conflict.

        One event of ours that is found stands for all of them, once the last of them is seen as well.
        """
        rebased = False
        for index, message in append.firsts:
            try:
                found = await self._source.next_live(message.subject, append.expected[message.subject] + 1)
            except StoreUnavailable:
                return 0  # the leader does not answer either: the loop tries again until its time is over
            if found is None:
                continue
            if message.is_in(found):
                before = append.batches.get(found.headers.get(BATCH_ID, ""), 0)
                if len(append.messages) > 1 and found.headers.get(BATCH_SEQUENCE) != str(before + index + 1):
                    raise await self._taken(message)  # another append's: see `append`
                return await self._whole(append, found.sequence - index)
            rebased = await self._rebase(append, message) or rebased
        if answer.code == WRONG_SEQUENCE and not rebased:
            await self._refresh(append)
        return 0

    async def _whole(self, append: Append, first: int) -> int:
        """See the end of a batch with the leader before calling it written; the first sequence.

        A server whose storage runs out in the middle of a batch acknowledges it all the same. It keeps the rest aside
        and stores it at its next start, if there is room; until then this is no success.
        """
        message, sequence = append.messages[-1], first + len(append.messages) - 1
        deadline, pause = monotonic() + self._source.timeout, FIRST_PAUSE
        while len(append.messages) > 1:
            found = await self._source.at(sequence)
            if found is not None:
                if message.is_in(found):
                    break
                raise await self._taken(message)  # the batch was another one
            if monotonic() > deadline:
                raise KeptInPart(
                    f"stream {self._naming.stream}: the server is out of storage and keeps the batch at sequence"
                    f" {first} only in part; give it room and restart it, then repeat the append"
                )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return first

    async def _rebase(self, append: Append, message: Outgoing) -> bool:
        """Expect the true head where our version still follows it; a conflict where it does not."""
        head = await self._true_head(message.subject)
        if not self._follows(message.version, head):
            raise conflict(message.subject, message.version, head.version)
        append.expected[message.subject] = head.sequence
        return True

    async def _taken(self, message: Outgoing) -> VersionConflict:
        """That another append wrote what this one begins with, in the words of the record as it stands."""
        return conflict(message.subject, message.version, (await self._true_head(message.subject)).version)

    async def _true_head(self, subject: str) -> Head:
        """Where the record ends by the server, whatever was known of it."""
        self._heads.forget(subject)
        return await self._reader.head(subject)

    async def _refresh(self, append: Append) -> None:
        """Refused although nothing follows: what was expected is later than what is there."""
        for _, message in append.firsts:
            await self._rebase(append, message)
