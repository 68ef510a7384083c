"""What is remembered of a token: that its signature holds, as long as the key is the same, and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from events.errors import TokenExpired, Unauthenticated
from services.access import TokenReader
from services.access.claims import Claims
from tests.issuers import AUDIENCE, Issuer, issuing

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


def test_a_signature_is_worked_out_once_for_a_key(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that is shown again costs no signature; with another key under the same id, it does, and is refused."""
    held = [issuer.keys[-1]]
    decode, worked_out = jwt.decode, []

    def counted(token: str, *args: Any, **kwargs: Any) -> Any:
        worked_out.append(token)
        return decode(token, *args, **kwargs)

    class Held:
        def key(self, kid: str | None, algorithm: str) -> Any:
            assert (kid, algorithm) == (issuer.keys[-1].kid, "RS256")
            return held[0]

    monkeypatch.setattr("services.access.tokens.jwt.decode", counted)
    monkeypatch.setattr("services.access.tokens.REMEMBERED", 2)
    reader = TokenReader(issuer.url, AUDIENCE, Held(), Claims.of(issuer.settings()), ("RS256",))
    token = issuer.token(NOW)
    assert [reader.caller(token, NOW).person for _ in range(3)] == ["P-QA"] * 3
    assert worked_out == [token]
    with pytest.raises(TokenExpired):
        reader.caller(token, NOW + timedelta(hours=2))
    others = [issuer.token(NOW, sub=f"P-{number}") for number in range(3)]
    assert [reader.caller(each, NOW).person for each in others] == ["P-0", "P-1", "P-2"]
    assert reader.caller(token, NOW).person == "P-QA"
    assert worked_out == [token, *others, token], "no more are remembered than may be"
    held[0] = RSAKey.generate_key(2048)
    with pytest.raises(Unauthenticated, match="signature does not hold"):
        reader.caller(token, NOW)
