"""What is done once before any worker starts: streams made and looked at, policies taken over."""

import asyncio
import sys

from nats.aio.client import Client

from events.errors import SightlineError
from services.log import Log
from services.settings import Settings, read_settings
from services.store.provisioner import provision
from workers.health.surroundings import disk, room, unfiled
from workers.histories.adopting import begin
from workers.kept.witnesses import read
from workers.processes.logs import configure_logs
from workers.system import System

log = Log(__name__)


async def prepared(settings: Settings) -> None:
    """Create the streams that are missing, make every start-up check, and take the policies of the files over.

    All of it before any worker starts: what one wrote on a history that was cut would stay. A repeat changes nothing.
    A disk that is nearly full, a history that has nearly grown as large as it may, a policy file that breaks a rule and
    one that is not there any more are logged, and nothing is refused for it.
    Raises as `System.check` and `prepare` do, and PolicyError.
    """
    with System(settings) as system:
        client = await system.connect()
        try:
            await _provision(system, client)
            await system.check(client)
            for each in [*disk(settings.data), *await room(system, client)]:
                log.warning("nearly full", what=each.worker, authority=each.authority, reason=each.reason)
            for each in await asyncio.to_thread(unfiled, system):
                log.warning("a council without a file", authority=each.authority, state=each.state, about=each.told)
        finally:
            await client.close()
        await asyncio.to_thread(begin, system)


async def prepare(settings: Settings) -> tuple[str, ...]:
    """Create the streams that are missing for every authority whose policy files are sound; their names.

    Drifted when one is there that is not as it must be, HistoryLost when one was there and is gone, PolicyError where
    there is no file at all.
    """
    with System(settings) as system:
        if not system.rules.proposed and (error := system.rules.proposed.error) is not None:
            raise error
        client = await system.connect()
        try:
            return await _provision(system, client)
        finally:
            await client.close()


async def _provision(system: System, client: Client) -> tuple[str, ...]:
    for each in system.rules.proposed.unsound:
        log.warning("a policy is not read", reason=str(each.error))
    # Who goes on without files has streams, and whoever only provisions may not read what was adopted in them.
    return await provision(client, system.rules.proposed, system.layout, witnessed=read(system.views))


def main() -> None:
    """Prepare with the settings of the environment, and end; what stands in the way is printed."""
    settings = read_settings()
    configure_logs(settings)
    try:
        asyncio.run(prepared(settings))
    except SightlineError as error:
        sys.stdout.write(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
