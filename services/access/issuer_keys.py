"""The keys of an issuer: fetched when they are needed, kept for a while, and asked for anew when one is not known.

A token names the key that signed it, and anybody can write a name: so an unknown one has the keys fetched at most once
in `FLOOR`, and what the issuer does not give any more is refused `LIFE` later at the latest.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from events.errors import IssuerUnavailable, Unauthenticated
from services.log import Log
from services.settings import guarded

if TYPE_CHECKING:
    import httpx

DISCOVERY = "/.well-known/openid-configuration"

LIFE = 15 * 60.0
"""Seconds for which keys are used before they are asked for again."""

STALE = 6 * 3600.0
"""Seconds for which keys go on being used while the issuer cannot be reached."""

FLOOR = 30.0
"""Seconds between two fetches, whatever was asked in between."""

DEADLINE = 5.0
"""Seconds that a fetch may take as a whole."""

LARGEST = 1_000_000
"""Bytes of an answer beyond which it is no set of keys."""

KINDS: Mapping[str, str] = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
"""The kind of key that signs with an algorithm, by how its name begins. A shared secret is none of them."""

log = Log(__name__)


class Held(NamedTuple):
    """Keys, and when they were fetched."""

    keys: tuple[Key, ...]
    at: float


@dataclass(eq=False)
class IssuerKeys:
    """The keys of one issuer, at `address` or where its discovery document says. May be used by many threads.

    Nothing is fetched before the first key is asked for.
    """

    issuer: str
    address: str | None = None
    monotonic: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._held: Held | None = None
        self._tried: float | None = None
        self._lock = threading.Lock()

    def key(self, kid: str | None, algorithm: str) -> Key:
        """The issuer's key of that id, or its only one for a token that names none, which signs with the algorithm.

        Unauthenticated if it has none; IssuerUnavailable if the keys cannot be had, and have not been for long.
        """
        held = self._held
        if held is None or self.monotonic() - held.at > LIFE:
            held = self._fetched(held)
        found = _among(held.keys, kid, algorithm)
        if found is None:
            found = _among(self._fetched(held).keys, kid, algorithm)
        if found is None:
            raise Unauthenticated("the issuer has no such key")
        return found

    def _fetched(self, seen: Held | None) -> Held:
        """The keys as the issuer gives them now, if it was not asked just before; else, those that are held."""
        with self._lock:
            if self._held is seen and self._may_ask():
                self._tried = self.monotonic()
                try:
                    self._held = Held(self._fetch(), self.monotonic())
                except IssuerUnavailable as error:
                    log.warning("issuer_unavailable", reason=str(error))
            held = self._held
        if held is None or self.monotonic() - held.at > STALE:
            raise IssuerUnavailable("the issuer's keys cannot be had; ask again later")
        return held

    def _may_ask(self) -> bool:
        return self._tried is None or self.monotonic() - self._tried >= FLOOR

    def _fetch(self) -> tuple[Key, ...]:
        import httpx  # noqa: PLC0415 - six megabytes, which the issuer of the embedded default needs nothing of

        try:
            given = asyncio.run(asyncio.wait_for(self._asked(), DEADLINE))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError, TimeoutError) as error:
            raise IssuerUnavailable(f"the issuer's keys cannot be had: {type(error).__name__}") from error
        keys = tuple(_usable(given.get("keys")))
        if not keys:
            raise IssuerUnavailable("the issuer's keys cannot be had: it gave none that can be used")
        return keys

    async def _asked(self) -> dict[str, Any]:
        import httpx  # noqa: PLC0415 - as above

        async with httpx.AsyncClient(timeout=DEADLINE, follow_redirects=False) as client:
            return await _answer(client, self.address or await self._discovered(client))

    async def _discovered(self, client: "httpx.AsyncClient") -> str:
        """Where the issuer says that its keys are. ValueError if it speaks for another one, or names no such place."""
        told = await _answer(client, self.issuer.rstrip("/") + DISCOVERY)
        address = told.get("jwks_uri")
        if told.get("issuer") != self.issuer or not isinstance(address, str):
            raise ValueError("the discovery document is another issuer's, or names no keys")
        return guarded(address)


async def _answer(client: "httpx.AsyncClient", address: str) -> dict[str, Any]:
    """The JSON object at the address. HTTPError or ValueError if there is none, or too much of it."""
    body = bytearray()
    async with client.stream("GET", address) as answer:
        answer.raise_for_status()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > LARGEST:
                raise ValueError("the answer is too large")
    return _object(json.loads(body))


def _object(told: Any) -> dict[str, Any]:
    if isinstance(told, dict):
        return told
    raise ValueError("the answer is not a JSON object")


def _usable(given: Any) -> list[Key]:
    """The keys that can verify a signature; what is of another kind, for another use or broken is left out."""
    keys = []
    for each in given if isinstance(given, list) else ():
        if not isinstance(each, dict) or each.get("kty") not in KINDS.values() or each.get("use", "sig") != "sig":
            continue
        try:
            keys.append(JWKRegistry.import_key(each))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            log.warning("issuer_key_unfit", reason=type(error).__name__)
    return keys


def _among(keys: tuple[Key, ...], kid: str | None, algorithm: str) -> Key | None:
    fit = [
        each
        for each in keys
        if each.key_type == KINDS[algorithm[:2]] and each.get("alg", algorithm) == algorithm
        if kid is None or each.kid == kid
    ]
    return fit[0] if len(fit) == 1 or (fit and kid is not None) else None
