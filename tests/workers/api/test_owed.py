"""What a record owes by HTTP: now, and as it stood on a day that has passed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.clock import local_date
from tests.histories import allocated
from tests.workers.api.rig import Api, allocation
from workers.api import records
from workers.asking.owing import owed_of
from workers.system import System


@pytest.fixture
async def client(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the API of an authority in which one audit was allocated."""
    assert (await api.act("audit.allocate", allocation("A-00"))).status_code == 200
    async with api.client() as client:
        yield client


async def test_what_a_record_owes(client: httpx.AsyncClient, api: Api) -> None:
    """An allocated audit owes its return, by its auditor; what is not there is not found."""
    answer = await client.get(api.path("records", "audit", "A-00", "owed"))
    assert answer.status_code == 200, answer.text
    found = {each["obligation"]: each for each in answer.json()["rows"]}
    assert found["audit_return"]["state"] == "open"
    assert found["audit_return"]["owners"][0]["holder"] == "P-AUD"
    for place, status in (("audit/A-404", 404), ("audit/A 1", 422), ("colour/A-1", 422), ("child/C-1", 422)):
        assert (await client.get(api.path("records", place, "owed"))).status_code == status


async def test_of_the_past_alone(client: httpx.AsyncClient, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of a day that has passed is worked out for that day, and today's is not; nor of what never was."""
    asked: list[bool] = []

    def worked_out(system: System, *record: str) -> Any:
        asked.append(system.moment is not None)
        return owed_of(system, *record)

    monkeypatch.setattr(records, "owed_of", worked_out)
    today = str(local_date(api.rig.now()))
    found = await client.get(api.path("records", "audit", "A-00", "owed"), params={"as_at": today})
    missing = await client.get(api.path("records", "audit", "A-404", "owed"), params={"as_at": today})
    assert (found.status_code, missing.status_code) == (200, 404)
    assert asked == [True, True]


async def test_what_a_record_owed(client: httpx.AsyncClient, api: Api) -> None:
    """As it stood at the end of a day, in both senses: open before it was late, nothing before it was there."""
    today, place = local_date(api.rig.now()), api.path("records", "audit", "L-9", "owed")
    api.rig.record("L-9", allocated(due=today - timedelta(days=4)), at=api.rig.now() - timedelta(days=9))

    async def state(**options: str) -> list[str]:
        answer = await client.get(place, params=options)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["rows"] == []) == ("stands on record" in answer.headers.get("Sightline-Note", ""))
        return [each["state"] for each in answer.json()["rows"] if each["obligation"] == "audit_return"]

    assert await state() == await state(as_known=str(today)) == ["overdue"]
    assert await state(as_at=str(today - timedelta(days=5))) == ["open"]
    assert await state(as_at=str(today - timedelta(days=20))) == []
    assert await state(as_at=str(today), as_known=str(today - timedelta(days=1))) == [], "nobody had recorded it"
    for option in ("as_at", "as_known"):
        ahead = await client.get(place, params={option: "2999-01-01"})
        assert (ahead.status_code, ahead.json()["field"]) == (422, option)
    assert (await client.get(place, params={"texts": "open"})).status_code == 422
