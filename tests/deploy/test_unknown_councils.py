"""A council that the accounts do not know stops nobody, whether its policy file is sound or breaks a rule."""

import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from events.errors import Unavailable
from services.settings import SHIPPED_POLICIES, Settings
from services.store.errors import NotAllowed
from tests.deploy.deployed import TORBAY, Deployed, do_their_work
from tests.workers.rig import Rig
from workers.health.surroundings import unfiled, unseen, unsound
from workers.system import System
from workers.unfiled import Kept

NORTHMOOR = Path(__file__).parents[1] / "northmoor" / "northmoor.yaml"


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


@pytest.fixture
def with_another(tmp_path: Path) -> Path:
    """A folder with the policies of a council that the accounts know, and of one that they do not."""
    policies = tmp_path / "policies"
    shutil.copytree(SHIPPED_POLICIES / TORBAY, policies / TORBAY)
    shutil.copy(NORTHMOOR, policies)
    return policies


@pytest.mark.parametrize("user", ["workers", "doors", "sender", "webhooks"])
async def test_a_sound_file_of_a_council_that_the_account_does_not_know(
    user: str, deployed: Deployed, tmp_path: Path, with_another: Path
) -> None:
    """The checks of each start pass, and it works for the others; health calls it a fault."""
    with System(Settings(data=tmp_path, nats=deployed.url(user), policies=with_another)) as system:
        assert system.authorities == (TORBAY,)
        client = await system.connect()
        await system.check(client)
        await client.close()
        assert [(each.authority, each.state, each.ok) for each in unseen(system)] == [("northmoor", "not seen", False)]


async def test_the_workers_do_their_work_beside_it(deployed: Deployed, tmp_path: Path, with_another: Path) -> None:
    """What is recorded of the council that they know comes out as notices, and the log names the one left out."""
    settings = Settings(data=tmp_path, nats=deployed.url("workers"), policies=with_another)
    with System(settings) as system, capture_logs() as logs:
        rig = Rig(settings, system, TORBAY)
        await do_their_work(rig)
    assert {each["authority"] for each in logs if each["event"] == "a council is left out"} == {"northmoor"}


def test_an_account_that_knows_none_of_the_councils_works_for_nobody(deployed: Deployed, tmp_path: Path) -> None:
    """That is no council left out but the wrong account, and is said at once."""
    policies = tmp_path / "policies"
    policies.mkdir()
    shutil.copy(NORTHMOOR, policies)
    with (
        System(Settings(data=tmp_path, nats=deployed.url("workers"), policies=policies)) as system,
        pytest.raises(NotAllowed, match="none of northmoor"),
    ):
        _ = system.authorities


def test_a_server_that_is_away_is_no_refusal(deployed: Deployed, tmp_path: Path) -> None:
    """Whose work a process does is not decided by what could not be asked."""
    policies = tmp_path / "policies"
    shutil.copytree(SHIPPED_POLICIES / TORBAY, policies / TORBAY)
    (policies / "northmoor.yaml").write_text("authority: northmoor\n", encoding="utf-8")
    away = deployed.url("workers").replace(f":{deployed.port}", ":1")
    with System(Settings(data=tmp_path, nats=away, policies=policies)) as system, pytest.raises(Unavailable):
        _ = system.authorities
