"""Snapshots of records: what is kept of a long one, so that a command need not read it from its beginning.

A snapshot saves time and is never the truth. It holds what the events up to a version leave (`Standing`) and no list of
commands, so that it grows with what the state holds and not with what was done. Whoever opens a record by it asks the
history whether the event that it was made at still stands there, and reads what came after. What is asked beyond that
is read from the events (see `services.core.record.Record`). Another program's snapshot is never read.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

import orjson

from events.recorded import Recorded
from services.kept import program_text
from services.values import from_plain, to_plain

S = TypeVar("S")

WORTH_KEEPING = 100
"""Events since the last snapshot from which a new one saves more than it costs. Shorter records have none."""

ROOMS = ("events", "services")
"""The rooms whose text says what a state is. Where any of it changes, every snapshot is of another program."""


@dataclass(frozen=True, slots=True)
class Folding(Generic[S]):
    """How a state is made from facts and how it is kept in a snapshot.

    `kind` names state and form; where either changes it is another, and older snapshots are passed over.
    """

    kind: str
    step: Callable[[S | None, Recorded], S | None]
    dump: Callable[[S], bytes]
    load: Callable[[bytes], S]


@dataclass(frozen=True, slots=True)
class Folded(Generic[S]):
    """A state with the version that it stands at; `since` is the version of the snapshot it began from, or 0."""

    state: S | None
    version: int
    since: int = 0


@dataclass(frozen=True, slots=True)
class Opened(Generic[S]):
    """A record as it is found: the state of a snapshot at version `since`, and the facts after that.

    Without a snapshot that is believed there is no state, `since` is 0, and the facts are all there are.
    """

    state: S | None
    since: int
    facts: tuple[Recorded, ...]

    @property
    def version(self) -> int:
        """The version of the newest fact, 0 for none."""
        return self.facts[-1].originator_version if self.facts else self.since


@dataclass(slots=True)
class Standing(Generic[S]):
    """What the events of a record leave.

    `began` is the version of the policy under which it began, where it is a piece of work. `occurred_by` and
    `recorded_by` are the latest instants at which anything in it happened, and was recorded.
    """

    state: S
    version: int = 0
    began: str | None = None
    occurred_by: datetime | None = None
    recorded_by: datetime | None = None

    def take(self, recorded: Recorded) -> None:
        """Take in one event."""
        self.state.apply(recorded)  # type: ignore[attr-defined]  # a state is what takes events in
        self.version = recorded.originator_version
        told = recorded.envelope
        if self.began is None and recorded.fact.begins:
            self.began = told.policy_version
        if self.occurred_by is None or self.occurred_by < told.occurred:
            self.occurred_by = told.occurred
        if self.recorded_by is None or self.recorded_by < told.recorded:
            self.recorded_by = told.recorded


@dataclass(frozen=True, slots=True)
class Form(Generic[S]):
    """How a state is said in plain values, and made of them again."""

    dump: Callable[[S], Any] = to_plain
    load: Callable[[Any], S] = from_plain


ANY: Form[Any] = Form()
"""The form of any state of dataclasses, facts and plain values (see `services.values`)."""


def standing(kind: str, begin: Callable[[], S], form: Form[S] = ANY) -> Folding[Standing[S]]:
    """How the records of a kind are kept, whose state begins so."""

    def step(held: Standing[S] | None, recorded: Recorded) -> Standing[S]:
        held = held or Standing(begin())
        held.take(recorded)
        return held

    def dump(held: Standing[S]) -> bytes:
        beside = to_plain((held.version, held.began, held.occurred_by, held.recorded_by))
        return zlib.compress(orjson.dumps([form.dump(held.state), beside]))

    def load(body: bytes) -> Standing[S]:
        state, beside = orjson.loads(zlib.decompress(body))
        return Standing(form.load(state), *from_plain(beside))

    return Folding(f"{kind}-{_program()}", step, dump, load)


@cache
def _program() -> str:
    return program_text(*ROOMS)[:16]
