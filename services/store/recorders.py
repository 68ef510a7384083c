"""The recorders of the event-sourcing library, kept by a JetStream stream.

They are synchronous and may be called from any number of threads; the work happens on the link's event loop.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, Notification, StoredEvent

from events.errors import BrokenHistory, SightlineError
from services.store.aggregates import AggregateReader, Span
from services.store.appending import Appender
from services.store.continuity import Continuity
from services.store.contract import of_the_library
from services.store.damage import Damage
from services.store.errors import StoreUnavailable, WriteRefused
from services.store.heads import Head, Heads
from services.store.link import Link
from services.store.messages import RawMessage
from services.store.naming import Naming
from services.store.source import Source
from services.store.stored import notification, stored_event
from services.store.subscription import JetStreamSubscription

PAGE = 1_000

AT_ONCE = 32
"""Aggregates that are read at the same time where many are wanted: the server answers a few messages or many as one."""


class JetStreamAggregateRecorder(AggregateRecorder):
    """Inserts and selects the events of aggregates. Also keeps snapshots, on a stream of their own."""

    def __init__(self, link: Link, naming: Naming, *, timeout: float = 5.0, patience: float = 10.0) -> None:
        self._link = link
        self._naming = naming
        self._source = Source(link.client, naming.stream, timeout=timeout)
        self._damage = Damage(self._source)
        self._reader = AggregateReader(self._source, Heads(), self._damage, unbroken=naming.unbroken)
        self._appender = Appender(self._source, naming, self._reader, patience=patience)

    @of_the_library
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Write all of the events or none; see `Appender.append` for the errors and for what a repeat does.

        With `newest` each is the newest from now on, whichever stood there: so snapshots are kept.
        """
        if kwargs.get("newest"):
            self._link.run(self._appender.put_newest(stored_events))
        else:
            self._insert(stored_events, kwargs.get("expected"))
        return None

    def _insert(self, stored_events: Sequence[StoredEvent], expected: Mapping[UUID | str, int] | None) -> list[int]:
        return self._link.run(self._appender.append(stored_events, expected))

    def forget_heads(self) -> None:
        """Take no record to end where it was last seen to: the next append asks the server."""
        self._reader.heads.forget_all()

    def select_since(self, originator_id: UUID | str, version: int, position: int) -> Sequence[StoredEvent]:
        """The event of that version at that position and those after it; none where another one stands there.

        Everything acknowledged before the call is among them. BrokenHistory for a hole.
        """
        subject = self._naming.subject_of(originator_id)
        return [stored_event(each) for each in self._link.run(self._reader.since(subject, Head(version, position)))]

    def told_damage(self) -> str:
        """A word that changes with everything that is accepted as damaged in the stream: one question."""
        self.learn_damage()
        return self._damage.told

    def learn_damage(self) -> bool:
        """Read what of the stream's damage was accepted since that was asked last; whether there was anything."""
        return self._link.run(self._damage.learn())

    @of_the_library
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one aggregate: everything acknowledged before the call. BrokenHistory for a hole."""
        subject = self._naming.subject_of(originator_id)
        span = Span(gt, lte, desc=desc, limit=limit)
        return [stored_event(each) for each in self._link.run(self._reader.read(subject, span))]

    def select_together(self, originator_ids: Iterable[str]) -> Mapping[str, Sequence[StoredEvent]]:
        """All events of each of several aggregates, each as `select_events` gives them, asked for side by side.

        An aggregate that cannot be read is left out: whoever selects its events alone hears why.
        """
        found = self._link.run(self._together(dict.fromkeys(originator_ids)))
        return {name: [stored_event(each) for each in messages] for name, messages in found.items()}

    def select_unused(self, originator_ids: Iterable[str]) -> frozenset[str]:
        """Those of which there is no event, everything acknowledged before the call seen; for a few questions in all.

        One of which that is not certain is left out, whatever the reason: whoever selects its events alone hears it.
        """
        subjects = {}
        for name in originator_ids:
            with suppress(WriteRefused):
                subjects[self._naming.subject_of(name)] = name
        try:
            return frozenset(subjects[each] for each in self._link.run(self._source.unused(list(subjects))))
        except StoreUnavailable:
            return frozenset()

    async def _together(self, originator_ids: Iterable[str]) -> dict[str, list[RawMessage]]:
        found: dict[str, list[RawMessage]] = {}
        waiting = iter(originator_ids)

        async def read() -> None:
            for name in waiting:
                with suppress(SightlineError):
                    found[name] = await self._reader.read(self._naming.subject_of(name), Span())

        await asyncio.gather(*(read() for _ in range(AT_ONCE)))
        return found


class JetStreamApplicationRecorder(JetStreamAggregateRecorder, ApplicationRecorder):
    """Adds the application's sequence, which is the stream itself: a notification's id is its sequence."""

    @of_the_library
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Write all of the events or none; their sequences. `expected` may name last sequences by id."""
        return self._insert(stored_events, kwargs.get("expected"))

    @of_the_library
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events in the order of the stream: everything acknowledged before the call among them.

        BrokenHistory when a sequence or a version is missing: nothing is skipped.
        """
        first = 1 if start is None else start + (not inclusive_of_start)
        found = self._link.run(self._select(max(first, 1), limit, stop, frozenset(topics)))
        return [notification(each) for each in found]

    async def _select(self, first: int, limit: int, stop: int | None, topics: frozenset[str]) -> list[RawMessage]:
        found: list[RawMessage] = []
        check = Continuity(self._naming.stream, after=first - 1)
        await self._damage.learn()
        while len(found) < limit and (stop is None or check.position < stop):
            count = PAGE if topics else min(PAGE, limit - len(found))
            messages = (await self._source.page(check.position + 1, count)).messages
            messages = await self._damage.put_in(check.position, messages)
            if not messages:
                messages = await self._behind(check.position + 1)
            if not messages:
                break
            for message in messages:
                if stop is not None and message.sequence > stop:
                    return found
                check.accept(message)
                if not topics or message.topic in topics:
                    found.append(message)
        return found[:limit]

    async def _behind(self, sequence: int) -> list[RawMessage]:
        """What stands at a sequence although the copy that answered gave nothing: by the leader."""
        if sequence > await self._source.last_sequence():
            return []
        message = await self._source.at(sequence)
        message = await self._damage.stand_in(sequence, message) or message
        if message is None:
            raise BrokenHistory(f"stream {self._naming.stream}", f"sequence {sequence} is missing")
        return [message]

    @of_the_library
    def max_notification_id(self) -> int | None:
        """The newest sequence, by the leader; None when there are no events."""
        return self._link.run(self._source.last_sequence()) or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> JetStreamSubscription:
        """Events after `gt` and then, without an end, those that are still to come."""
        return JetStreamSubscription(self, self._link, self._source, gt=gt, topics=topics)
