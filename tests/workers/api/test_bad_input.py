"""Whatever is asked of a described route is answered as described, and never as a failure of the server."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.stores import Store
from tests.workers.api.rig import Api, api_of
from workers.api.app import DOCUMENT

pytestmark = pytest.mark.long

EXAMPLES = 4
"""For each of some eighty operations."""


@pytest.fixture(scope="module")
def api(single_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One authority for all operations, without workers but with views that were kept once."""
    folder: Path = tmp_path_factory.mktemp("bad-input")
    with api_of(single_store, folder, api_burst=100_000, api_wait_seconds=0.05) as found:
        yield found


async def test_views_are_kept(api: Api) -> None:
    """Once, so that their tables are there."""
    names = [each.split("/")[-1] for each in document(api)["paths"] if "/views/" in each and "search" not in each]
    async with api.rig.workers(*names):
        end = api.rig.system.history(api.authority).position()
        await api.rig.until(lambda: all(api.rig.reached(name) == end for name in names))


def document(api: Api) -> dict[str, Any]:
    async def ask() -> dict[str, Any]:
        async with api.client() as client:
            found: dict[str, Any] = (await client.get(DOCUMENT)).json()
            return found

    with ThreadPoolExecutor(1) as beside:  # a loop of its own, whether the test has one or not
        return beside.submit(lambda: asyncio.run(ask())).result()


def test_every_operation(api: Api) -> None:
    """Bodies, parameters and headers by the schemas and against them, with a token that counts: no 5xx, no surprise."""
    import schemathesis  # noqa: PLC0415 - it takes long to load, and every process of the tests reads this file

    told = document(api)
    told["paths"] = {path: held for path, held in told["paths"].items() if "events" not in path}  # these do not end
    schema = schemathesis.openapi.from_dict(told)
    schema.app = api.app
    found: list[Any] = list(schema.get_all_operations())
    asked = [attempts(api, each.ok()) for each in found]
    assert len(asked) > len(api.rig.system.catalogue.commands)
    assert min(asked) >= 1


def attempts(api: Api, operation: Any) -> int:
    """Ask for the operation in several ways; how many there were."""
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415 - as above
    from schemathesis.specs.openapi import checks  # noqa: PLC0415 - as above

    asked = 0
    held_against = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]

    @seed(20261122)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def attempt(case: Any) -> None:
        nonlocal asked
        asked += 1
        case.path_parameters = {**(case.path_parameters or {}), "authority": api.authority}
        case.call_and_validate(checks=held_against, headers={"Authorization": "Bearer P-QA"})

    attempt()
    return asked
