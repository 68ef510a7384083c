"""Every part by its name, one for each view and each worker that declares itself, and the processes that run them."""

from collections.abc import Iterable, Mapping

from projections.registry import DECLARED
from workers.groups import APART, GROUPS, PROJECTOR, projectors
from workers.worker import door_modules, worker_modules

VIEW_NAMES = tuple(DECLARED)
"""Every view by the name that it is kept, rebuilt and asked for under."""

WORKERS = (*VIEW_NAMES, *worker_modules())
"""Every worker, by the name that health knows it by and that it is started with alone."""

DOORS = tuple(door_modules())
"""What runs beside the workers for others to come in by: `sightline up` starts it, and nothing waits for it."""

TOGETHER: Mapping[str, tuple[str, ...]] = {PROJECTOR: VIEW_NAMES, **GROUPS}
"""The processes with several parts, and their parts."""


def _processes(parts: tuple[str, ...], together: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The processes that run these parts, each of them once."""
    home = {part: process for process, its in together.items() for part in its}
    return tuple(dict.fromkeys(home.get(part, part) for part in parts))


PROCESSES = _processes(WORKERS, TOGETHER)
"""The processes of the workers on one machine: what `sightline up` starts, where the projector has one shard."""

DOOR_PROCESSES = _processes(DOORS, TOGETHER)
"""The processes of the doors on one machine."""

DEPLOYED = _processes((*WORKERS, *DOORS), {name: its for name, its in TOGETHER.items() if name not in APART})
"""The processes of workers and doors where each role has an account of its own (see `deploy`)."""

STARTED = (*TOGETHER, *WORKERS)
"""What `sightline work` runs: any worker alone, or a process as `sightline up` starts it."""


def sharded(processes: Iterable[str], shards: int) -> tuple[str, ...]:
    """The processes, with one projector for each shard of the authorities."""
    return tuple(each for name in processes for each in (projectors(shards) if name == PROJECTOR else (name,)))
