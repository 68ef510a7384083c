"""What was published of a council, and what is to be: every fact of its history told once, in order."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from events.dates import local_date
from events.published.message import MSG_ID, Message, read
from events.subjects import published_stream
from projections.published.language import LANGUAGE
from projections.published.standing import Standing
from projections.published.telling import Language
from services.store.messages import RawMessage
from services.store.reading import read_recorded
from services.store.source import Source
from tests.stores import PATIENCE
from tests.workers.rig import Rig
from workers.telling.following import Wanted, following


async def published(rig: Rig) -> list[RawMessage]:
    """Every message of the council's published stream."""
    client = await rig.system.connect()
    source = Source(client, published_stream(rig.authority))
    found: list[RawMessage] = []
    more = True
    while more:
        page = await source.page(found[-1].sequence + 1 if found else 1, 1_000)
        found += page.messages
        more = bool(page.messages)
    await client.close()
    return found


async def until_published(rig: Rig, many: int, *, within: float = PATIENCE) -> list[RawMessage]:
    """The messages, once there are as many: the server hands over the last of them when it is there."""
    wanted = Wanted(rig.authority, sequence=many, subjects=(f"sightline.*.{rig.authority}.>",))
    client = await rig.system.connect()
    try:
        async with asyncio.timeout(within):
            async for _ in following(client, wanted):
                break
    except TimeoutError:
        there = await Source(client, published_stream(rig.authority)).last_sequence()
        raise AssertionError(f"{there} messages are published, not {many}") from None
    finally:
        await client.close()
    return await published(rig)


async def owed(rig: Rig, language: Language = LANGUAGE) -> list[Message]:
    """Every message that the history of the council gives, as it is now."""
    client = await rig.system.connect()
    standings: dict[str, Standing] = {}
    found: list[Message] = []
    today = local_date(datetime.now(UTC))
    async for event in read_recorded(client, rig.authority):
        before = standings.setdefault(event.originator_id, Standing())
        found += language.messages(event, before, stored=today)
        before.apply(event)
    await client.close()
    return found


async def until_all_published(rig: Rig, *, within: float = PATIENCE) -> list[RawMessage]:
    """The messages once all are there that are owed, which must be just those, in order, to the byte."""
    wanted = await owed(rig)
    found = await until_published(rig, len(wanted), within=within) if wanted else await published(rig)
    assert [each.headers[MSG_ID] for each in found] == [each.headers[MSG_ID] for each in wanted]
    assert [(each.subject, each.data) for each in found] == [(each.subject, each.body) for each in wanted]
    return found


def types(messages: Sequence[RawMessage | Message]) -> list[str]:
    """The types of the messages, without what all have in common."""
    bodies = [each.body if isinstance(each, Message) else each.data for each in messages]
    return [str(read(each)["type"]).removeprefix("sightline.") for each in bodies]
