"""Rules are adopted, and files propose: a council whose file is taken away, or is called otherwise, goes on."""

import asyncio

import pytest

from services.nats_server import embedded_server
from services.settings import Settings
from services.store.link import connect
from services.store.source import api
from tests.cli.program import Program, write_lines
from tests.cli.test_unsound_policies import placed, policies_in_health, write
from tests.lives import people
from tests.stores import PATIENCE
from tests.systems import running
from workers.health.whole import wait_until_settled
from workers.system import System

OVERDUE = "halton: the framework's own review was due on 31 May 2024"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Program]:
    """Two councils that have adopted their rules, and nobody works now."""
    folder = tmp_path_factory.mktemp("councils")
    policies = folder / "policies"
    policies.mkdir()
    settings = Settings(data=folder / "data", policies=policies, api_port=0, log_level="warning")
    program = Program(settings, PATIENCE)
    for each in ("torbay", "halton"):
        write(policies, each)
    with running(settings):
        for each in ("torbay", "halton"):
            assert program.run("import", write_lines(folder / f"{each}.jsonl", people(each))).code == 0
    return settings, program


@pytest.mark.covers("HAL-109", "SOU-115")
def test_a_council_goes_on_without_its_file(begun: tuple[Settings, Program], capfd: pytest.CaptureFixture[str]) -> None:
    """Misnamed, then with an empty folder and no view left: its work is done, and up and health say it in a line."""
    settings, program = begun
    file = settings.policies / "halton.yaml"
    file.rename(settings.policies / "halton.yml")
    with running(settings), System(settings) as system:
        assert system.authorities == ("halton", "torbay")
        assert placed(program, "halton", "T-92") == 0
        wait_until_settled(system, within=PATIENCE)
        assert program.run("show", "workload", "halton").code == 0
        assert program.run("token", "P-QA", "--authority", "halton").code == 0
        assert "no policy here for nowhere" in program.run("token", "P-QA", "--authority", "nowhere").mistake()
        for asked in (("show", "form"), ("report", "list")):
            assert "version 1, as it was adopted" in program.run(*asked, "halton").out
        assert policies_in_health(program) == {"halton": "no file"}
        said = program.run("health")
        assert said.code == 0
        assert "halton.yml is not read: a policy is called *.yaml" in said.flat
        assert "taking a file away ends no council" in said.flat
        assert OVERDUE in said.flat
    [line] = [each for each in capfd.readouterr().out.splitlines() if "a council without a file" in each]
    assert "halton" in line
    (settings.policies / "torbay.yaml").unlink()
    (settings.policies / "halton.yml").unlink()
    (settings.policies / "halton").mkdir()
    for kept in settings.data.glob("views.sqlite*"):
        kept.unlink()  # views are made anew: whose histories there are, the server knows
    with running(settings):
        assert placed(program, "halton", "T-93") == 0
        assert policies_in_health(program) == {"halton": "no file", "torbay": "no file"}
        assert "halton is not read: it holds no part of a policy" in program.run("health").flat


async def without(settings: Settings, stream: str) -> None:
    server = embedded_server(settings.data)
    server.start()
    try:
        client = await connect(server.url)
        await api(client, f"STREAM.DELETE.{stream}", within=PATIENCE)
        await client.close()
    finally:
        server.stop()


def test_a_history_that_is_gone_is_told_beside_a_bad_file(begun: tuple[Settings, Program]) -> None:
    """Nobody can work for it, and it had begun: whoever reads that it has not looks for nothing. The others work."""
    settings, program = begun
    write(settings.policies, "torbay")
    write(settings.policies, "halton", ("fallback: qa_team", "fallback: nobody"))
    asyncio.run(without(settings, "SIGHTLINE_HALTON"))
    with running(settings):
        assert placed(program, "torbay", "T-94") == 0
        assert policies_in_health(program) == {"halton": "lost"}
        said = program.run("health")
        assert said.code == 1
        assert "unknown role nobody" in said.flat
        (settings.policies / "halton.yaml").unlink()
        assert policies_in_health(program) == {"halton": "lost"}
