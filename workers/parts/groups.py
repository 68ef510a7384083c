"""Which workers and doors share a process where nothing speaks for several: a process costs some seventy megabytes."""

from collections.abc import Iterable, Mapping

from workers.parts.worker import door_modules, worker_modules

PROJECTOR = "projector"
"""The process of all views."""

FOLLOWING = ("escalator", "sweeper", "publisher")
"""They write into the streams what follows from them, and hold no key."""

ON_ONE_MACHINE: Mapping[str, tuple[str, ...]] = {
    "secretary": (*FOLLOWING, "sender", "webhooks"),
    "doors": ("api", "receiver"),
}
"""The other processes of `sightline up`, and their parts.

The secretary records what falls due and brings it to people and systems: all of it waits most of the time. The doors
answer whoever asks, at once, also while everybody else has much to do. A part that is named nowhere here has a process
of its own, as the timekeeper has: what an import brought in it works out for minutes, and what the secretary does
meanwhile would take half of its core. With the projector, which has caught up by then, that makes work for two.
"""

BY_ACCOUNT: Mapping[str, tuple[str, ...]] = {"recorder": ("timekeeper", *FOLLOWING)}
"""The same where the server asks who comes, and where keys and addresses are few hands' business: who has an account, a
key or an address of its own is a process there."""

GROUPS: Mapping[str, tuple[str, ...]] = {**ON_ONE_MACHINE, **BY_ACCOUNT}


def processes_of(parts: Iterable[str], together: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The processes that run these parts, each of them once."""
    home = {part: process for process, its in together.items() for part in its}
    return tuple(dict.fromkeys(home.get(part, part) for part in parts))


PROCESSES = processes_of((PROJECTOR, *worker_modules()), ON_ONE_MACHINE)
"""The processes of the workers on one machine: what `sightline up` starts, where the projector has one shard."""

DOOR_PROCESSES = processes_of(door_modules(), ON_ONE_MACHINE)
"""The processes of the doors on one machine."""

DEPLOYED = processes_of((PROJECTOR, *worker_modules(), *door_modules()), BY_ACCOUNT)
"""The processes of workers and doors where each role has an account of its own (see `deploy`)."""


def projectors(shards: int) -> tuple[str, ...]:
    """The processes that keep all views: one, or one for each shard of the authorities."""
    return (PROJECTOR,) if shards == 1 else tuple(f"{PROJECTOR}-{shard}" for shard in range(1, shards + 1))


def sharded(processes: Iterable[str], shards: int) -> tuple[str, ...]:
    """The processes, with one projector for each shard of the authorities."""
    return tuple(each for name in processes for each in (projectors(shards) if name == PROJECTOR else (name,)))
