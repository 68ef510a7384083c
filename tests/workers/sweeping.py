"""Sweepers that a test runs sweep by sweep, what they cost, and what is kept of their knowledge."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Self
from unittest.mock import patch

from nats.aio.client import Client
from sqlalchemy import select

from events.audits import AuditSubmitted
from events.escalations import EscalationResolved
from events.subjects import stream_name
from tests.cli.counting import counted
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from workers.due.arming import Arming
from workers.due.settling import Settling
from workers.due.sweeper import Sweeper
from workers.kept import outlooks
from workers.kept.outlooks import Outlook
from workers.kept.sweep_books import OPEN


def closed(rig: Rig, audit: str) -> None:
    """An audit of which everything is over: whoever was to be told was told, and no step is to come."""
    long_ago = rig.now() - timedelta(days=700)
    rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST), at=long_ago)
    Settling(rig.system, rig.authority).settle(f"audit/{audit}")


class Worked:
    """Which records are worked out while the block runs, and how many messages of events are read."""

    def __init__(self, rig: Rig) -> None:
        self.records: list[str] = []
        self._messages = Counter[str]()
        self._counting = counted(stream_name(rig.authority), self._messages, "")
        really = Arming.work_out

        async def work_out(arming: Arming, aggregate: str) -> Outlook:
            self.records.append(aggregate)
            return await really(arming, aggregate)

        together = Arming.work_out_together

        async def work_out_together(
            arming: Arming, aggregates: Sequence[str], stopped: Callable[[], bool], *, recalled: bool = False
        ) -> dict[str, Outlook]:
            found = await together(arming, aggregates, stopped, recalled=recalled)
            self.records.extend(found)
            return found

        self._patches = (
            patch.object(Arming, "work_out", work_out),
            patch.object(Arming, "work_out_together", work_out_together),
        )

    @property
    def messages(self) -> int:
        return self._messages[""]

    def __enter__(self) -> Self:
        self._counting.__enter__()
        for each in self._patches:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._patches:
            each.stop()
        self._counting.__exit__(None, None, None)


class Copy(Sweeper):
    """Another process that sweeps the same council."""

    def __init__(self, rig: Rig, client: Client) -> None:
        super().__init__(rig.system, rig.authority, client)


def kept(rig: Rig) -> dict[str, tuple[object, ...]]:
    """What is kept of each record, but for its stamp."""
    with rig.system.engine.connect() as db:
        found = db.execute(select(OPEN).where(OPEN.c.authority == rig.authority))
        return {each.record: (each.next_due, each.timers, each.held, each.wanted) for each in found}


async def same_as_anew(rig: Rig, client: Client) -> None:
    """What is kept is what a sweeper would keep that begins with the first event."""
    found = kept(rig)
    outlooks.forget(rig.system.engine, rig.authority)
    await Copy(rig, client).sweep()
    assert found == kept(rig)


async def told(rig: Rig, audit: str) -> int:
    """Let the escalator record what is due; how often somebody was told of something in the audit."""
    await asyncio.to_thread(Settling(rig.system, rig.authority).settle, f"audit/{audit}")
    steps = [each for each in rig.steps(audit) if not isinstance(each, EscalationResolved)]
    identities = [(each.obligation, each.step, each.trigger, each.number) for each in steps]
    assert len(identities) == len(set(identities))
    return len(identities)
