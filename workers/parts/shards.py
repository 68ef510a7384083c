"""Which projector keeps the views of which authority, where one process is not enough for all."""

from zlib import crc32


def shard_of(authority: str, shards: int) -> int:
    """The shard of an authority, from 1 on. It follows from the name alone: another council moves no one else's."""
    return crc32(authority.encode()) % shards + 1


def lease_of(view: str, shard: int, shards: int) -> str:
    """The name of the lease on a view of the authorities of that shard; the view's own where there is but one shard."""
    return view if shards == 1 else f"{view}/{shard} of {shards}"
