"""What the custodian does with a child's key: say what the law asks of it, and erase it.

Each act is a new entry of the bucket, and no entry is written over. What this module writes nobody else may: the
server takes tombstones and holds from the custodian's account alone.
"""

from collections.abc import Callable

from events.errors import Conflict, NotFound, Refused
from services.clock import Clock
from services.keyring.bucket import Bucket
from services.keyring.entries import (
    ERASED,
    KEPT,
    Keeping,
    checked_child,
    erased_entry,
    kept_entry,
    number_entry,
    read_keeping,
)
from services.keyring.record import KeyRecord, read_record

ATTEMPTS = 20


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


def amend(bucket: Bucket, child: str, change: Callable[[Keeping], Keeping]) -> bool:
    """Say something else of retention and hold; False, and nothing written, where that stands already.

    Conflict if others keep saying something else.
    """
    for _ in range(ATTEMPTS):
        found, record = find_keeping(bucket, child), find_key(bucket, child)
        stands = found or Keeping(
            number=0,
            retention=record.retention if record else None,
            legal_hold=record.legal_hold if record else False,
        )
        changed = change(stands)
        if changed == stands:
            return False
        changed = changed.model_copy(update={"number": stands.number + 1})
        entry = kept_entry(child, changed.number)
        if bucket.create({entry: changed.stored()}):
            return True
    raise contended(child)


def require_kept(bucket: Bucket, child: str) -> None:
    """Conflict where a hold was set while an erasure was under way. Holding and erasing both write first, then look."""
    record = find_key(bucket, child)
    if record and not record.erased:
        entry = erased_entry(child, record.version, record.key_id)
        if bucket.get([entry]):
            raise Conflict(
                f"key of child {child}: an erasure is under way or was cut short; the hold stands for what is left"
            )


def erase(bucket: Bucket, child: str, clock: Clock) -> tuple[bool, KeyRecord]:
    """Destroy the key, see `Keyring.erase`: whether this call did it, and its tombstone."""
    bucket.check()
    record = find_record(bucket, child)
    if record is None:
        raise NotFound("key of child", child)
    live = bucket.get([child])
    entry = erased_entry(child, record.version, record.key_id)
    if record.erased:
        if live:  # a tombstone of the first days stands where the key stood; a new key needs the place
            bucket.create({entry: record.stored()})
            bucket.destroy(child)
        return False, record
    _refuse_held(record, child)
    tombstone = record.model_copy(
        update={"wrapped": None, "number": None, "erased": clock(), "retention": None, "legal_hold": False}
    )
    began_here = bool(bucket.create({entry: tombstone.stored()}))
    try:
        _refuse_held(find_record(bucket, child) or record, child)  # a hold may have been set in this moment
    except Refused:
        if began_here:
            bucket.destroy(entry)
        raise
    if record.number:
        bucket.destroy(number_entry(record.number))
    bucket.destroy(child)  # last: up to here a repeat finds everything that it needs
    return True, tombstone


def _refuse_held(record: KeyRecord, child: str) -> None:
    if record.legal_hold:
        raise Refused("child", f"the key of {child} is under legal hold and cannot be erased")


def contended(child: str) -> Conflict:
    """Others keep changing what belongs to this child."""
    return Conflict(f"key of child {child}: others keep changing it; try again")
