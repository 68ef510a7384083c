"""The API of one authority for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores import PATIENCE, Store
from tests.workers.api.rig import Api, api_of


@pytest.fixture
def api(single_store: Store, tmp_path: Path) -> Iterator[Api]:
    """An API with limits that no test of anything else comes near."""
    with api_of(single_store, tmp_path, api_burst=100_000, api_wait_seconds=PATIENCE) as found:
        yield found
