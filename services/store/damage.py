"""What is damaged in a stream and was accepted as it is: every reader passes over it, and over nothing else.

Each acceptance is an event on a record of its own. A reader puts it in the place of what is damaged, so that positions
go on without a hole. It is honoured for as long as there stands what stood there when it was given.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from events import registry
from events.envelope import TYPE, Envelope, checked_hash, from_headers
from events.errors import BrokenHistory, ContractError
from events.losses import MISSING, DamageAccepted
from services.store.messages import RawMessage
from services.store.source import Source

SUBJECTS = "sightline.*.damage.*"
"""A stream holds the events of one authority alone."""


def damage_aggregate(position: int) -> str:
    """The record of what was accepted at a position; its newest event counts."""
    return f"damage/{position}"


def found_there(message: RawMessage | None) -> str:
    """What stands at a position, in a word that changes with every byte of it: `missing`, or a hash in hex.

    The message is the leader's. What the server and the transport add to the headers is left out.
    """
    if message is None:
        return MISSING
    own = sorted(f"{name}:{value}\n" for name, value in message.headers.items() if not name.startswith("Nats-"))
    return hashlib.sha256("".join([message.subject, "\n", *own, "\n"]).encode() + message.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The newest acceptance at a position, with who gave it, and the message that holds it."""

    fact: DamageAccepted
    told: Envelope
    message: RawMessage

    @property
    def place(self) -> str:
        """The position, or the first and the last."""
        first, last = self.fact.position, self.fact.through
        return str(first) if first == last else f"{first}-{last}"


class Damage:
    """The accepted damage of one stream, as far as it was learnt."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._counts: dict[str, int] = {}
        self._given: dict[str, Acceptance] = {}
        self._at: dict[int, Acceptance] = {}

    def __contains__(self, sequence: int) -> bool:
        return sequence in self._at

    def __bool__(self) -> bool:
        return bool(self._at)

    @property
    def given(self) -> list[Acceptance]:
        """Every acceptance that counts, by position."""
        return sorted(self._given.values(), key=lambda each: each.fact.position)

    @property
    def told(self) -> str:
        """A word that changes with every acceptance that is given; "" before the first."""
        counted = ",".join(f"{name}:{count}" for name, count in sorted(self._counts.items()))
        return hashlib.sha256(counted.encode()).hexdigest()[:16] if counted else ""

    async def learn(self) -> bool:
        """Read what was accepted since; whether there was anything. One question where there was not."""
        counts = await self._source.subjects(SUBJECTS)
        changed = [name for name, count in counts.items() if self._counts.get(name) != count]
        for name in changed:
            message = await self._source.newest(name)
            if message is not None and (read := _read(message)):
                self._given[name] = read
        self._counts = counts
        self._at = {
            position: each for each in self.given for position in range(each.fact.position, each.fact.through + 1)
        }
        return bool(changed)

    async def stand_in(self, sequence: int, there: RawMessage | None) -> RawMessage | None:
        """What takes the place of a position; None where nothing was accepted, or something else than stands there."""
        given = self._at.get(sequence)
        if given is None:
            return None
        if there is not None or given.fact.found != MISSING:
            there = await self._source.at(sequence)  # one form for one message, whichever way it was read
        if found_there(there) != given.fact.found:
            return None
        return given.message._replace(sequence=sequence, stands_in=True)

    async def learnt_stand_in(self, sequence: int) -> RawMessage | None:
        """What takes the place of a position by all that was accepted until now."""
        await self.learn()
        return await self.stand_in(sequence, await self._source.at(sequence))

    async def put_in(self, after: int, messages: Sequence[RawMessage], through: int = 0) -> list[RawMessage]:
        """The messages that follow a position, with what was accepted in the place of what is damaged.

        `through` is the position up to which there are no others than these. A hole that nobody accepted stays one.
        """
        if not self._at:
            return list(messages)
        whole: list[RawMessage] = []
        for message in messages:
            whole += await self.lost(after, message.sequence)
            whole.append(await self.stand_in(message.sequence, message) or message)
            after = message.sequence
        return whole + await self.lost(after, through + 1)

    async def lost(self, after: int, before: int) -> list[RawMessage]:
        """What takes the place of the positions between two others, where damage was accepted that still stands."""
        within = (each for each in range(after + 1, before) if each in self._at)
        found = [await self.stand_in(each, None) for each in within]
        return [each for each in found if each is not None]


def told_of(given: Sequence[Acceptance]) -> str:
    """The accepted damage in words: how much it is, and where."""
    positions = sum(each.fact.through - each.fact.position + 1 for each in given)
    return f"damage of {positions} events accepted: {', '.join(each.place for each in given)}"


def _read(message: RawMessage) -> Acceptance | None:
    """The acceptance in a message; None where that is damaged itself, and so accepts nothing."""
    try:
        checked_hash(message.headers, message.data)
        fact = registry.decode(message.headers.get(TYPE, ""), message.data)
        told = from_headers(message.headers)
    except (KeyError, ValueError, ContractError):
        return None
    return Acceptance(fact, told, message) if isinstance(fact, DamageAccepted) else None


async def require_whole(source: Source, state: Mapping[str, Any]) -> None:
    """A stream that forbids deleting has every position after the archived ones, but those whose loss was accepted.

    `state` is what the server said of it. BrokenHistory otherwise.
    """
    last, first = state["last_seq"], state["first_seq"]
    archived = await source.first_live() - 1
    missing = last - archived - state["messages"]
    if missing <= 0 and (not last or first <= archived + 1):
        return
    damage = Damage(source)
    await damage.learn()
    gone = [*range(archived + 1, first), *(each for each in await source.deleted() if each > archived)]
    honoured = [each for each in gone if await damage.stand_in(each, None)]
    if len(honoured) < max(missing, len(gone)):
        raise BrokenHistory(f"stream {source.stream}", f"{missing - len(honoured)} of {last} messages are missing")
