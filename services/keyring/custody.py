"""What the custodian does with a child's key: say what the law asks of it, and erase it.

Each act is a new entry of the bucket, and no entry is written over. What this module writes nobody else may: the
server takes tombstones and holds from the custodian's account alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Literal

from events.errors import Conflict, NotFound, Refused
from services.clock import Clock
from services.keyring.bucket import Bucket
from services.keyring.entries import (
    ERASED,
    ERASING,
    KEPT,
    Keeping,
    checked_child,
    erased_entry,
    erasing_entry,
    kept_entry,
    number_entry,
    read_keeping,
)
from services.keyring.numbers import Numbers
from services.keyring.record import KeyRecord, read_record

ATTEMPTS = 20

Left = Literal["key", "erasing", "erased"]
"""What a hold found: the key; a key that an erasure is about to destroy, or was; none any more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A legal hold as it stands: whether it is `new`, under which number it was said, and what is `left` to hold."""

    new: bool
    number: int
    left: Left


def find_record(bucket: Bucket, child: str) -> KeyRecord | None:
    """What the bucket says of the child's key at this moment, with retention and hold; a tombstone if it is erased."""
    record = find_key(bucket, child)
    return record.under(find_keeping(bucket, child)) if record else None


def find_key(bucket: Bucket, child: str) -> KeyRecord | None:
    """The child's key, or the newest tombstone where it is erased."""
    stored = bucket.get([checked_child(child)]).get(child)
    return find_tombstone(bucket, child) if stored is None else read_record(child, stored)


def find_tombstone(bucket: Bucket, child: str) -> KeyRecord | None:
    """What stands in place of the key of the child that was erased last."""
    entry = f"{ERASED}.{checked_child(child)}.*"
    stored = bucket.get([entry]).get(entry)
    return None if stored is None else read_record(child, stored)


def find_tombstones(bucket: Bucket, child: str) -> list[KeyRecord]:
    """What stands in place of each key of the child that is erased; not of one that still stands beside it."""
    names = bucket.names(f"{ERASED}.{checked_child(child)}")
    stored = bucket.get([*names, child])
    standing = read_record(child, stored[child]).name if child in stored else None
    found = [read_record(child, stored[name]) for name in names if name in stored]
    return sorted((each for each in found if each.name != standing), key=lambda each: (each.version, each.erased))


def is_erased(bucket: Bucket, child: str, version: int, key_id: str | None) -> bool:
    """Whether there is a tombstone of that key. One of a key without an id stands for those before it, too."""
    if key_id is not None:
        entry = erased_entry(child, version, key_id)
        return entry in bucket.get([entry])
    found = (name.rpartition(".")[2] for name in bucket.names(f"{ERASED}.{child}"))
    return any(each.startswith("v") and int(each[1:]) >= version for each in found)


def find_keeping(bucket: Bucket, child: str) -> Keeping | None:
    """What was last said of retention and hold, None where nothing was."""
    entry = f"{KEPT}.{child}.*"
    stored = bucket.get([entry]).get(entry)
    return read_keeping(child, stored) if stored is not None else None


def stands_kept(bucket: Bucket, child: str) -> Keeping:
    """What counts of retention and hold; numbered 0 where it is what a record of the first days says, or nothing."""
    if found := find_keeping(bucket, child):
        return found
    record = find_key(bucket, child)
    return Keeping(
        number=0, retention=record.retention if record else None, legal_hold=record.legal_hold if record else False
    )


def amend(bucket: Bucket, child: str, change: Callable[[Keeping], Keeping | None]) -> tuple[bool, Keeping]:
    """Say something else of retention and hold, under the next number: whether that was written, and what stands.

    Nothing is written where `change` gives None. Conflict if others keep saying something else.
    """
    for _ in range(ATTEMPTS):
        stands = stands_kept(bucket, child)
        changed = change(stands)
        if changed is None:
            return False, stands
        changed = changed.model_copy(update={"number": stands.number + 1})
        entry = kept_entry(child, changed.number)
        # An equal value counts as written: two who say the same have both said it.
        if bucket.create({entry: changed.stored()}):
            return True, changed
    raise contended(child)


def classify(bucket: Bucket, child: str, retention: str) -> None:
    """See `Keyring.classify`."""
    amend(bucket, child, lambda found: None if found.retention == retention else found.classed(retention))


def hold(bucket: Bucket, child: str, reason: str, after: int) -> Kept:
    """See `Keyring.hold`; the child has, or had, a key."""

    def held(found: Keeping) -> Keeping | None:
        stands = reason in found.reasons and found.number > after
        return None if stands else found.held_for(found.reasons | {reason})

    new, stands = amend(bucket, child, held)
    return Kept(new, stands.number, what_is_left(bucket, child))


def release(bucket: Bucket, child: str, reason: str | None, number: int | None) -> bool:
    """See `Keyring.release`; the child has, or had, a key."""

    def released(found: Keeping) -> Keeping | None:
        ended = found.reasons if reason is None else found.reasons & {reason}
        return found.held_for(found.reasons - ended) if ended and number in (None, found.number) else None

    return amend(bucket, child, released)[0]


def what_is_left(bucket: Bucket, child: str) -> Left:
    """What a hold that was just written found. Holding and erasing both write first, then look.

    An erasure that looked before has said that it began before it looked: it is seen here, or the key is gone.
    """
    erasing = bucket.names(f"{ERASING}.{child}")
    record = find_key(bucket, child)
    if record is None or record.erased:
        return "erased"
    return "erasing" if erasing else "key"


def erase(bucket: Bucket, child: str, clock: Clock, numbers: Numbers) -> tuple[bool, KeyRecord]:
    """Destroy the key, see `Keyring.erase`: whether this call did it, and its tombstone.

    Only what was read at the beginning is destroyed: a key that was made since, after another erasure, stays, and so
    does an entry of the number that leads to another child by now.
    """
    bucket.check()
    stored = bucket.get([checked_child(child)]).get(child)
    record = read_record(child, stored) if stored is not None else find_tombstone(bucket, child)
    if record is None:
        raise NotFound("key of child", child)
    entry = erased_entry(child, record.version, record.key_id)
    if record.erased or stored is None:
        if stored is not None:  # a tombstone of the first days stands where the key stood; a new key needs the place
            bucket.create({entry: record.stored()})
            bucket.destroy(child, stored)
        _forget_begun(bucket, child, record)
        return False, record
    _refuse_held(record.under(find_keeping(bucket, child)), child)
    begun = erasing_entry(child, f"{record.key_id or f'v{record.version}'}-{token_hex(8)}")
    bucket.create({begun: clock().isoformat().encode()})
    try:
        _refuse_held(record.under(find_keeping(bucket, child)), child)  # a hold may have been set in this moment
    except Refused:
        bucket.destroy(begun)
        raise
    tombstone = record.model_copy(
        update={"wrapped": None, "number": None, "erased": clock(), "retention": None, "legal_hold": False}
    )
    bucket.create({entry: tombstone.stored()})
    if record.number and (leading := numbers.leading(bucket, record.number, child)):
        bucket.destroy(number_entry(record.number), leading)
    bucket.destroy(child, stored)  # last of the key: up to here a repeat finds everything that it needs
    _forget_begun(bucket, child, record)
    return True, tombstone


def _forget_begun(bucket: Bucket, child: str, record: KeyRecord) -> None:
    """Every erasure of this key has ended, for it is gone."""
    for name in bucket.names(f"{ERASING}.{child}"):
        if name.rpartition(".")[2].partition("-")[0] == (record.key_id or f"v{record.version}"):
            bucket.destroy(name)


def _refuse_held(record: KeyRecord, child: str) -> None:
    if record.legal_hold:
        raise Refused("child", f"the key of {child} is under legal hold and cannot be erased")


def contended(child: str) -> Conflict:
    """Others keep changing what belongs to this child."""
    return Conflict(f"key of child {child}: others keep changing it; try again")
