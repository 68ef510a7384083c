"""Entries of the first days, with retention, hold and erasure in the record itself, go on meaning what they meant."""

from typing import Any

import orjson
import pytest

from events.errors import Refused
from services.keyring import Erased, Lost
from tests.services.keyring.conftest import Opener
from tests.services.keyring.memory_bucket import MemoryBucket

CHILD, FIELD = "C-17", "evidence"
RECORD: dict[str, Any] = {
    "version": 1,
    "wrapped": "wq8dv8caS0kgbrdvwZ4qTbqVQUGT9eKMUdCuT6H1VIUGfVgS4kOhlbb9jGSw0LbF0eWjePqRQWp9tV9T",
    "created": "2025-11-03T09:30:00Z",
    "retention": None,
    "legal_hold": False,
    "erased": None,
}
TEXT = "sealed:1:C-17:-crJwkPHn8ZvBYHQZDQdSU7PH6W5zVp5XvPedc_hcBI2jfAxgr8rrEnqqqqckU-9-PsZnw"


def put(bucket: MemoryBucket, **changes: object) -> None:
    bucket.values[CHILD] = orjson.dumps(RECORD | changes)


def test_key_without_an_id(another: Opener, bucket: MemoryBucket) -> None:
    """A key and a text without an id still open; texts that follow name the key likewise."""
    put(bucket)
    ring = another()
    assert ring.unseal(TEXT, FIELD) == "seen alone, spoke freely"
    more = ring.seal(CHILD, FIELD, "more")
    assert more.startswith(f"sealed:1:{CHILD}:")
    assert another().unseal(more, FIELD) == "more"
    assert ring.erase(CHILD)
    for reader in (ring, another()):
        assert reader.unseal(TEXT, FIELD) == Erased(CHILD, 1)
    assert ring.seal(CHILD, FIELD, "new").startswith("sealed:2.")
    assert another().unseal(TEXT, FIELD) == Erased(CHILD, 1)


def test_key_without_an_id_that_was_lost(another: Opener) -> None:
    """Where another key has taken its place, its texts read as lost."""
    another().ensure([CHILD])
    assert another().unseal(TEXT, FIELD) == Lost(CHILD, 1)


def test_hold_in_the_record(another: Opener, bucket: MemoryBucket) -> None:
    """A hold of the first days still holds, until it is released; the class stays what it was."""
    put(bucket, legal_hold=True, retention="care-75y")
    with pytest.raises(Refused, match="legal hold"):
        another().erase(CHILD)
    another().release(CHILD)
    record = another().record(CHILD)
    assert record
    assert (record.legal_hold, record.retention) == (False, "care-75y")
    assert another().erase(CHILD)


def test_tombstone_in_place_of_the_key(another: Opener, bucket: MemoryBucket) -> None:
    """An erasure of the first days still stands, for every version up to it; erasing once more clears the place."""
    put(bucket, version=2, wrapped=None, erased="2026-01-03T09:30:00Z")
    assert another().unseal(TEXT, FIELD) == Erased(CHILD, 1)
    assert another().unseal(TEXT.replace("sealed:1", "sealed:2"), FIELD) == Erased(CHILD, 2)
    with pytest.raises(Refused, match="`sightline erase` it once more"):
        another().seal(CHILD, FIELD, "new")
    assert not another().erase(CHILD)
    assert not another().erase(CHILD)
    assert another().seal(CHILD, FIELD, "new").startswith("sealed:3.")
    assert another().unseal(TEXT, FIELD) == Erased(CHILD, 1)
    assert another().unseal(TEXT.replace("sealed:1", "sealed:2"), FIELD) == Erased(CHILD, 2)
