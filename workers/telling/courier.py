"""Brings one message on: records that it goes, hands it over, records what came of it, tells the tier above."""

import asyncio
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from time import monotonic

from events.base import Fact
from events.deliveries import DeliveryAttempted, DeliveryDelivered, DeliveryFailed, DeliverySuppressed
from events.directory import AddressDoubted
from events.errors import Conflict
from services.clock import local_date
from services.deliveries.decisions import bounced
from services.deliveries.due import Addressed, next_in_line
from services.deliveries.index import Index
from services.deliveries.letters import Letter
from services.deliveries.office import Office, Silent
from services.deliveries.recording import as_recorded, record_of
from services.deliveries.state import Delivery
from services.deliveries.transports import Fate, NotTaken, Postbox, Way
from services.directory.snapshot import directory_of
from services.directory.state import DIRECTORY, fold_directory
from services.keyring import Keyring
from services.log import Log
from workers.system import System

log = Log(__name__)

LONGEST_WAIT = timedelta(hours=2)
"""Between two attempts: the wait doubles up to this."""

CLOSED, LONGEST_CLOSED = 2.0, 60.0
"""Seconds for which nothing is handed over after the other side proved closed: they double."""

ASKED_FOR = timedelta(days=3)
"""After which a service that can say what became of a message has said so."""

ATTEMPTS = 5
"""How often it is tried to record that a message went."""


class Courier:
    """Brings the messages of one authority on, one at a time.

    That a message goes is recorded on its own record before it does, on condition that nobody else took it up.
    """

    def __init__(self, system: System, authority: str, ring: Keyring, way: Way | None, index: Index) -> None:
        self._system = system
        self._authority = authority
        self._history = system.history(authority)
        self._policies = system.policies[authority]
        self._clock = system.clock
        self.way = way
        self.index = index
        self.office = Office(self._history, self._policies, ring.unseal, self._clock, system.settings.send_link)
        self._closed_until, self._closed_for = 0.0, CLOSED
        self._log = log.bind(authority=authority)

    @property
    def closed(self) -> bool:
        """Whether the other side takes nothing for the moment."""
        return monotonic() < self._closed_until

    def learn_directory(self) -> None:
        """Read what is new in the directory."""
        held = self.office.directory
        if not held.version:
            self.office.directory = directory_of(self._history)
        elif new := list(self._history.each(DIRECTORY, after=held.version)):
            self.office.directory = fold_directory(new, deepcopy(held))

    async def begin(self, place: str, group: Sequence[Addressed], box: Postbox | None) -> None:
        """Take up a message for those of the group of whom none tells yet."""
        number = 0
        while group:
            reference = next_in_line(place, number)
            delivery, version = await asyncio.to_thread(self.office.load, reference)
            if delivery.begun is not None:
                self.index.taken_up(delivery.begun)
                group = [each for each in group if each.told.notice not in delivery.notices]
                number += 1
                continue
            first = group[0]
            told = tuple(sorted((each.told for each in group), key=lambda each: (each.about, each.notice)))
            begun = DeliverySuppressed(
                recipient=first.person,
                role=first.role,
                unit=first.unit,
                kind=first.kind,
                obligation=first.obligation,
                step=first.step,
                told=told,
                instead_of=first.instead_of,
                reason="no_address",
            )
            if await self._attempt(reference, version, begun, first.at, 1, box):
                return

    async def go_on(self, reference: str, box: Postbox | None) -> None:
        """Bring on a message that was taken up: try it again, or tell the tier above."""
        delivery, version = await asyncio.to_thread(self.office.load, reference)
        now = self._clock()
        if delivery.begun is None:
            self.index.open.pop(reference, None)
        elif delivery.goes_up:
            await self.append(reference, version, delivery.begun, self.office.above(delivery.begun))
        elif self._is_due(delivery, now):
            way = self.way
            taken = await way.taken_before(reference) if way and delivery.transport == way.name else False
            if taken is None:
                self._shut()
            elif taken and way:
                delivered = DeliveryDelivered(transport=way.name, number=delivery.number)
                await self.append(reference, version, delivery.begun, delivered)
            else:
                await self._attempt(reference, version, delivery.begun, now, delivery.number + 1, box)
        elif delivery.phase not in {"in hand", "waiting"}:
            self.index.settle(reference, delivery, now)

    def _is_due(self, delivery: Delivery, now: datetime) -> bool:
        """Whether it is to be tried again: its time has come, or whoever had it in hand does not come back."""
        if delivery.phase == "waiting":
            return delivery.again is not None and now >= delivery.again
        patience = timedelta(seconds=self.way.patience) if self.way else timedelta()
        return delivery.phase == "in hand" and delivery.attempted is not None and now >= delivery.attempted + patience

    async def _attempt(
        self,
        reference: str,
        version: int,
        begun: DeliveryAttempted | DeliverySuppressed,
        since: datetime,
        number: int,
        box: Postbox | None,
    ) -> bool:
        """Record that the message goes, and hand it over; or why it does not. False where somebody else was first."""
        said = begun.model_dump(exclude={"reason", "transport", "number"})
        if self.way is None or box is None:
            return await self.append(reference, version, begun, DeliverySuppressed(**said, reason="switched_off"))
        address = await asyncio.to_thread(self.office.address, begun.recipient, since)
        if isinstance(address, Silent):
            return await self.append(reference, version, begun, DeliverySuppressed(**said, reason=address.reason))
        written = await asyncio.to_thread(self.office.write, reference, address, begun)
        attempted = DeliveryAttempted(**said, transport=self.way.name, number=number)
        if not await self.append(reference, version, begun, attempted):
            return False
        await self._hand_over(reference, version + 1, attempted, written, box)
        return True

    async def _hand_over(
        self, reference: str, version: int, attempted: DeliveryAttempted, written: Letter, box: Postbox
    ) -> None:
        refusal = await box.put(written)
        if refusal is None:
            self._closed_for = CLOSED
            outcome: Fact = DeliveryDelivered(transport=attempted.transport, number=attempted.number)
        else:
            if refusal.closed:
                self._shut(refusal.again_in)
            outcome = DeliveryFailed(
                transport=attempted.transport,
                number=attempted.number,
                reason=refusal.reason,
                again=self._again(refusal, attempted.number),
            )
        self._log.info("message handed over" if refusal is None else "message not taken", delivery=reference)
        for _ in range(ATTEMPTS):
            if await self.append(reference, version, attempted, outcome) or refusal is not None:
                return
            version = (await asyncio.to_thread(self.office.load, reference))[
                1
            ]  # it went, whoever else has it in hand now

    def _shut(self, seconds: float = 0.0) -> None:
        """Hand nothing over for a while: nobody there takes it."""
        self._closed_until = monotonic() + max(self._closed_for, seconds)
        self._closed_for = min(self._closed_for * 2, LONGEST_CLOSED)

    def _again(self, refusal: NotTaken, number: int) -> datetime | None:
        settings = self._system.settings
        if refusal.for_good or number >= settings.send_attempts:
            return None
        wait = min(timedelta(seconds=settings.send_retry_seconds * 2.0 ** min(number - 1, 20)), LONGEST_WAIT)
        asked = timedelta(seconds=refusal.again_in)
        return self._clock() + max(wait, asked)

    async def ask_of_taken(self) -> None:
        """Ask of what was taken what became of it, and record what came back; nobody asks again of what is known.

        What came back and could not be recorded, since somebody else wrote just then, is asked about the next time.
        """
        for reference, since in list(self.index.watched.items()):
            fate: Fate = await self.way.fate(reference) if self.way else "arrived"
            if fate == "came back":
                known = await self._came_back(reference)
            else:
                known = fate != "on its way" or self._clock() - since > ASKED_FOR
            if known:
                self.index.watched.pop(reference, None)

    async def _came_back(self, reference: str) -> bool:
        """Record that a message came back, and that the address is not used until it is changed; whether that stands.

        A repeat records nothing.
        """
        delivery, version = await asyncio.to_thread(self.office.load, reference)
        for fact in bounced(delivery):
            doubted = AddressDoubted(person=fact.recipient)
            if not await self.append(reference, version, delivery.begun, fact, doubted):
                return False
        return True

    async def append(
        self,
        reference: str,
        version: int,
        begun: DeliveryAttempted | DeliverySuppressed | None,
        fact: Fact,
        on_directory: Fact | None = None,
    ) -> bool:
        """Record it as the next event of the message. False, with nothing written, where somebody else was first."""
        now = self._clock()
        facts: list[tuple[str, int, Fact]] = [(record_of(reference), version + 1, fact)]
        if on_directory is not None:
            await asyncio.to_thread(self.learn_directory)
            facts.append((DIRECTORY, self.office.directory.version + 1, on_directory))
        events = as_recorded(
            facts,
            authority=self._authority,
            cause=begun.told[0].notice if begun else "",
            policy=self._policies.in_force(local_date(now)),
            now=now,
        )
        try:
            await asyncio.to_thread(self._history.append, *events)
        except Conflict:
            return False
        self.index.follow(events[0])
        return True
