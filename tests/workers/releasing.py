"""Imports that a test releases by itself, which audits are asked for, and what stands in the end."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Self
from unittest.mock import patch

from nats.aio.client import Client

from events.audits import AuditSubmitted
from events.imports import ImportClosed, ImportOpened
from events.recorded import Recorded
from events.subjects import armed_subjects, timer_aggregate, timer_stream
from services.imports import import_aggregate
from services.store.application import History
from services.store.link import close_link
from services.store.messages import RawMessage
from services.store.source import Source
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from workers.due.settling import Settling
from workers.due.timekeeper import NAME, Timekeeper
from workers.due.timers import Timers
from workers.kept.parked import Parked, put_off
from workers.kept.parked import parked as parked_records

IMPORT = "I-1"
CLOSED = import_aggregate(IMPORT)
LONG_AGO = datetime(2026, 1, 8, 9, 0, tzinfo=UTC)
AUDITS = tuple(f"A-{number}" for number in range(6))
RECORDS = {f"audit/{each}" for each in AUDITS}


def opened(rig: Rig, name: str = IMPORT) -> None:
    rig.record("", ImportOpened(file_hash=name), aggregate=import_aggregate(name))


def brought_in(rig: Rig, audits: Iterable[str] = AUDITS, *, at: datetime = LONG_AGO, name: str = IMPORT) -> None:
    """Audits of one import whose events run through one another, as those of a month do."""
    for audit in audits:
        rig.record(audit, allocated(due=None), at=at, imported=name)
    for audit in audits:
        rig.record(audit, AuditSubmitted(grade=LOWEST), at=at + timedelta(days=1), imported=name)


def closed(rig: Rig, name: str = IMPORT) -> None:
    rig.record("", ImportClosed(accepted=12, repeated=0, refused=0), aggregate=import_aggregate(name))


def imported(rig: Rig, audits: Iterable[str] = AUDITS, *, at: datetime = LONG_AGO) -> None:
    """One import, from its beginning to its end."""
    opened(rig)
    brought_in(rig, audits, at=at)
    closed(rig)


def keeper(rig: Rig, client: Client) -> Timekeeper:
    """A timekeeper as another process has it."""
    return Timekeeper(rig.system, rig.authority, client, Timers(client, rig.authority, timedelta()))


async def release(keeper: Timekeeper, stop: asyncio.Event | None = None, name: str = IMPORT) -> float | None:
    """Release the import, unless it is time to stop meanwhile."""
    return await keeper.attending.one(import_aggregate(name), stop or asyncio.Event())


def once(rig: Rig, audits: Iterable[str] = AUDITS) -> None:
    """Each step of each audit is recorded, and recorded once."""
    for audit in audits:
        steps = [(step.obligation, step.step, step.key, step.trigger) for step in rig.steps(audit)]
        assert steps
        assert len(steps) == len(set(steps))
        Settling(rig.system, rig.authority).settle(f"audit/{audit}")
        assert len(rig.steps(audit)) == len(steps), "settled once more, alone, nothing is left to record"


def armed(rig: Rig) -> Counter[str]:
    """How many timers stand of each audit."""
    link = rig.system.link()
    try:
        found = link.run(Source(link.client, timer_stream(rig.authority)).subjects(armed_subjects(rig.authority)))
    finally:
        close_link(link)
    return Counter(timer_aggregate(subject) for subject in found)


class Asked:
    """Which audits are asked for by themselves, alone or with others."""

    def __init__(self) -> None:
        self.audits: set[str] = set()
        load, load_all = History.load, History.load_all

        def loaded(history: History, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
            self._note([aggregate_id])
            return load(history, aggregate_id, after=after)

        def all_loaded(history: History, aggregate_ids: Collection[str]) -> dict[str, tuple[Recorded, ...]]:
            self._note(aggregate_ids)
            return load_all(history, aggregate_ids)

        self._patches = (patch.object(History, "load", loaded), patch.object(History, "load_all", all_loaded))

    def _note(self, names: Iterable[str]) -> None:
        self.audits |= {each for each in names if each.startswith("audit/")}

    def __enter__(self) -> Self:
        for each in self._patches:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._patches:
            each.stop()


async def one_by_one(source: Source, *, after: int, until: int, by_runs: bool) -> AsyncIterator[list[RawMessage]]:
    """As the pages of a stream come, each of one message."""
    assert by_runs
    for sequence in range(after + 1, until + 1):
        found = await source.at(sequence)
        assert found is not None
        yield [found]


def waiting(rig: Rig) -> list[Parked]:
    """What is parked, as once its time has come."""
    found = parked_records(rig.system.engine, NAME).get((NAME, rig.authority), ())
    for each in found:
        put_off(rig.system.engine, each, -1.0)
    return list(parked_records(rig.system.engine, NAME).get((NAME, rig.authority), ()))


def parked(rig: Rig) -> list[str]:
    found = parked_records(rig.system.engine, NAME)
    return [each.record for each in found.get((NAME, rig.authority), ())]
