"""Every process by the name that it is started with: one for each view, and each worker that declares itself."""

from projections.registry import DECLARED
from workers.worker import door_modules, worker_modules

VIEW_NAMES = tuple(DECLARED)
"""Every view by the name that it is kept, rebuilt and asked for under. Each has a projector of its own."""

WORKERS = (*VIEW_NAMES, *worker_modules())
"""Every worker, by the name that it is started with."""

DOORS = tuple(door_modules())
"""What runs beside the workers for others to come in by: `sightline up` starts it, and nothing waits for it."""
