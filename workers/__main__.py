"""`python -m workers NAME` runs one worker with the settings of the environment."""

import gc
import sys

import workers.lean  # noqa: F401 - before whatever else loads it

if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and one name
        from workers.registry import DOORS, STARTED

        sys.exit(f"usage: python -m workers NAME, one of {', '.join((*STARTED, *DOORS))}")
    gc.disable()  # what is loaded stays, and is not looked through: a tenth of a start (see `workers.collecting`)
    from events.errors import SightlineError
    from services.settings import read_settings
    from workers.running import run_worker

    try:
        run_worker(sys.argv[1], read_settings())
    except SightlineError as error:
        sys.exit(str(error))
