"""Making an archive of what is old in a stream: it goes on where the one before it ends, and changes nothing else."""

from collections.abc import Callable
from datetime import datetime

from events import envelope
from events.errors import BrokenHistory, Refused
from services.store.archives.file import Archive
from services.store.archives.lineage import require_own
from services.store.archives.writing import Draft, only_maker
from services.store.continuity import Continuity
from services.store.damage import Damage
from services.store.messages import RawMessage
from services.store.source import Source

PAGE = 1_000

Progress = Callable[[int], None]
"""Called now and then with the position reached."""


async def make(source: Source, authority: str, before: datetime, progress: Progress = lambda _: None) -> Archive:
    """Archive the events after the newest archive that were stored before an instant, up to the first that was not.

    The stream is not changed. The file is there whole or not at all, and a repeat after a kill begins it anew; the
    same range gives the same bytes. Refused where nothing is that old, BrokenHistory where something is missing or
    damaged that nobody accepted, Conflict while another process does the same.
    """
    shelf = source.shelf
    if shelf is None:
        raise Refused("archives", "no folder of archives is named")
    with only_maker(shelf.folder):
        await require_own(source)
        after = shelf.through
        check = Continuity(source.stream, after=after)
        damage = Damage(source)
        await damage.learn()
        with Draft(shelf.folder, authority, first=after + 1, previous=shelf.last_fingerprint) as draft:
            end = await source.last_sequence()
            while check.position < end:
                messages, more = await _older(source, check.position, end, before)
                for each in await damage.put_in(check.position, messages):
                    _take(each, messages, check, draft)
                progress(check.position)
                if not more:
                    break
            if check.position == after:
                since = f" after event {after}, up to which there is an archive" if after else ""
                raise Refused("before", f"no event{since} was recorded before {before:%Y-%m-%d %H:%M:%S %Z}")
            return Archive(draft.finish())


async def _older(source: Source, after: int, end: int, before: datetime) -> tuple[list[RawMessage], bool]:
    """The next messages, up to the first that is not that old; and whether there may be more."""
    found = (await source.page(after + 1, min(PAGE, end - after))).messages
    if not found:
        behind = await source.next_of(">", after + 1)  # a copy that lags, or nothing but damage
        found = [behind] if behind else []
    old: list[RawMessage] = []
    for each in found:
        if each.sequence > end or datetime.fromisoformat(each.time) >= before:
            return old, False
        old.append(each)
    return old, bool(old)


def _take(message: RawMessage, there: list[RawMessage], check: Continuity, draft: Draft) -> None:
    check.accept(message)
    if not message.stands_in:
        require_as_written(message)
        draft.add(message)
        return
    damaged = next((each for each in there if each.sequence == message.sequence), None)
    if damaged is not None:
        draft.add(damaged)
    else:
        draft.lack(message.sequence)


def require_as_written(message: RawMessage) -> None:
    """BrokenHistory where the content of a message is not what its hash was made of."""
    hashed = message.headers.get(envelope.HASH)
    if hashed != envelope.content_hash(message.headers, message.data):
        where = f"{message.subject} at sequence {message.sequence}"
        raise BrokenHistory(where, "the content hash does not fit the content")
