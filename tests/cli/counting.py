"""What a question costs, counted: messages of a stream, and rows of the views."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.pool import Pool

from services.store.messages import RawMessage
from services.store.source import Page, Source


@contextmanager
def counted(stream: str, found: Counter[str], name: str) -> Iterator[None]:
    """Count under a name the messages of a stream that this process is sent, page by page and one by one."""
    live_page, leader = Source.live_page, Source._leader

    async def page(source: Source, *asked: Any, **named: Any) -> Page:
        answer = await live_page(source, *asked, **named)
        found[name] += len(answer.messages) if source.stream == stream else 0
        return answer

    async def one(source: Source, *asked: Any) -> RawMessage | None:
        answer = await leader(source, *asked)
        found[name] += source.stream == stream and answer is not None
        return answer

    with patch.object(Source, "live_page", page), patch.object(Source, "_leader", one):
        yield


@contextmanager
def rows_fetched() -> Iterator[list[int]]:
    """How many rows SQLite gives to the connections that are made meanwhile."""
    found = [0]

    def row(_cursor: Any, values: tuple[Any, ...]) -> tuple[Any, ...]:
        found[0] += 1
        return values

    def made(connection: Any, *_: Any) -> None:
        connection.row_factory = row

    event.listen(Pool, "connect", made)
    try:
        yield found
    finally:
        event.remove(Pool, "connect", made)
