"""`python -m workers NAME` runs one worker with the settings of the environment."""

import gc
import sys
from contextlib import suppress
from pathlib import Path

import workers.processes.lean  # noqa: F401 - before whatever else loads it

if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and one name
        from workers.parts.registry import DOORS, STARTED

        sys.exit(f"usage: python -m workers NAME, one of {', '.join((*STARTED, *DOORS))}")
    with suppress(OSError):  # Linux: by this name it is seen (`ps -e`, `top`, `pgrep`), of whatever it is a fork
        Path("/proc/self/comm").write_text(sys.argv[1])
    gc.disable()  # what is loaded stays, unlooked through: a tenth of a start (see `workers.processes.collecting`)
    from events.errors import SightlineError
    from services.settings import read_settings
    from workers.running.process import run_worker

    try:
        run_worker(sys.argv[1], read_settings())
    except SightlineError as error:
        sys.exit(str(error))
