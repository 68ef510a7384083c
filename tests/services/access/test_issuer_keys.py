"""The keys of an issuer: rotated, removed, unknown, or not to be had because it hangs, fails or answers nonsense."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from events.errors import IssuerUnavailable, Unauthenticated
from services.access import issuer_keys
from services.access.claims import Claims
from services.access.issuer_keys import FLOOR, LIFE, STALE, IssuerKeys
from services.access.tokens import TokenReader
from tests.issuers import AUDIENCE, Issuer, issuing

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Ticking:
    """A clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def reader(issuer: Issuer, clock: Ticking) -> TokenReader:
    claims = Claims.of(issuer.settings())
    keys = IssuerKeys(issuer.url, monotonic=clock)
    return TokenReader(issuer.url, AUDIENCE, keys, claims, ("RS256", "ES256"))


def known(reader: TokenReader, token: str) -> str:
    return reader.caller(token, NOW).person


def test_keys_are_fetched_once(issuer: Issuer, reader: TokenReader) -> None:
    """Nothing is asked before the first token, and one answer serves the next ones."""
    assert issuer.asked == 0
    for _ in range(3):
        assert known(reader, issuer.token(NOW)) == "P-QA"
    assert issuer.asked == 1


def test_a_new_key_is_found_and_a_removed_one_refused(issuer: Issuer, reader: TokenReader, clock: Ticking) -> None:
    """A token of a key that is not known has the keys fetched; one of a key that is gone is refused from then on."""
    old = issuer.token(NOW)
    known(reader, old)
    clock.now += FLOOR
    issuer.rotate()
    assert known(reader, issuer.token(NOW)) == "P-QA"
    assert known(reader, old) == "P-QA"  # both are published
    clock.now += FLOOR
    issuer.rotate(keep=False)
    known(reader, issuer.token(NOW))
    with pytest.raises(Unauthenticated, match="no such key"):
        known(reader, old)


def test_a_removed_key_is_refused_without_a_new_one(issuer: Issuer, reader: TokenReader, clock: Ticking) -> None:
    """A key that the issuer takes back is refused once what is held has had its time, whoever asks."""
    token = issuer.token(NOW)
    known(reader, token)
    issuer.keys = [RSAKey.generate_key(2048, auto_kid=True)]
    clock.now += LIFE
    assert known(reader, token) == "P-QA"
    clock.now += 1
    with pytest.raises(Unauthenticated, match="no such key"):
        known(reader, token)


def test_made_up_keys_do_not_make_us_ask(issuer: Issuer, reader: TokenReader, clock: Ticking) -> None:
    """However many unknown keys are named, the issuer is asked once in a while and no more."""
    known(reader, issuer.token(NOW))
    stranger = RSAKey.generate_key(2048)
    for number in range(20):
        with pytest.raises(Unauthenticated, match="no such key"):
            known(reader, issuer.token(NOW, stranger, {"kid": f"made-up-{number}"}))
    assert issuer.asked == 1
    clock.now += FLOOR
    for number in range(20):
        with pytest.raises(Unauthenticated):
            known(reader, issuer.token(NOW, stranger, {"kid": f"made-up-{number}"}))
    assert issuer.asked == 2


def test_a_token_that_names_no_key(issuer: Issuer, reader: TokenReader, clock: Ticking) -> None:
    """The only key of its kind is meant; among several nobody guesses."""
    token = issuer.token(NOW, header={"kid": None})
    assert known(reader, token) == "P-QA"
    clock.now += LIFE + 1
    issuer.keys.insert(0, ECKey.generate_key("P-256", auto_kid=True))
    assert known(reader, token) == "P-QA"
    clock.now += LIFE + 1
    issuer.rotate()
    with pytest.raises(Unauthenticated, match="no such key"):
        known(reader, issuer.token(NOW, header={"kid": None}))


def test_a_key_signs_with_its_own_algorithm(issuer: Issuer, reader: TokenReader) -> None:
    """A key of another kind, or that the issuer keeps for another algorithm, verifies nothing."""
    rsa = issuer.keys[0]
    curve = ECKey.generate_key("P-256", auto_kid=True)
    issuer.keys.append(curve)
    assert known(reader, issuer.token(NOW, curve, {"alg": "ES256"})) == "P-QA"
    for algorithm, kid in (("ES256", rsa.kid), ("RS256", curve.kid)):
        key = curve if algorithm == "ES256" else rsa
        with pytest.raises(Unauthenticated, match="no such key"):
            known(reader, issuer.token(NOW, key, {"alg": algorithm, "kid": kid}))


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"failed"),
        (404, b"none"),
        (302, b"elsewhere"),
        (200, b"no json"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"keys": {}}'),
        (200, b'{"keys": []}'),
        (200, b'{"keys": [7, null, {}, {"kty": "RSA"}, {"kty": "RSA", "n": 1, "e": []}, {"kty": "XX"}]}'),
        (200, json.dumps({"keys": [OctKey.import_key(b"s" * 32).as_dict(private=True)]}).encode()),
        (200, b"[" * 100_000),
        (200, b" " * 1_000_001),
    ],
    ids=lambda answer: f"{answer[0]}-{answer[1][:24]!r}",
)
def test_an_issuer_that_fails(issuer: Issuer, reader: TokenReader, clock: Ticking, answer: tuple[int, bytes]) -> None:
    """Without keys no token can be judged, which is nobody's fault but the issuer's; with keys, those go on."""
    token = issuer.token(NOW)
    issuer.answer = answer
    with pytest.raises(IssuerUnavailable):
        known(reader, token)
    with pytest.raises(IssuerUnavailable):
        known(reader, token)
    assert issuer.asked == 1  # it is not pressed
    issuer.answer = (200, b"")
    clock.now += FLOOR
    assert known(reader, token) == "P-QA"
    issuer.answer = answer
    clock.now += STALE
    assert known(reader, token) == "P-QA"
    clock.now += FLOOR
    with pytest.raises(IssuerUnavailable):
        known(reader, token)


def test_keys_that_are_unfit_cost_no_others(issuer: Issuer, reader: TokenReader) -> None:
    """A key for encryption, a broken one and a shared secret are left out, and the one that signs is used."""
    good = issuer.keys[0].as_dict(private=False)
    unfit: list[Any] = [
        {**RSAKey.generate_key(2048).as_dict(private=False), "kid": good["kid"], "use": "enc"},
        {"kty": "RSA", "kid": good["kid"], "n": "!", "e": "!"},
        {"kty": "oct", "kid": good["kid"], "k": "c2VjcmV0"},
    ]
    issuer.answer = (200, json.dumps({"keys": [*unfit, good]}).encode())
    assert known(reader, issuer.token(NOW)) == "P-QA"


@pytest.mark.parametrize(
    "told", [{"issuer": "https://id.example.org"}, {"jwks_uri": None}, {"jwks_uri": "http://keys.example.org/"}]
)
def test_a_discovery_document_that_is_not_the_issuers(issuer: Issuer, reader: TokenReader, told: Any) -> None:
    """One that speaks for another issuer, or leads to an address that anybody could answer for, is not followed."""
    issuer.discovery |= told
    with pytest.raises(IssuerUnavailable):
        known(reader, issuer.token(NOW))
    assert issuer.asked == 0


def test_an_issuer_that_hangs(issuer: Issuer, reader: TokenReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks meanwhile waits for one fetch, which ends in time, and then is told."""
    monkeypatch.setattr(issuer_keys, "DEADLINE", 2.0)
    token, issuer.answer = issuer.token(NOW), None

    def told(_: int) -> float:
        began = time.monotonic()
        with pytest.raises(IssuerUnavailable):
            known(reader, token)
        return time.monotonic() - began

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(told, range(8))) < 8 * 2.0  # one fetch for all of them, not one after the other
    assert issuer.asked <= 1
