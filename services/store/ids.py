"""Message ids: each event has its own, and whose one is that the server calls a duplicate.

The server says that an id was used within its window for duplicates; for a batch it says neither which nor where.
"""

from collections.abc import Sequence

from services.store.errors import IdTaken, WriteRefused
from services.store.messages import MSG_ID, Outgoing, RawMessage
from services.store.naming import originator_of
from services.store.source import Source

PAGE = 1_000
SEARCHED = 20_000
"""Events that are looked through from the end of the stream: what the window holds on any but an exceptional day."""


def require_own_ids(messages: Sequence[Outgoing]) -> None:
    """WriteRefused when two events of one append share an id: they could never both be stored."""
    seen: set[str] = set()
    for message in messages:
        name = message.headers[MSG_ID]
        if name in seen:
            raise WriteRefused("id", f"{_event_id(name)} stands twice in one append; each event has an id of its own")
        seen.add(name)


async def refuse_taken(source: Source, messages: Sequence[Outgoing], at: int | None, *, sure: bool) -> None:
    """IdTaken when another record's event has the id of one of these messages.

    `at` is the sequence that the server named for a single one. With `sure` it is refused even where no holder is
    found. Nothing happens where the holder is the very event: the append will find it.
    """
    if at is not None:
        taken = _taken_by(messages[0], await source.at(at))
    else:
        taken = await _find_holder(source, messages)
    if taken or sure:
        raise taken or IdTaken(_event_id(messages[0].headers[MSG_ID]))


async def _find_holder(source: Source, messages: Sequence[Outgoing]) -> IdTaken | None:
    wanted = {each.headers[MSG_ID]: each for each in messages}
    end = await source.last_sequence()
    oldest = max(end - SEARCHED, 0)
    while end > oldest:
        start = max(end - PAGE, oldest)
        position = start
        while position < end and (page := (await source.page(position + 1, end - position)).messages):
            for found in page:
                message = wanted.get(found.headers.get(MSG_ID, ""))
                if message is not None and (taken := _taken_by(message, found)):
                    return taken
            position = page[-1].sequence
        end = start
    return None


def _taken_by(message: Outgoing, found: RawMessage | None) -> IdTaken | None:
    if found is None or message.is_in(found) or found.headers.get(MSG_ID) != message.headers[MSG_ID]:
        return None
    return IdTaken(_event_id(message.headers[MSG_ID]), str(originator_of(found.subject)))


def _event_id(message_id: str) -> str:
    """The id of the event that travels under this message id."""
    return message_id.partition(":")[2] or message_id
