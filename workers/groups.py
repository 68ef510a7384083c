"""Which workers and doors share a process where nothing speaks for several: a process costs some seventy megabytes."""

from collections.abc import Mapping

PROJECTOR = "projector"
"""The process of all views."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "recorder": ("timekeeper", "escalator", "sweeper", "publisher"),
    "carrier": ("sender", "webhooks"),
    "doors": ("api", "receiver"),
}
"""The other processes with several parts, and their parts.

The recorder writes into the streams what follows from them, and holds no key. The carrier opens texts and waits for
machines of others. The doors answer whoever asks, and are to answer while all others have much to do. So the work is in
two processes at least, for as many cores, apart from what must answer at once. A part that is named nowhere here has a
process of its own.
"""

APART = frozenset({"carrier", "doors"})
"""Those whose parts have accounts, keys or addresses of their own on a server that asks who comes: there each part is a
process."""


def projectors(shards: int) -> tuple[str, ...]:
    """The processes that keep all views: one, or one for each shard of the authorities."""
    return (PROJECTOR,) if shards == 1 else tuple(f"{PROJECTOR}-{shard}" for shard in range(1, shards + 1))
