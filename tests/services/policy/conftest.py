"""A framework that extends a base, in a folder of its own."""

import shutil
from pathlib import Path

import pytest

from services.policy import bases
from services.policy.bases import BASES
from tests.services.policy.westmoor import short


@pytest.fixture
def westmoor(tmp_path: Path) -> Path:
    """The short framework in a folder of its own."""
    (tmp_path / "policies").mkdir()
    return short(tmp_path / "policies")


@pytest.fixture
def own_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The base in a folder where it may be changed."""
    folder = shutil.copytree(BASES, tmp_path / "bases")
    monkeypatch.setattr(bases, "BASES", folder)
    return folder / "base-1"
