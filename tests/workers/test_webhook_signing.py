"""The signature holds at any time of the year, whatever zone the clock that was asked shows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook

from services.webhooks.decisions import new_secret
from workers.webhooks.posting import headers_of


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/London"), ZoneInfo("Asia/Tokyo")])
def test_what_is_signed_is_the_instant(zone: ZoneInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    """An instant of a summer day in England is signed as what the header says, and a receiver takes it."""
    at = datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC).astimezone(zone)
    secret, body = new_secret(), b'{"id":"m-1"}'
    headers = headers_of([secret], "m-1", body, at)
    assert headers["webhook-timestamp"] == str(int(at.timestamp()))
    expected = Webhook(secret).sign("m-1", datetime.fromtimestamp(int(at.timestamp()), UTC), body.decode())
    assert headers["webhook-signature"] == expected

    class Then(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003 - it asks in one way alone
            return at.astimezone(UTC)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Then)
    assert Webhook(secret).verify(body, headers) == {"id": "m-1"}
