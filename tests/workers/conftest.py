"""A rig for each test, on the server that all tests share."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from services.settings import Settings
from tests.stores import Store
from tests.workers.rig import Rig, policy_folder
from workers.system import System

MakeRig = Callable[..., Rig]


@pytest.fixture
def make_rig(single_store: Store, tmp_path: Path) -> Iterator[MakeRig]:
    """Make rigs: `make_rig(clock_offset=…, change=…)`, where `change` edits the policy's text."""
    systems: list[System] = []

    def make(
        *,
        authority: str | None = None,
        clock_offset: timedelta = timedelta(),
        sweep_seconds: float = 60.0,
        change: Callable[[str], str] = lambda text: text,
        **more: Any,
    ) -> Rig:
        authority = authority or single_store.authority()
        settings = Settings(
            data=tmp_path,
            nats=single_store.url,
            policies=policy_folder(tmp_path / "policies", authority, change),
            clock_offset=clock_offset,
            sweep_seconds=sweep_seconds,
            **more,
        )
        systems.append(System(settings))
        return Rig(settings, systems[-1], authority)

    yield make
    for system in systems:
        system.close()


@pytest.fixture
def rig(make_rig: MakeRig) -> Rig:
    """A rig as it runs by default."""
    return make_rig()


@pytest.fixture
async def client(rig: Rig) -> AsyncIterator[Client]:
    """A connection beside those of the workers."""
    client = await rig.system.connect()
    yield client
    await client.close()
