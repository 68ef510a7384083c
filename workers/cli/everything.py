"""`sightline up` as the process that stays: it watches over all others, so it holds nothing of what they need."""

import asyncio
import os
import sys

import workers.processes.lean  # noqa: F401 - before whatever else loads it
from events.errors import SightlineError
from services.settings import Settings, read_settings
from workers.api.place import address
from workers.cli.app import MISTAKE, say
from workers.parts.groups import DOOR_PROCESSES, PROCESSES
from workers.processes.logs import configure_logs
from workers.running.forking import Processes
from workers.running.supervisor import up


class NotPrepared(SightlineError):
    """What comes before any worker could not be done; the message is that of what stood in the way."""


async def prepared_elsewhere(_settings: Settings, processes: Processes) -> None:
    """Prepare in a process that ends then: see `workers.running.preparing`. NotPrepared with its words if it cannot."""
    said, output = os.pipe()
    try:
        process = await processes.begin("workers.running.preparing", output=output)
    finally:
        os.close(output)
    with os.fdopen(said, "rb") as words:
        told = await asyncio.to_thread(words.read)
    await process.wait()
    if process.returncode != 0:
        raise NotPrepared(told.decode().strip() or f"preparing ended with code {process.returncode}: see the log")


def say_ready(settings: Settings) -> None:
    """Say to a person that everything runs, and where the API listens."""
    # Nothing of it is anybody's words, and what tables are drawn with would be kept for as long as it runs.
    url = address(settings.data)
    told = f"HTTP API: {url}" if url else "HTTP API: it does not run; see the log"
    runs = "Sightline runs; ask it from another terminal, such as `sightline health`. Ctrl-C stops it."
    print(runs, told, sep="\n", flush=True)  # noqa: T201 - what the command says


def main() -> None:
    """Run everything, with the settings of the environment, until it is told to stop. Ends as the program does."""
    settings = read_settings()
    configure_logs(settings)
    everything = (*PROCESSES, *DOOR_PROCESSES)
    running = up(settings, workers=everything, ready=lambda: say_ready(settings), preparing=prepared_elsewhere)
    try:
        asyncio.run(running)
    except SightlineError as error:
        say(str(error))
        sys.exit(MISTAKE)


if __name__ == "__main__":
    main()
