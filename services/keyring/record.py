"""What the bucket keeps about one child's key."""

from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from events.errors import BrokenHistory
from services.keyring.entries import Keeping


class KeyRecord(BaseModel):
    """One child's key as it stands in the bucket: wrapped, or erased.

    `version` counts the child's keys. `key_id` is drawn at random for each key, so that one made after another was lost
    is not taken for it; keys of the first days have none. `number` is the token of the child's number, if that has an
    entry, which an erasure destroys as well. `erased` is the instant of the erasure; the record is then a tombstone
    without a key. `retention` and `legal_hold` are what the bucket says of them apart (`Keeping`); only in records of
    the first days they are stored here. The form is kept for ever.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    version: int = Field(ge=1)
    key_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{16}$")
    wrapped: str | None = Field(repr=False)
    created: AwareDatetime
    number: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
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

    def under(self, keeping: Keeping | None) -> "KeyRecord":
        """The record with what was said of retention and hold since."""
        if keeping is None:
            return self
        return self.model_copy(update={"retention": keeping.retention, "legal_hold": keeping.legal_hold})

    def stored(self) -> bytes:
        """Write the record as the bucket keeps it."""
        return self.model_dump_json().encode()


def read_record(child: str, stored: bytes) -> KeyRecord:
    """Read the record as it was written; BrokenHistory if it is not one."""
    try:
        return KeyRecord.model_validate_json(stored)
    except ValidationError as error:
        raise BrokenHistory(f"key of child {child}", f"unreadable record, {error.errors()[0]['msg']}") from error
