"""What the bucket keeps about one child's key."""

import re
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from events.errors import BrokenHistory, Refused

_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class KeyRecord(BaseModel):
    """One child's key as it stands in the bucket: wrapped, or erased.

    The version rises only when a new key follows an erased one, so every lower version is gone for good.
    `key_id` is drawn at random for each key, so that one made after another was lost is not taken for it; keys of the
    first days have none. `erased` is the instant of the erasure; the record then stays as a tombstone without a key.
    The form is kept for ever.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(ge=1)
    key_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{16}$")
    wrapped: str | None = Field(repr=False)
    created: AwareDatetime
    retention: str | None = None
    legal_hold: bool = False
    erased: AwareDatetime | None = None

    @model_validator(mode="after")
    def _erased_means_no_key(self) -> Self:
        if (self.wrapped is None) != (self.erased is not None):
            raise ValueError("an erased record holds no key, and every other record holds one")
        return self

    @property
    def name(self) -> str:
        """What tells this key from every other of the child: it stands in each text that the key seals."""
        return f"{self.version}.{self.key_id}" if self.key_id else f"{self.version}"

    def stored(self) -> bytes:
        """Write the record as the bucket keeps it."""
        return self.model_dump_json().encode()


def read_record(child: str, stored: bytes) -> KeyRecord:
    """Read the record as it was written; BrokenHistory if it is not one."""
    try:
        return KeyRecord.model_validate_json(stored)
    except ValidationError as error:
        raise BrokenHistory(f"key of child {child}", f"unreadable record, {error.errors()[0]['msg']}") from error


def checked_child(child: str) -> str:
    """The child, if it is an opaque reference; Refused otherwise, without a word of what was given."""
    if not _REF.fullmatch(child):
        raise Refused("child", "must be an opaque reference: letters, digits, _ and -, at most 64")
    return child
