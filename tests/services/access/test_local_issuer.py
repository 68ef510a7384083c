"""The local issuer: tokens of the embedded default, refused wherever a real issuer or another server is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from events.errors import SettingsError, TokenExpired, Unauthenticated
from services.access import Caller, TokenReader
from services.access.local import KEY_FILE, LocalIssuer
from services.settings import Settings, read_settings

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TORBAY = frozenset({"torbay"})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data=tmp_path / "data")


def test_a_token_tells_who(settings: Settings) -> None:
    """Whoever reads the same data folder knows the person and the authorities; roles are the directory's."""
    token = LocalIssuer.of(settings).token("P-1", TORBAY, NOW, HOUR)
    assert TokenReader.of(settings).caller(token, NOW) == Caller("P-1", TORBAY, None, LocalIssuer.ISSUER)


def test_a_token_ends(settings: Settings) -> None:
    """It is good from its first second to the one before its end."""
    token, reader = LocalIssuer.of(settings).token("P-1", TORBAY, NOW, HOUR), TokenReader.of(settings)
    reader.caller(token, NOW + HOUR - timedelta(seconds=1))
    with pytest.raises(TokenExpired):
        reader.caller(token, NOW + HOUR)
    with pytest.raises(Unauthenticated, match="not valid yet"):
        reader.caller(token, NOW - timedelta(seconds=1))


def test_a_token_of_another_installation_is_none(settings: Settings, tmp_path: Path) -> None:
    """Another folder has another key; with the key of this one gone, its tokens are good no more."""
    elsewhere = LocalIssuer.of(settings.model_copy(update={"data": tmp_path / "other"}))
    for key in (elsewhere, replace(elsewhere, private=ECKey.generate_key("P-256"))):
        with pytest.raises(Unauthenticated, match="no key of this installation"):
            TokenReader.of(settings).caller(key.token("P-1", TORBAY, NOW, HOUR), NOW)
    token = LocalIssuer.of(settings).token("P-1", TORBAY, NOW, HOUR)
    (settings.data / KEY_FILE).unlink()
    with pytest.raises(Unauthenticated, match="no key of this installation"):
        TokenReader.of(settings).caller(token, NOW)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"nats": "nats://nats.example.org:4222"},
        {"database": "postgresql://db.example.org/sightline"},
        {"oidc_issuer": "https://id.example.org", "oidc_audience": "sightline"},
    ],
)
def test_there_is_none_but_on_the_embedded_default(settings: Settings, elsewhere: dict[str, str]) -> None:
    """Where settings name an issuer, a server or a database, nobody gets a token by reading a folder."""
    with pytest.raises(SettingsError, match="SIGHTLINE_OIDC_ISSUER"):
        LocalIssuer.of(settings.model_copy(update=elsewhere))
    assert not (settings.data / KEY_FILE).exists()


def test_the_key_is_private(settings: Settings) -> None:
    """The file is its owner's alone, and one that others may read is refused."""
    LocalIssuer.of(settings)
    file = settings.data / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="0640"):
        TokenReader.of(settings)
    file.chmod(0o600)
    file.write_text("no key")
    with pytest.raises(SettingsError, match="holds no key"):
        TokenReader.of(settings)
