"""Whether the archives in a folder are of the very stream beside which they lie."""

from datetime import datetime

from events.errors import BrokenHistory
from services.store.losses import archived_through
from services.store.source import Source


async def require_own(source: Source) -> None:
    """BrokenHistory where an archive is of an earlier stream of that name, which was lost and made anew.

    It holds nothing that was removed from this one, and all of it was stored before this one was made.
    """
    archives = source.shelf.archives if source.shelf else ()
    if not archives:
        return
    info = await source.info()
    made, mark = datetime.fromisoformat(info["created"]), archived_through(info["config"])
    old = [
        each
        for each in archives
        if each.manifest.last > mark and datetime.fromisoformat(each.manifest.last_time) < made
    ]
    if old:
        named = ", ".join(each.path.name for each in old)
        told = f"{named}: of a stream that was lost; this one was made on {made:%Y-%m-%d at %H:%M:%S} UTC"
        raise BrokenHistory(f"archives {old[0].path.parent}", f"{told}. Move all of them out of the folder")
