"""A recorder whose commits are held while others arrive, as it happens when many write at once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eventsourcing.persistence import StoredEvent

from services.store.mapper import fact_to_store
from services.store.recorders import JetStreamApplicationRecorder
from tests.services.store.faults import Holding
from tests.stores import PATIENCE, Store, recorded

Events = Sequence[StoredEvent]


def facts(authority: str, aggregate: str, *versions: int, command: str = "") -> Events:
    named = {each: f"{command}-{each}" if command else None for each in versions}
    return [fact_to_store(recorded(authority, aggregate, each, command=named[each])) for each in versions]


async def until(condition: Callable[[], bool]) -> None:
    """Wait on the loop until it holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - nobody is told when an append begins to wait
            await asyncio.sleep(0)


@dataclass
class Scene:
    """A recorder whose first commit is held while others arrive."""

    store: Store
    authority: str
    recorder: JetStreamApplicationRecorder
    client: Holding

    async def arrive(self, *appends: Events) -> list[asyncio.Task[list[int]]]:
        """The first is under way, the others have come one after another, and wait or are through."""
        tasks: list[asyncio.Task[list[int]]] = []
        group = self.recorder._appender._group
        for events in appends:
            waiting, asked = len(group._waiting), len(self.client.sizes)
            task = asyncio.create_task(self.recorder._appender.append(events))
            tasks.append(task)
            await until(
                lambda task=task, waiting=waiting, asked=asked: (
                    (  # type: ignore[misc]  # bound at once
                        task.done() or len(group._waiting) > waiting or len(self.client.sizes) > asked
                    )
                    and bool(self.client.sizes)
                )
            )
        return tasks

    async def all_of(self, *appends: Events) -> list[Any]:
        """What each came to."""
        tasks = await self.arrive(*appends)
        self.client.go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    def run(self, *appends: Events) -> list[Any]:
        return self.store.link.run(self.all_of(*appends))

    def stored(self) -> list[str]:
        """Whose versions stand in the stream, in its order."""
        found = self.store.recorder(self.authority).select_notifications(1, 10_000)
        assert [each.id for each in found] == list(range(1, len(found) + 1))
        return [f"{each.originator_id} {each.originator_version}" for each in found]


def scene(store: Store, *, patience: float = PATIENCE, **losses: int) -> Scene:
    authority = store.authority()
    recorder = store.recorder(authority, patience=patience)
    client = Holding(store.link.client, **losses)
    recorder._source.client = client  # type: ignore[assignment]  # stands in for the client
    return Scene(store, authority, recorder, client)
