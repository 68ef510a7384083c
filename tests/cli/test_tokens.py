"""`sightline token`: whoever runs the embedded default gets a token, and nobody else does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from events.errors import TokenExpired
from services.access import TokenReader
from services.settings import Settings
from tests.cli.program import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(Settings(data=tmp_path / "data"))


def test_a_token_is_printed(program: Program) -> None:
    """One line, by which the person is known in the authorities that were named, for as long as was said."""
    said = program.run("token", "P-7", "--authority", "torbay", "--authority", "halton", "--for", "30m")
    assert said.code == 0
    assert said.out.count("\n") == 1
    now, reader = datetime.now(UTC), TokenReader.of(program.settings)
    caller = reader.caller(said.out.strip(), now)
    assert (caller.person, caller.authorities, caller.roles) == ("P-7", frozenset({"torbay", "halton"}), None)
    reader.caller(said.out.strip(), now + timedelta(minutes=29))
    with pytest.raises(TokenExpired):
        reader.caller(said.out.strip(), now + timedelta(minutes=31))


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("P 7", "--authority", "torbay"), "person"),
        (("sightline", "--authority", "torbay"), "person"),
        (("P-7", "--authority", "nowhere"), "authority"),
        (("P-7",), "authority"),
        (("P-7", "--authority", "torbay", "--for", "32d"), "for"),
        (("P-7", "--authority", "torbay", "--for", "soon"), "for"),
        (("P-7", "--authority", "torbay", "--for", "0h"), "for"),
    ],
)
def test_what_no_token_is_made_for(program: Program, arguments: tuple[str, ...], field: str) -> None:
    """A name that nobody acts under, an unknown council, or a span beyond a month: refused by name, and no key made."""
    assert field in program.run("token", *arguments).mistake()
    assert not (program.settings.data / "issuer.key").exists()


def test_elsewhere_there_is_none(program: Program) -> None:
    """With a server, a database or an issuer of others, no token is made here."""
    for elsewhere in (
        {"SIGHTLINE_NATS": "nats://127.0.0.1:1"},
        {"SIGHTLINE_DATABASE": "postgresql://127.0.0.1/x"},
        {"SIGHTLINE_OIDC_ISSUER": "https://id.example.org", "SIGHTLINE_OIDC_AUDIENCE": "sightline"},
    ):
        said = program.run("token", "P-7", "--authority", "torbay", **elsewhere)
        assert "SIGHTLINE_OIDC_ISSUER" in said.mistake()
