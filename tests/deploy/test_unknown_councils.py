"""A council that the accounts do not know, and whose policy file breaks a rule, stops nobody."""

import shutil
from pathlib import Path

import pytest

from events.errors import Unavailable
from services.settings import SHIPPED_POLICIES, Settings
from tests.deploy.deployed import TORBAY, Deployed
from workers.health.surroundings import unfiled, unsound
from workers.system import System
from workers.unfiled import Kept


@pytest.mark.parametrize("user", ["workers", "doors", "sender", "webhooks"])
def test_a_bad_file_of_a_council_that_the_account_does_not_know(
    user: str, deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server does not answer who may not ask, and nobody waits for it; health says what the account lacks."""
    policies = tmp_path / "policies"
    shutil.copytree(SHIPPED_POLICIES / TORBAY, policies / TORBAY)
    (policies / "northmoor.yaml").write_text("authority: northmoor\n", encoding="utf-8")
    with System(Settings(data=tmp_path, nats=deployed.url(user), policies=policies)) as system:
        monkeypatch.setattr(system.rules, "_kept", lambda: Kept(read=frozenset({TORBAY, "northmoor", "southmoor"})))
        assert system.authorities == (TORBAY,)
        assert [(each.authority, each.state, each.ok) for each in unsound(system)] == [("northmoor", "not seen", False)]
        assert [(each.authority, each.state, each.ok) for each in unfiled(system)] == [("southmoor", "left out", True)]


def test_a_server_that_is_away_is_no_refusal(deployed: Deployed, tmp_path: Path) -> None:
    """Whose work a process does is not decided by what could not be asked."""
    policies = tmp_path / "policies"
    shutil.copytree(SHIPPED_POLICIES / TORBAY, policies / TORBAY)
    (policies / "northmoor.yaml").write_text("authority: northmoor\n", encoding="utf-8")
    away = deployed.url("workers").replace(f":{deployed.port}", ":1")
    with System(Settings(data=tmp_path, nats=away, policies=policies)) as system, pytest.raises(Unavailable):
        _ = system.authorities
