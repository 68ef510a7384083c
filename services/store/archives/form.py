"""The form of an archive, for ever: what is in the file, and how its parts are found and checked.

A file is a row of gzip members, so that `zcat` prints it: blocks of messages, pages of the index, the manifest, and a
footer of fixed length that says where the manifest is. The footer names the hash of the manifest, and that the hash of
every other part: a file is what its footer says, or it is damaged.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import orjson
from pydantic import BaseModel, ConfigDict, Field

from events.errors import BrokenHistory
from services.store.messages import RawMessage

BLOCK_BYTES = 128 * 1024
"""Of messages in one block: to read one record costs a block for each of its events."""

PAGE_SUBJECTS = 256
"""Records on one page of the index."""

TRANSPORT = frozenset(
    {
        "Nats-Stream",
        "Nats-Subject",
        "Nats-Sequence",
        "Nats-Time-Stamp",
        "Nats-Num-Pending",
        "Nats-Last-Sequence",
        "Nats-UpTo-Sequence",
    }
)
"""What the server adds to the headers of a message when it gives it out; it does not lie in the stream."""

_NAME = re.compile(r"([0-9]{12})-([0-9]{12})\.gz")
_STORED_LEVEL, _SMALL_LEVEL = 0, 6
_GZIP = 31

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Part(BaseModel):
    """A gzip member of the file: where it is, and the hash of its bytes. `key` is what it begins with."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    key: int | str
    offset: int
    length: int
    sha256: Sha256


class Manifest(BaseModel):
    """What an archive holds. It names nobody and no day of its making, so that the same range gives the same bytes.

    `missing` are the positions at which nothing was there to be archived, each an accepted damage. `content` is the
    hash of all messages uncompressed. `previous` is the fingerprint of the file before this one, "" for the first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    form: Literal[1] = 1
    authority: str
    first: int = Field(ge=1)
    last: int = Field(ge=1)
    events: int
    missing: tuple[int, ...]
    records: int
    first_time: str
    last_time: str
    last_event: str
    previous: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
    content: Sha256
    blocks: tuple[Part, ...]
    pages: tuple[Part, ...]


def squeeze(data: bytes, level: int = _SMALL_LEVEL) -> bytes:
    """A gzip member without a name and a date."""
    packing = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return packing.compress(data) + packing.flush()


class Footer(NamedTuple):
    """Where the manifest is, and its hash: the fingerprint of the file."""

    offset: int
    length: int
    fingerprint: str

    def packed(self) -> bytes:
        """The last bytes of the file."""
        return squeeze(
            f"sightline-archive-1 {self.offset:015d} {self.length:012d} {self.fingerprint}\n".encode(), _STORED_LEVEL
        )


FOOTER_BYTES = len(Footer(0, 0, "0" * 64).packed())
_FOOTER = re.compile(rb"sightline-archive-1 ([0-9]{15}) ([0-9]{12}) ([0-9a-f]{64})\n")


def footer_in(packed: bytes, where: str) -> Footer:
    """The footer of a file. BrokenHistory where it is none, to the last bit."""
    try:
        found = _FOOTER.fullmatch(zlib.decompress(packed, _GZIP))
    except zlib.error:
        found = None
    if found is not None:
        footer = Footer(int(found[1]), int(found[2]), found[3].decode())
        if footer.packed() == packed:
            return footer
    raise BrokenHistory(where, "it has no end: it was cut off, is damaged, or is no archive")


def unsqueeze(packed: bytes, part: Part, where: str) -> bytes:
    """What a part holds. BrokenHistory where its bytes are not those that the manifest speaks of."""
    if hashlib.sha256(packed).hexdigest() != part.sha256:
        raise BrokenHistory(where, f"the part at byte {part.offset} is damaged: its hash does not fit")
    return zlib.decompress(packed, _GZIP)


def file_name(first: int, last: int) -> str:
    """The name of the file of a range."""
    return f"{first:012d}-{last:012d}.gz"


def range_in(file: Path) -> tuple[int, int] | None:
    """The range that a file's name speaks of; None for a file that is no archive."""
    found = _NAME.fullmatch(file.name)
    return (int(found[1]), int(found[2])) if found else None


def as_stored(message: RawMessage) -> RawMessage:
    """The message as it lies in the stream, whichever way it was read."""
    own: Mapping[str, str] = {name: value for name, value in message.headers.items() if name not in TRANSPORT}
    return message._replace(headers=own)


def packed_message(message: RawMessage) -> bytes:
    """One message: a line of JSON about it, and its body as it is."""
    about = {
        "sequence": message.sequence,
        "subject": message.subject,
        "time": message.time,
        "headers": dict(message.headers),
        "size": len(message.data),
    }
    return b"%b\n%b\n" % (orjson.dumps(about), message.data)


def messages_in(block: bytes) -> Iterable[RawMessage]:
    """The messages of a block, in their order."""
    at = 0
    while at < len(block):
        line_end = block.index(b"\n", at)
        about = orjson.loads(block[at:line_end])
        body_end = line_end + 1 + about["size"]
        yield RawMessage(
            about["subject"], about["sequence"], about["headers"], block[line_end + 1 : body_end], about["time"]
        )
        at = body_end + 1


def packed_subjects(page: Iterable[tuple[str, list[int]]]) -> bytes:
    """A page of the index: a line for each subject, with its positions."""
    return b"".join(b"%b\n" % orjson.dumps([subject, *positions]) for subject, positions in page)


def subjects_in(page: bytes) -> dict[str, list[int]]:
    """The subjects of a page, each with its positions."""
    lines = (orjson.loads(each) for each in page.splitlines())
    return {subject: positions for subject, *positions in lines}
