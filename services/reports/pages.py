"""Pages as they are issued: kept in pieces that a message can carry, and put together again byte for byte.

A page comes here as the bytes that somebody else made. Only what issuing must know of it is read: which report of which
period it is, of what history and by which rules it was made, and which texts it names.
"""

import base64
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.errors import BrokenHistory, Refused
from events.reports import Copy, IssuedPage

PIECE = 262_144
"""How much of a page one event carries: far below what a server takes in one message (4 MB, or 1 MB where nobody
raised it), headers and all. A report of a month fits in one."""

LARGEST = 32 * 1024 * 1024
"""The longest page that is kept, in bytes before it is compressed: its pieces still go out in one batch."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _AsAt(_Read):
    happened_by: date | None = None
    known_by: date | None = None


class _Section(_Read):
    blocks: tuple[dict[str, Any], ...] = ()


class Head(_Read):
    """What a page says of itself, as far as issuing must know it."""

    authority: str
    name: str
    unit: str | None = None
    first: date
    last: date
    which: Copy = Field(alias="copy")
    as_at: _AsAt = _AsAt()
    policy_version: str
    position: int
    sections: tuple[_Section, ...] = ()

    @classmethod
    def of(cls, content: str) -> "Head":
        """What the page says. Refused, naming the field, where it is no page, or holds what somebody wrote."""
        if len(content) > LARGEST:
            raise Refused("pages", f"a page is {len(content)} long; the longest that is kept is {LARGEST}")
        try:
            head = cls.model_validate_json(content)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"])) or "page"
            raise Refused("pages", f"is no page of a report: {where}") from error
        for place in head.narratives():
            if place.get("text") is not None:
                raise Refused("pages", f"a page is issued without its texts; {place.get('key')} holds one")
        return head

    def narratives(self) -> Iterator[dict[str, Any]]:
        """The places in which somebody writes, as they stand in the page."""
        for section in self.sections:
            yield from (block for block in section.blocks if block.get("type") == "narrative")

    def versions(self) -> dict[str, int]:
        """The version of what was written in each place; nothing of a place in which nobody wrote."""
        return {place["key"]: place["version"] for place in self.narratives() if place.get("version")}


def digest_of(content: str) -> str:
    """The hash by which what is kept is known for what was issued."""
    return sha256(content.encode()).hexdigest()


def pieces_of(content: str) -> list[str]:
    """The content compressed, in pieces. The hash is of the content: how it is compressed means nothing."""
    packed = base64.b64encode(zlib.compress(content.encode(), 9)).decode()
    return [packed[at : at + PIECE] for at in range(0, len(packed), PIECE)]


def put_together(page: IssuedPage, pieces: Sequence[str]) -> str:
    """The content that the pieces hold, byte for byte as it was issued. BrokenHistory where it is not."""
    broken = BrokenHistory("an issued report", f"its {page.which} copy is not what was issued")
    try:
        opening = zlib.decompressobj()
        content = opening.decompress(base64.b64decode("".join(pieces), validate=True), page.size).decode()
    except (ValueError, zlib.error) as error:
        raise broken from error
    if len(pieces) != page.pieces or digest_of(content) != page.digest:
        raise broken
    return content
