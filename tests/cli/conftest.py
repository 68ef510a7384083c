"""Two settings for the program: a whole system that runs, and a server without workers, for what only records."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.settings import Settings
from services.store.reading import read_recorded
from tests.cli.council import LIVES, NOW, Council
from tests.cli.program import Program, write_lines
from tests.edited import edited
from tests.lives import people
from tests.stores import PATIENCE, Store
from tests.systems import running
from tests.workers.rig import policy_folder
from workers.health.whole import wait_until_settled
from workers.system import System


@contextmanager
def running_council(folder: Path) -> Iterator[Council]:
    """The whole system, into which a user has imported the lives of both authorities, once all is worked out."""
    policies = folder / "policies"
    policies.mkdir()
    for authority in ("torbay", "halton"):
        (policies / f"{authority}.yaml").write_text(edited(authority), encoding="utf-8")
    settings = Settings(
        data=folder / "data", policies=policies, clock_offset=NOW - datetime.now(UTC), log_level="error"
    )
    lines = [*people("torbay"), *people("halton"), *(line for life in LIVES for line in life)]
    file = write_lines(folder / "lives.jsonl", lines)
    with running(settings), System(settings) as system:
        program = Program(settings, PATIENCE)  # its own second is too short for the views of a full machine
        imported = program.run("import", file, "--unverified", "--json")
        wait_until_settled(system, within=PATIENCE)
        yield Council(program, system, Path(file), imported)


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """A council that is asked, and given no audit by anybody: many modules look at it, in any order."""
    with running_council(tmp_path_factory.mktemp("council")) as found:
        before = _audits(found)
        yield found
        assert _audits(found) == before, (
            "a test gave it an audit that others see; it wants `recording` or `own_council`"
        )


def _audits(council: Council) -> set[tuple[str, str]]:
    """The audits that there are: who read what, and what a file told of indicators, is recorded as well."""

    async def read() -> set[tuple[str, str]]:
        client = await council.system.connect()
        try:
            found = [
                (authority, each.originator_id)
                for authority in ("torbay", "halton")
                async for each in read_recorded(client, authority)
            ]
        finally:
            await client.close()
        return {(authority, record) for authority, record in found if record.startswith("audit/")}

    return asyncio.run(read())


@pytest.fixture(scope="module")
def own_council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """The same council again, for a module that changes it."""
    with running_council(tmp_path_factory.mktemp("own")) as found:
        yield found


@pytest.fixture
def recording(single_store: Store, tmp_path: Path) -> Iterator[Callable[..., Council]]:
    """Make authorities of their own under a framework (Torbay's, unless changed): streams on a server, nobody works."""
    systems: list[System] = []

    def make(change: Callable[[str], str] = str) -> Council:
        authority = single_store.authority()
        policies = policy_folder(tmp_path / authority, authority, change)
        settings = Settings(data=tmp_path, nats=single_store.url, policies=policies)
        systems.append(System(settings))
        return Council(Program(settings), systems[-1], tmp_path / "commands.jsonl", authority=authority)

    yield make
    for system in systems:
        system.close()
