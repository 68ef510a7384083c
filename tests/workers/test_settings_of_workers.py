"""What a supervisor hands to the processes that it starts."""

from pathlib import Path

import pytest

from services.settings import Settings
from workers.running.supervisor import environment


def test_another_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting survives the way through variables, several words in one among them."""
    given = Settings(data=Path("here"), oidc_algorithms=("RS256", "ES256"), api_port=9, sweep_seconds=2.5)
    for name, value in environment(given).items():
        monkeypatch.setenv(name, value)
    assert Settings() == given
