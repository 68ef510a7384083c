"""What is overdue, in hand and on the programme by HTTP: as the command line says it, page by page."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import httpx
import orjson
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it says nothing of its types

from services.clock import local_date
from tests.workers.api.rig import Api, allocation
from workers.api.app import DOCUMENT
from workers.api.lists import LISTS
from workers.asking.overdue import overdue
from workers.asking.programme import task_rows
from workers.asking.workload import workload
from workers.histories.rebuilding import rebuild_everything

AUDITS = 5


@pytest.fixture
async def client(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the API of a council whose views know five audits, some of which were due long ago."""
    for number in range(AUDITS):
        await api.act("audit.allocate", allocation(f"A-{number}", child=f"C-{number}"))
    ago = api.rig.system.clock
    api.rig.system.clock = lambda: ago() + timedelta(days=60)
    rebuild_everything(api.rig.system, [api.authority], lambda *_: None)
    async with api.client() as client:
        yield client


def plain(rows: Any) -> Any:
    return orjson.loads(orjson.dumps(rows, default=lambda each: each.model_dump()))


def asked_of_system(api: Api) -> Mapping[str, list[Any]]:
    """What the command line would be told."""
    system, authority = api.rig.system, api.authority
    return {
        "overdue": plain([row.told for row in overdue(system, authority, local_date(system.clock()))]),
        "workload": plain([asdict(row) for row in workload(system, authority)]),
        "programme": plain([asdict(row) for row in task_rows(system, authority)]),
    }


async def rows(client: httpx.AsyncClient, path: str, **options: Any) -> list[Any]:
    """Every row, page by page."""
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get(path, params=options | cursor)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert 0 < len(told["rows"]) <= options.get("limit", 100) or not found
        found += told["rows"]
        if told["next"] is None:
            return found
        cursor = {"cursor": told["next"]}


async def test_all_pages_are_what_the_command_line_says(client: httpx.AsyncClient, api: Api) -> None:
    """In the same order, whatever the page; and each row is as the document says."""
    told = asked_of_system(api)
    schemas = (await client.get(DOCUMENT)).json()
    assert {each.name for each in LISTS} == set(told)
    for name, whole in told.items():
        assert len(whole) >= AUDITS
        assert await rows(client, api.path(name)) == whole
        assert await rows(client, api.path(name), limit=3) == whole
        schema = {"$ref": f"#/components/schemas/Page-of-{name}", "components": schemas["components"]}
        page = (await client.get(api.path(name), params={"limit": 2})).json()
        Draft202012Validator(schema).validate(page)
        with pytest.raises(Exception, match="additional"):
            Draft202012Validator(schema).validate(page | {"more": 1})


async def test_what_is_asked_for(client: httpx.AsyncClient, api: Api) -> None:
    """By person, team, role and window, as the options of the commands are."""
    told = asked_of_system(api)
    mine = await rows(client, api.path("workload"), person="P-AUD")
    assert mine == [row for row in told["workload"] if row["person"] == "P-AUD"] != []
    assert await rows(client, api.path("overdue"), person="P-NOBODY") == []
    of_team = await rows(client, api.path("overdue"), team="T-1")
    assert of_team == [row for row in told["overdue"] if row["team"] == "T-1"] != []
    role, last = told["programme"][0]["role"], date.fromisoformat(told["programme"][-1]["due"])
    assert {row["role"] for row in await rows(client, api.path("programme"), role=role)} == {role}
    window = {"from": str(last), "to": str(last)}
    assert {row["due"] for row in await rows(client, api.path("programme"), **window)} == {str(last)}


async def test_as_at_a_day(client: httpx.AsyncClient, api: Api) -> None:
    """On the day before anything was there nothing was in hand, and the answer says so; today's is today's."""
    today = local_date(api.rig.system.clock())
    for name in ("overdue", "workload", "programme"):
        before = await client.get(api.path(name), params={"as_known": str(today - timedelta(days=90))})
        assert before.status_code == 200, before.text
        assert "stands on record" in before.headers["Sightline-Note"]
        now = await rows(client, api.path(name), as_at=str(today), limit=4)
        assert now == asked_of_system(api)[name]
    assert await rows(client, api.path("overdue"), as_at=str(today - timedelta(days=59)), team="T-1") == []


async def test_what_is_asked_wrongly(client: httpx.AsyncClient, api: Api) -> None:
    """Each is refused by the option that is at fault; a cursor belongs to one question."""
    following = (await client.get(api.path("workload"), params={"limit": 1})).json()["next"]
    for name, options, field in (
        ("workload", {"team": "T-1"}, "team"),
        ("workload", {"limit": "0"}, "limit"),
        ("workload", {"limit": "1001"}, "limit"),
        ("workload", {"cursor": "x"}, "cursor"),
        ("workload", {"cursor": following, "person": "P-AUD"}, "cursor"),
        ("overdue", {"cursor": following}, "cursor"),
        ("overdue", {"person": ""}, "person"),
        ("overdue", {"person": "x" * 65}, "person"),
        ("overdue", {"person": "a b"}, "person"),
        ("overdue", {"as_at": "2999-01-01"}, "as_at"),
        ("overdue", {"wait-for": "-1"}, "wait-for"),
        ("programme", {"from": "2026-13-01"}, "from"),
        ("programme", {"from": "2026-02-01", "to": "2026-01-01"}, "to"),
        ("programme", {"role": "nobody"}, "role"),
    ):
        answer = await client.get(api.path(name), params=options)
        assert (answer.status_code, answer.json()["field"]) == (422, field), (name, options, answer.text)
    async with api.client("P-STRANGER") as stranger:
        assert (await stranger.get(api.path("overdue"))).status_code == 403
