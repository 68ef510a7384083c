"""There is a route, and its description, for each command and each view, whoever declares them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it says nothing of its types

from services.settings import Settings
from tests.stores import Store
from tests.whole_system.test_adding import MORE, council
from tests.whole_system.visits import VIEW
from tests.workers.api.rig import Api, KnownTokens, api_of
from workers.api.app import DOCUMENT, make_app
from workers.api.columns import IN_A_BODY
from workers.api.guard import Guard
from workers.doors.office import open_office
from workers.doors.problems import KINDS
from workers.system import System
from workers.views.made import views_of

BESIDE_THESE = {
    "/v1/{authority}/records/{kind}/{reference}/timeline",
    "/v1/{authority}/records/{kind}/{reference}/owed",
    "/v1/{authority}/records/{kind}/{reference}/events",
    "/v1/{authority}/child/timeline",
    "/v1/{authority}/policies",
    "/v1/{authority}/policies/in-force",
    "/v1/{authority}/overdue",
    "/v1/{authority}/workload",
    "/v1/{authority}/programme",
    "/v1/{authority}/reports",
    "/v1/{authority}/reports/{report}/{period}",
    "/v1/{authority}/reports/{report}/{period}/figures/{figure}",
    "/v1/{authority}/reports/{report}/{period}/issued",
    "/v1/{authority}/escalations/events",
    "/calendar/{secret}.ics",
}


@pytest.fixture(scope="module")
def api(single_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One for all of these tests: they change nothing."""
    with api_of(single_store, tmp_path_factory.mktemp("routes"), api_burst=100_000) as found:
        yield found


def paths(app: Guard) -> set[str]:
    assert isinstance(app.app, FastAPI)
    return {getattr(each, "path", "") for each in app.app.routes} - {DOCUMENT}


async def described(api: Api) -> dict[str, Any]:
    async with api.client() as client:
        client.headers.pop("Authorization")
        found: dict[str, Any] = (await client.get(DOCUMENT)).json()
        return found


def wanted(system: System) -> set[str]:
    """What follows from the catalogue and the views."""
    views = views_of(system)
    return (
        {f"/v1/{{authority}}/commands/{name}" for name in system.catalogue.commands}
        | {f"/v1/{{authority}}/views/{name}" for name in views}
        | {f"/v1/{{authority}}/views/{name}/search" for name in views}
        | BESIDE_THESE
    )


def test_every_command_and_every_view_has_its_route(api: Api) -> None:
    """Neither more nor less than what catalogue and views declare."""
    assert paths(api.app) == wanted(api.rig.system)


def test_a_part_and_a_view_that_are_handed_in_have_theirs(single_store: Store, tmp_path: Path) -> None:
    """What this project never heard of is served like everything else."""
    authority = single_store.authority()
    council(tmp_path / "policies", authority)
    settings = Settings(data=tmp_path, nats=single_store.url, policies=tmp_path / "policies")
    with System(settings, catalogue=MORE, own_views={"visits": VIEW}) as system, open_office(system) as office:
        found = paths(make_app(office, KnownTokens(frozenset({authority}))))
        assert found == wanted(system)
        assert {"/v1/{authority}/commands/visit.plan", "/v1/{authority}/views/visits"} <= found


async def test_the_document_is_that_of_the_routes(api: Api) -> None:
    """Each route is described, each schema that is named is there and sound, and the token is asked for everywhere."""
    told = await described(api)
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == paths(api.app)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(told)))
    assert named <= set(told["components"]["schemas"])
    for schema in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert told["security"] == [{"token": []}]
    names = [each["operationId"] for path in told["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))


async def test_each_command_names_its_rule(api: Api) -> None:
    """The roles are the policy's word, so the description says of which act."""
    told = await described(api)
    for name in api.rig.system.catalogue.commands:
        operation = told["paths"][f"/v1/{{authority}}/commands/{name}"]["post"]
        assert f"the policy of the authority gives `{name}`" in operation["description"]
        assert {"401", "403", "409", "412", "422", "429", "503"} <= set(operation["responses"])


async def test_no_body_takes_who_acts_and_no_address_takes_a_child(api: Api) -> None:
    """Actor, authority and id come from token, path and header; children stand in bodies alone."""
    told = await described(api)
    for name, model in api.rig.system.catalogue.commands.items():
        body = told["components"]["schemas"][model.__name__]
        assert not {"actor", "authority", "command", "id"} & set(body["properties"]), name
        assert body["additionalProperties"] is False
    for path, methods in told["paths"].items():
        for operation in methods.values():
            asked = {each["name"] for each in operation["parameters"] if each["in"] != "header"}
            assert not asked & IN_A_BODY, path


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.name)
async def test_each_problem_is_documented(api: Api, kind: Any) -> None:
    """A kind of problem is known by its type."""
    told = await described(api)
    assert kind.urn in told["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
