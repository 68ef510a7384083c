"""One keyring on a bucket in memory, and a way to open the same bucket as another process would."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from services.keyring import Keyring, MasterKey
from tests.services.keyring.memory_bucket import MemoryBucket

NOW = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
Opener = Callable[[], Keyring]


@pytest.fixture
def bucket() -> MemoryBucket:
    return MemoryBucket()


@pytest.fixture
def master() -> MasterKey:
    return MasterKey(bytes(range(32)))


@pytest.fixture
def another(bucket: MemoryBucket, master: MasterKey) -> Opener:
    return lambda: Keyring("torbay", master, bucket, clock=lambda: NOW)


@pytest.fixture
def keyring(another: Opener) -> Keyring:
    return another()
