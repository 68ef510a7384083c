"""Texts by HTTP: kept back until a question says otherwise, then opened for those who need to know, and on record."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import orjson
import pytest

from services.access.caller import Caller
from tests.lives import QA, Life
from tests.workers.api.rig import Api
from workers.api.app import make_app
from workers.recording.desks import recording_desks

SAID = {"visit": "visit the child", "why": "the evidence carries more", "seen": "was not seen for a week"}
OPEN = {"texts": "open"}


@pytest.fixture
async def client(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an authority in which an audit of team T-1 has an action, a changed grade and a concern."""
    life = Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-12").to_moderator("2026-01-13")
    life.moderated("2026-01-14", grade="Exceeds Good", rationale=SAID["why"])
    life.action("2026-01-15", "X-1", text=SAID["visit"], due="2026-12-01")
    life.act("audit.raise_safety_concern", "2026-01-16", "P-AUD", "auditor", concern=SAID["seen"])
    apart = {"command": "person.appoint", **QA, "at": "2026-01-05", "person": "P-TM9", "post": "team_manager"}
    with recording_desks(api.rig.system, "texts", api.authority, unverified=True) as importer:
        lines = [{**line, "authority": api.authority} for line in [*life, {**apart, "unit": "T-2"}]]
        assert not importer.run(map(orjson.dumps, lines)).rejections
    async with api.rig.workers("actions", "grade-changes", "timeline"), api.client() as client:
        for view in ("actions", "grade-changes", "timeline"):
            assert (await client.get(api.path("views", view), params=now(api))).status_code == 200
        yield client


def now(api: Api) -> dict[str, str]:
    """To wait for all that has happened by now."""
    return {"wait-for": str(api.rig.system.history(api.authority).position())}


async def story(api: Api, client: httpx.AsyncClient, person: str, **asked: str) -> dict[str, str]:
    """What the texts of the audit's events say to the person, by the names of their fields."""
    answer = await client.get(api.path("records", "audit", "A-1", "timeline"), params=asked, headers=by(person))
    assert answer.status_code == 200, answer.text
    assert "sealed:" not in answer.text
    told: dict[str, str] = {}
    for each in answer.json()["rows"]:
        told |= each["opened"]
    return told


def by(person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {person}"}


async def readings(api: Api, client: httpx.AsyncClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Who read what, in which role: as the timeline tells it."""
    asked = {**now(api), "stored_name": "texts.opened.v1"}
    rows = (await client.get(api.path("views", "timeline"), params=asked)).json()["rows"]
    return [(row["actor"], row["role"], orjson.loads(row["body"])) for row in rows]


@pytest.mark.covers("A-ALL-15")
async def test_a_story_is_told_with_its_texts(api: Api, client: httpx.AsyncClient) -> None:
    """Only a question that says so opens them; by then it is on record who read which fields, in which role."""
    assert await story(api, client, "P-QA") == {}
    assert await readings(api, client) == []
    told = await story(api, client, "P-QA", **OPEN)
    assert (told["rationale"], told["concern"]) == (SAID["why"], SAID["seen"])
    [(actor, role, body)] = await readings(api, client)
    assert (actor, role, body["door"]) == ("P-QA", "qa_team", "http")
    [opened] = body["opened"]
    assert opened["record"] == "audit/A-1"
    assert {"audit.rationale", "audit.concern"} <= set(opened["fields"])
    assert not any(text in str(body) for text in SAID.values())
    asked = {"child": "C-1", **OPEN}
    answer = await client.post(api.path("child", "timeline"), json=asked)
    assert SAID["seen"] in answer.text
    assert len(await readings(api, client)) == 2


async def test_the_line_of_management_and_nobody_beside_it(api: Api, client: httpx.AsyncClient) -> None:
    """The team's manager reads what the other team's is not given; and nothing was read where nothing was given."""
    assert (await story(api, client, "P-TM", **OPEN))["concern"] == SAID["seen"]
    closed = await story(api, client, "P-TM9", **OPEN)
    assert set(closed.values()) == {"[closed]"}
    assert {actor for actor, _, _ in await readings(api, client)} == {"P-TM"}
    nobody = await client.get(api.path("records", "audit", "A-1", "timeline"), params=OPEN, headers=by("P-NOBODY"))
    assert nobody.status_code == 403


@pytest.mark.parametrize(
    ("view", "column", "said"), [("actions", "text", "visit"), ("grade-changes", "rationale", "why")]
)
async def test_a_view_with_its_texts(api: Api, client: httpx.AsyncClient, view: str, column: str, said: str) -> None:
    """The same in the rows of a view, in an address and in a body; a sheet is taken along, and holds none."""
    path = api.path("views", view)
    kept = (await client.get(path)).json()["rows"]
    assert {row[column] for row in kept} == {"[sealed]"}
    assert await readings(api, client) == []
    for answer in (await client.get(path, params=OPEN), await client.post(f"{path}/search", json=OPEN)):
        assert {row[column] for row in answer.json()["rows"]} == {SAID[said]}, answer.text
        assert [{**row, column: "[sealed]"} for row in answer.json()["rows"]] == kept
    assert len(await readings(api, client)) == 2
    other = await client.get(path, params=OPEN, headers=by("P-TM9"))
    assert {row[column] for row in other.json()["rows"]} == {"[closed]"}
    for wrong in ({"texts": "yes"}, {**OPEN, "format": "csv"}):
        answer = await client.get(path, params=wrong)
        assert (answer.status_code, answer.json()["field"]) == (422, "texts")
        assert SAID[said] not in answer.text
    assert len(await readings(api, client)) == 2


async def test_nothing_is_opened_beyond_the_page(api: Api, client: httpx.AsyncClient) -> None:
    """A page without rows is no reading."""
    answer = await client.get(api.path("views", "actions"), params={**OPEN, "about": "audit/A-404"})
    assert answer.json()["rows"] == []
    assert await readings(api, client) == []


@dataclass(frozen=True)
class Claiming:
    """Whose token claims these roles, and no others."""

    authority: str
    roles: frozenset[str]

    def caller(self, token: str, now: datetime) -> Caller:
        del now
        return Caller(token, frozenset({self.authority}), self.roles)


async def test_a_token_limits_the_roles(api: Api, client: httpx.AsyncClient) -> None:
    """Whoever holds a role that opens texts opens none by a token that does not claim it."""
    path = api.path("records", "audit", "A-1", "timeline")
    for role, said in (("director", "[closed]"), ("qa_team", SAID["seen"])):
        app = make_app(api.office, Claiming(api.authority, frozenset({role})))
        transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=by("P-QA")) as other:
            rows = (await other.get(path, params=OPEN)).json()["rows"]
        assert [row["opened"]["concern"] for row in rows if "concern" in row["texts"]] == [said]
    assert len(await readings(api, client)) == 1
