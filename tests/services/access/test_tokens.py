"""Tokens of an issuer: what is forged, late, early, meant for others, unsigned or unfit is refused, and says why."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from events.errors import SettingsError, TokenExpired, Unauthenticated
from services.access import Caller, TokenReader
from services.access.tokens import LONGEST
from services.settings import read_settings
from tests.issuers import Issuer, issuing

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECRET = "very-secret-word"  # noqa: S105 - what must show in no reason


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture(scope="module")
def reader(issuer: Issuer) -> TokenReader:
    return TokenReader.of(issuer.settings())


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def refused(reader: TokenReader, token: str, at: datetime = NOW) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as error:
        reader.caller(token, at)
    reason = str(error.value)
    assert SECRET not in reason
    assert "\n" not in reason
    assert not any(len(part) > 12 and part in reason for part in token.split("."))
    return error.value


def unsigned(token: str, header: dict[str, Any]) -> str:
    """The claims of a token under another header, without a signature."""
    said = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{said}.{token.split('.')[1]}."


def test_a_good_token_tells_who(issuer: Issuer, reader: TokenReader) -> None:
    """The person and the authority are the claims'; what tells nothing of roles leaves them to the directory."""
    caller = reader.caller(issuer.token(NOW), NOW)
    assert caller == Caller("P-QA", frozenset({"torbay"}), None, issuer.url)


def test_the_clocks_may_differ_a_little(issuer: Issuer, reader: TokenReader) -> None:
    """The skew that is set holds at both ends, and not a second more."""
    token = issuer.token(NOW)
    end = NOW + timedelta(hours=1)
    for at in (NOW - MINUTE, end + MINUTE - timedelta(seconds=1)):
        reader.caller(token, at)
    assert isinstance(refused(reader, token, end + MINUTE), TokenExpired)
    assert "not valid yet" in str(refused(reader, token, NOW - MINUTE - timedelta(seconds=1)))
    strict = TokenReader.of(issuer.settings(oidc_skew=timedelta()))
    assert isinstance(refused(strict, token, end), TokenExpired)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://id.example.org"}, "another issuer"),
        ({"iss": None}, "no claim iss"),
        ({"iss": [1]}, "another issuer"),
        ({"aud": "api://other"}, "another audience"),
        ({"aud": ["api://other"]}, "another audience"),
        ({"aud": None}, "no claim aud"),
        ({"exp": None}, "no claim exp"),
        ({"exp": "tomorrow"}, "its end is not a time"),
        ({"exp": float("nan")}, "its end is not a time"),
        ({"exp": True}, "its end is not a time"),
        ({"iat": seconds(NOW + 2 * MINUTE)}, "in the future"),
        ({"nbf": seconds(NOW + 2 * MINUTE)}, "not valid yet"),
        ({"sub": None}, "no claim sub"),
        ({"sub": f"{SECRET} one"}, "one person"),
        ({"sub": ["P-1", "P-2"]}, "unfit (sub)"),
        ({"sub": 7}, "unfit (sub)"),
        ({"sub": "sightline"}, "one person"),
        ({"sub": "Importer"}, "one person"),
        ({"sub": "P-1\n"}, "one person"),
        ({"authority": None}, "no claim authority"),
        ({"authority": "Not One"}, "names no authority"),
        ({"authority": []}, "names no authority"),
        ({"authority": {"torbay": True}}, "a word"),
    ],
)
def test_claims_that_do_not_hold(issuer: Issuer, reader: TokenReader, claims: dict[str, Any], reason: str) -> None:
    """Each claim that is missing, another's or unfit is refused by its name, and nothing of the token is told."""
    assert reason in str(refused(reader, issuer.token(NOW, **claims)))


def test_an_audience_among_several(issuer: Issuer, reader: TokenReader) -> None:
    """A token may be meant for others as well."""
    reader.caller(issuer.token(NOW, aud=["api://other", "api://sightline"]), NOW)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "RS512", "ES256", "", None, 7, ["RS256"]])
def test_only_the_algorithms_that_are_set(issuer: Issuer, reader: TokenReader, algorithm: Any) -> None:
    """Unsigned, signed with a shared secret, or otherwise than the settings say: all of it is refused unread."""
    token = unsigned(issuer.token(NOW), {"alg": algorithm, "kid": issuer.keys[-1].kid, "typ": "JWT"})
    assert "not signed with RS256" in str(refused(reader, token))


def test_the_public_key_is_no_secret(issuer: Issuer, reader: TokenReader) -> None:
    """HS256 with the public key as the secret, in each form that it is handed out in, signs nothing."""
    key = issuer.keys[-1]
    for secret in (key.as_pem(private=False), key.as_der(private=False), json.dumps(key.as_dict(private=False))):
        token = unsigned(issuer.token(NOW), {"alg": "HS256", "kid": key.kid, "typ": "JWT"})
        signed = token.rstrip(".").encode()
        shared = hmac.digest(secret.encode() if isinstance(secret, str) else secret, signed, "sha256")
        signature = base64.urlsafe_b64encode(shared).rstrip(b"=").decode()
        assert "not signed with RS256" in str(refused(reader, f"{token}{signature}"))


def test_forged(issuer: Issuer, reader: TokenReader) -> None:
    """Another's key under the id of the issuer's, or claims changed after signing, do not hold."""
    own = RSAKey.generate_key(2048, {"kid": str(issuer.keys[-1].kid)})
    assert "signature" in str(refused(reader, issuer.token(NOW, own)))
    header, _, signature = issuer.token(NOW).split(".")
    claims = issuer.token(NOW, sub="P-DIR").split(".")[1]
    assert "signature" in str(refused(reader, f"{header}.{claims}.{signature}"))
    assert "signature" in str(refused(reader, f"{header}.{claims}."))


def test_a_key_that_comes_with_the_token_is_none(issuer: Issuer, reader: TokenReader) -> None:
    """A key, or an address of keys, in the header is not looked at."""
    own = RSAKey.generate_key(2048)
    for header in ({"jwk": own.as_dict(private=False)}, {"jku": f"{issuer.url}/own"}):
        token = issuer.token(NOW, own, {"kid": issuer.keys[-1].kid, **header})
        assert "signature" in str(refused(reader, token))


@pytest.mark.parametrize("kind", ["logout+jwt", "secevent+jwt", "dpop+jwt", "", 7, None])
def test_a_token_for_another_use(issuer: Issuer, reader: TokenReader, kind: Any) -> None:
    """What says that it is something else than a token for access is refused."""
    token = unsigned(issuer.token(NOW), {"alg": "RS256", "kid": issuer.keys[-1].kid, "typ": kind})
    assert "type" in str(refused(reader, token))


def test_a_token_for_access_may_say_so(issuer: Issuer, reader: TokenReader) -> None:
    """The types of tokens for access are taken however they are written."""
    for kind in ("JWT", "jwt", "at+jwt", "application/at+JWT"):
        reader.caller(issuer.token(NOW, header={"typ": kind}), NOW)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "a.b.c",
        "é.b.c",
        "\ud800.b.c",
        "bnVsbA.e30.",
        "W10.e30.",
        "x" * (LONGEST + 1),
        f"{base64.urlsafe_b64encode(b'[' * 9000).decode()}.e30.AA",
        f"{base64.urlsafe_b64encode(b'1' * 9000).decode()}.e30.AA",
    ],
    ids=str.__len__,
)
def test_what_is_no_token(reader: TokenReader, token: str) -> None:
    """Whatever comes in place of a token is refused as one."""
    refused(reader, token)


def test_a_huge_or_deep_token(issuer: Issuer, reader: TokenReader) -> None:
    """One that is signed well is refused for its length; depth breaks nothing."""
    assert "longer than" in str(refused(reader, issuer.token(NOW, more="x" * LONGEST)))
    deep = base64.urlsafe_b64encode(b"[" * 9000).decode().rstrip("=")
    header = issuer.token(NOW).split(".")[0]
    refused(reader, f"{header}.{deep}.AA")


def test_a_header_that_asks_for_what_nobody_knows(issuer: Issuer, reader: TokenReader) -> None:
    """Words of a header that are not known are passed over, but for one that must be understood."""
    lax = JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    key = issuer.keys[-1]
    claims = jwt.decode(issuer.token(NOW), key).claims
    reader.caller(jwt.encode({"alg": "RS256", "kid": key.kid, "nonce": "n"}, claims, key, registry=lax), NOW)
    token = unsigned(issuer.token(NOW), {"alg": "RS256", "kid": issuer.keys[-1].kid, "crit": ["exp"], "exp": 1})
    assert "signature" in str(refused(reader, token))


@pytest.mark.parametrize(
    ("named", "claims", "person", "authorities", "roles"),
    [
        (
            {"oidc_person_claim": "oid", "oidc_roles_claim": "roles"},
            {"oid": "0b3c0c1e-1a5b-4c5e-9e0a-1c2d3e4f5a6b", "roles": ["qa_team", "auditor"]},
            "0b3c0c1e-1a5b-4c5e-9e0a-1c2d3e4f5a6b",
            {"torbay"},
            {"qa_team", "auditor"},
        ),
        (
            {
                "oidc_authority_claim": "roles",
                "oidc_authority_prefix": "council.",
                "oidc_roles_claim": "roles",
                "oidc_roles_prefix": "role.",
            },
            {"roles": ["council.torbay", "council.halton", "role.auditor", "Other.Thing", "council."]},
            "P-QA",
            {"torbay", "halton"},
            {"auditor"},
        ),
        (
            {"oidc_roles_claim": "resource_access.sightline.roles"},
            {"resource_access": {"sightline": {"roles": ["auditor"]}}},
            "P-QA",
            {"torbay"},
            {"auditor"},
        ),
        (
            {"oidc_roles_claim": "https://sightline.example.org/roles"},
            {"https://sightline.example.org/roles": "auditor"},
            "P-QA",
            {"torbay"},
            {"auditor"},
        ),
        ({"oidc_person_prefix": "auth0|"}, {"sub": "auth0|P-7"}, "P-7", {"torbay"}, None),
        ({"oidc_roles_claim": "roles"}, {"roles": []}, "P-QA", {"torbay"}, set()),
    ],
)
def test_claims_are_read_as_the_settings_say(
    issuer: Issuer, named: dict[str, str], claims: Any, person: str, authorities: set[str], roles: set[str] | None
) -> None:
    """By name, by a way with dots, or by a prefix: person, authorities and roles are those of the claims."""
    reader = TokenReader.of(issuer.settings(**named))
    caller = reader.caller(issuer.token(NOW, **claims), NOW)
    assert (caller.person, set(caller.authorities)) == (person, authorities)
    assert (None if caller.roles is None else set(caller.roles)) == roles


def test_a_token_that_should_tell_roles_and_does_not(issuer: Issuer) -> None:
    """Where the settings name a claim of roles, a token without it is refused: nobody may do more for saying less."""
    reader = TokenReader.of(issuer.settings(oidc_roles_claim="roles"))
    assert "no claim roles" in str(refused(reader, issuer.token(NOW)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_issuer": "http://id.example.org"},
        {"oidc_issuer": "ftp://id.example.org"},
        {"oidc_issuer": "id.example.org"},
        {"oidc_keys": "http://id.example.org/keys"},
        {"oidc_audience": ""},
        {"oidc_algorithms": "HS256"},
        {"oidc_algorithms": "none"},
        {"oidc_algorithms": "RS256,none"},
        {"oidc_algorithms": ""},
        {"oidc_skew": "3600"},
        {"oidc_skew": "-1"},
    ],
)
def test_settings_that_would_open_a_door(wrong: dict[str, str]) -> None:
    """An address that others may answer for, an algorithm without a private key, or a skew of hours are refused."""
    with pytest.raises(SettingsError, match=next(iter(wrong)).upper()):
        read_settings(**{"oidc_issuer": "https://id.example.org", "oidc_audience": "sightline", **wrong})


def test_an_issuer_without_an_audience() -> None:
    """An issuer signs for many: without saying who is meant, nobody is known."""
    with pytest.raises(SettingsError, match="SIGHTLINE_OIDC_AUDIENCE"):
        read_settings(oidc_issuer="https://id.example.org")


def test_algorithms_come_as_words_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable holds several, as it holds one."""
    monkeypatch.setenv("SIGHTLINE_OIDC_ALGORITHMS", "RS256, ES256")
    assert read_settings().oidc_algorithms == ("RS256", "ES256")
