"""The one route without a token: a calendar under a secret address."""

from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from services.calendar_feed import hashed, new_secret
from tests.stores import Store
from tests.workers.api.rig import Api, allocation, api_of
from tests.workers.test_calendars import VIEWS, known


async def asked(api: Api, secret: str, address: str = "192.0.2.9") -> httpx.Response:
    """Ask as a calendar program does: without a token."""
    transport = httpx.ASGITransport(app=api.app, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        return await client.get(f"/calendar/{secret}.ics")


async def test_a_calendar_is_given_read_and_revoked(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """Who was given the address reads what they owe; unknown and revoked are one answer; no log has the secret."""
    secret = new_secret(api.authority)
    body = {"role": "qa_team", "person": "P-AUD", "secret": hashed(secret)}
    async with api.rig.workers(*VIEWS):
        assert (await api.act("audit.allocate", allocation("A-1", due="2027-03-16"))).status_code < 300
        assert (await api.act("calendar.give", body)).status_code < 300
        await known(api.rig)
        found = await asked(api, secret)
        assert (found.status_code, found.headers["content-type"].partition(";")[0]) == (200, "text/calendar")
        assert "no-store" in found.headers["cache-control"]
        assert any("A-1" in str(each["summary"]) for each in Calendar.from_ical(found.content).walk("VEVENT"))
        unknown = await asked(api, new_secret(api.authority))
        revoking = {"role": "qa_team", "person": "P-AUD"}
        assert (await api.act("calendar.revoke", revoking)).status_code < 300
        revoked = await asked(api, secret)
    told = [{name: held for name, held in each.json().items() if name != "instance"} for each in (unknown, revoked)]
    assert unknown.status_code == revoked.status_code == 404
    assert told[0] == told[1]
    written = capsys.readouterr()
    assert secret.partition(".")[2] not in written.out + written.err


async def test_it_is_not_asked_for_without_end(single_store: Store, tmp_path: Path) -> None:
    """Guesses from one address and readings of one calendar have the rate of a caller; others are not held up."""
    with api_of(single_store, tmp_path, api_burst=3, api_rate=0.001) as api:
        secret = new_secret(api.authority)
        given = await api.act("calendar.give", {"role": "qa_team", "person": "P-AUD", "secret": hashed(secret)})
        assert given.status_code == 200
        async with api.rig.workers(*VIEWS):
            await known(api.rig)
        found = [(await asked(api, secret, f"192.0.2.{n}")) for n in range(5)]
        assert [each.status_code for each in found] == [200] * 3 + [429] * 2
        assert int(found[-1].headers["Retry-After"]) > 1
        guessed = [(await asked(api, new_secret(api.authority), "198.51.100.1")).status_code for _ in range(5)]
        assert guessed == [404] * 3 + [429] * 2
        assert (await asked(api, new_secret(api.authority), "198.51.100.2")).status_code == 404
