"""What the bucket keeps about one child's key."""

from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from events.errors import BrokenHistory


class KeyRecord(BaseModel):
    """One child's key as it stands in the bucket: wrapped, or erased.

    The version rises only when a new key follows an erased one, so every lower version is gone for good.
    `erased` is the instant of the erasure; the record then stays as a tombstone without a key. The form is
    kept for ever.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(ge=1)
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

    def stored(self) -> bytes:
        """Write the record as the bucket keeps it."""
        return self.model_dump_json().encode()


def read_record(child: str, stored: bytes) -> KeyRecord:
    """Read the record as it was written; BrokenHistory if it is not one."""
    try:
        return KeyRecord.model_validate_json(stored)
    except ValidationError as error:
        raise BrokenHistory(f"key of child {child}", f"unreadable record, {error.errors()[0]['msg']}") from error
