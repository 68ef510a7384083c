"""A council on a server of its own, which a test may stop, damage and put back from a copy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.nats_server import embedded_server
from services.settings import Settings
from tests.workers.rig import Rig, policy_folder
from workers.running.preparing import prepare
from workers.system import System

COUNCIL = "council"


def settings_in(folder: Path) -> Settings:
    """A data folder with a server of its own, that can be stopped and damaged."""
    return Settings(data=folder / "data", policies=policy_folder(folder / "policies", COUNCIL))


@asynccontextmanager
async def running(settings: Settings, *workers: str) -> AsyncIterator[Rig]:
    """The server of the folder with some workers, as `up` starts them."""
    with embedded_server(settings.data):
        await prepare(settings)
        with System(settings) as system:
            rig = Rig(settings, system, COUNCIL)
            async with rig.workers(*workers):
                yield rig
