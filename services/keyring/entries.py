"""What stands where in the bucket: the names of its entries, beside each child's own.

    <child>               the child's key, wrapped (`KeyRecord`)
    _master               the fingerprint of the master key that wraps them
    _erased.<child>.<id>  the tombstone of a key: a `KeyRecord` without it
    _erasing.<child>.<id> an erasure that has begun and has not said that it ended
    _kept.<child>.<n>     what the law asks for the child's texts (`Keeping`); the one with the highest number counts
    _number.<token>       the reference of the child that has a number (see `services.keyring.numbers`)

No entry is ever written over: the server refuses it, whoever asks (see `services.keyring.bucket`). A child's reference
begins with no `_` and holds no dot, so that a right to write keys is none to write tombstones.
"""

import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.children import UNSTATED
from events.errors import BrokenHistory, Refused

MASTER = "_master"
ERASED, ERASING, KEPT, NUMBER = "_erased", "_erasing", "_kept", "_number"
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Keeping(BaseModel):
    """What the law asks for a child's texts, by the custodian. `number` counts what was said, from 1 on.

    `holds` are the reasons for which the texts are held, each of which ends by itself. A hold that was set without a
    reason has none there, unless others stand beside it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    number: int = Field(ge=0)
    retention: str | None = None
    legal_hold: bool = False
    holds: tuple[str, ...] = ()

    @property
    def reasons(self) -> frozenset[str]:
        """For what the texts are held; empty where they are not."""
        return frozenset(self.holds) or frozenset({UNSTATED} if self.legal_hold else ())

    def classed(self, retention: str) -> "Keeping":
        """The same with another retention class."""
        return self.model_copy(update={"retention": retention})

    def held_for(self, reasons: Iterable[str]) -> "Keeping":
        """The same with holds for just these reasons."""
        held = tuple(sorted(reasons))
        return self.model_copy(update={"legal_hold": bool(held), "holds": () if held == (UNSTATED,) else held})

    def stored(self) -> bytes:
        """Write it as the bucket keeps it."""
        return self.model_dump_json(exclude=None if self.holds else {"holds"}).encode()


def read_keeping(child: str, stored: bytes) -> Keeping:
    """Read it as it was written; BrokenHistory if it is none."""
    try:
        return Keeping.model_validate_json(stored)
    except ValidationError as error:
        raise BrokenHistory(f"hold of child {child}", f"unreadable, {error.errors()[0]['msg']}") from error


def erased_entry(child: str, version: int, key_id: str | None) -> str:
    """Where the tombstone of one key stands. A key without an id goes by its version."""
    return f"{ERASED}.{child}.{key_id or f'v{version}'}"


def erasing_entry(child: str, mark: str) -> str:
    """Where one erasure says that it has begun."""
    return f"{ERASING}.{child}.{mark}"


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
