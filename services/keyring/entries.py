"""What stands where in the bucket: the names of its entries, beside each child's own.

    <child>              the child's key, wrapped (`KeyRecord`)
    _master              the fingerprint of the master key that wraps them
    _erased.<child>.<id> the tombstone of a key: a `KeyRecord` without it
    _kept.<child>.<n>    what the law asks for the child's texts (`Keeping`); the one with the highest number counts
    _number.<token>      the reference of the child that has a number (see `services.keyring.numbers`)

No entry is ever written over: the server refuses it, whoever asks (see `services.keyring.bucket`). A child's reference
begins with no `_` and holds no dot, so that a right to write keys is none to write tombstones.
"""

import re

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.errors import BrokenHistory, Refused

MASTER = "_master"
ERASED, KEPT, NUMBER = "_erased", "_kept", "_number"
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Keeping(BaseModel):
    """What the law asks for a child's texts, by the custodian. `number` counts what was said, from 1 on."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int = Field(ge=0)
    retention: str | None = None
    legal_hold: bool = False

    def stored(self) -> bytes:
        """Write it as the bucket keeps it."""
        return self.model_dump_json().encode()


def read_keeping(child: str, stored: bytes) -> Keeping:
    """Read it as it was written; BrokenHistory if it is none."""
    try:
        return Keeping.model_validate_json(stored)
    except ValidationError as error:
        raise BrokenHistory(f"hold of child {child}", f"unreadable, {error.errors()[0]['msg']}") from error


def erased_entry(child: str, version: int, key_id: str | None) -> str:
    """Where the tombstone of one key stands. A key without an id goes by its version."""
    return f"{ERASED}.{child}.{key_id or f'v{version}'}"


def kept_entry(child: str, number: int) -> str:
    """Where the keeping of that number stands."""
    return f"{KEPT}.{child}.{number}"


def number_entry(token: str) -> str:
    """Where the reference of the child stands whose number has this token."""
    return f"{NUMBER}.{token}"


def checked_child(child: str) -> str:
    """The child, if it is an opaque reference; Refused otherwise, without a word of what was given."""
    if not _REF.fullmatch(child):
        raise Refused("child", "must be an opaque reference: letters, digits, _ and -, at most 64")
    return child
