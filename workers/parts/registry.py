"""Every part by its name: one for each view, and each worker and door that declares itself."""

from projections.registry import DECLARED
from workers.parts.groups import GROUPS, PROJECTOR
from workers.parts.worker import door_modules, worker_modules

VIEW_NAMES = tuple(DECLARED)
"""Every view by the name that it is kept, rebuilt and asked for under."""

WORKERS = (*VIEW_NAMES, *worker_modules())
"""Every worker, by the name that health knows it by and that it is started with alone."""

DOORS = tuple(door_modules())
"""What runs beside the workers for others to come in by: `sightline up` starts it, and nothing waits for it."""

STARTED = (*WORKERS, PROJECTOR, *GROUPS)
"""What `sightline work` runs: any worker alone, or a process of several (see `workers.parts.groups`)."""
