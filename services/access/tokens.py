"""Reading bearer tokens: whose they are, that the issuer signed them, and that they are meant for us, now."""

import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, Protocol, Self

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry

from events.errors import TokenExpired, Unauthenticated
from services.access.caller import Caller
from services.access.claims import Claims
from services.access.issuer_keys import IssuerKeys
from services.access.local import LocalIssuer
from services.settings import Settings

LONGEST = 16_384
"""Characters of a token. One with a person's two hundred groups has half of that."""

TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""What a token may say that it is. It need not say it; what says something else was issued for another use."""

PARTS = 3

REMEMBERED = 1_000
"""Tokens whose signature need not be worked out again, by their hash: the oldest is forgotten first."""


class Keys(Protocol):
    """Where the issuer's keys are found."""

    def key(self, kid: str | None, algorithm: str) -> Key:
        """The key of that id which signs so. Unauthenticated if there is none, IssuerUnavailable if nobody can tell."""
        ...


@dataclass(frozen=True, slots=True)
class TokenReader:
    """Tells callers by the tokens of one issuer. May be used by many threads.

    `caller` may have to fetch the issuer's keys first, which takes some seconds at most: not on an event loop.
    """

    issuer: str
    audience: str
    keys: Keys
    claims: Claims
    algorithms: tuple[str, ...]
    skew: timedelta = timedelta()
    _signed: "OrderedDict[bytes, _Signed]" = field(default_factory=OrderedDict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """For the issuer that the settings name; for the local issuer on the embedded default without one.

        Fetches nothing yet. SettingsError where there is neither: nobody could be known.
        """
        if settings.oidc_issuer is not None and settings.oidc_audience is not None:
            return cls(
                issuer=settings.oidc_issuer,
                audience=settings.oidc_audience,
                keys=IssuerKeys(settings.oidc_issuer, settings.oidc_keys),
                claims=Claims.of(settings),
                algorithms=settings.oidc_algorithms,
                skew=settings.oidc_skew,
            )
        local = LocalIssuer.of(settings)
        return cls(local.ISSUER, local.AUDIENCE, local, local.CLAIMS, (local.ALGORITHM,))

    def caller(self, token: str, now: datetime) -> Caller:
        """Who asks with this token. A repeat gives the same, as long as the token is good.

        TokenExpired for one that is too old; Unauthenticated, with a reason that holds nothing of it, for any other
        that is not good; IssuerUnavailable while nobody can tell.
        """
        header = _header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in self.algorithms:
            raise Unauthenticated(f"it is not signed with {' or '.join(self.algorithms)}")
        if not isinstance(header.get("typ", ""), str) or header.get("typ", "JWT").lower() not in TYPES:
            raise Unauthenticated("its type is none of a token for access")
        if kid is not None and not isinstance(kid, str):
            raise Unauthenticated("the id of its key is not a word")
        claims = self._signed_claims(token, self.keys.key(kid, algorithm))
        self._require_for_us(claims, now)
        return self.claims.caller(claims, self.issuer)

    def _signed_claims(self, token: str, key: Key) -> dict[str, Any]:
        """What it says, signed with that key. A signature that held is not worked out again while the key is the same.

        All else is asked each time: whether the issuer still gives the key, and whether the token is for us, now.
        """
        name = sha256(token.encode()).digest()
        known = self._signed.get(name)
        if known is None or known.key is not key:
            known = self._signed[name] = _Signed(key, self._claims(token, key))
            while len(self._signed) > REMEMBERED:
                self._signed.popitem(last=False)
        return known.claims

    def _claims(self, token: str, key: Key) -> dict[str, Any]:
        registry = JWSRegistry(algorithms=self.algorithms, strict_check_header=False)  # further words are not ours
        try:
            return jwt.decode(token, key, registry=registry).claims
        except (JoseError, ValueError, RecursionError) as error:
            raise Unauthenticated(f"its signature does not hold ({type(error).__name__})") from error

    def _require_for_us(self, claims: dict[str, Any], now: datetime) -> None:
        """TokenExpired or Unauthenticated unless it is of our issuer, for our audience, and of this hour."""
        asked = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=int(self.skew.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
        )
        try:
            asked.validate(claims)
        except ExpiredTokenError as error:
            raise TokenExpired("it has expired") from error
        except MissingClaimError as error:
            raise Unauthenticated(f"it has no claim {error.claim}") from error
        except InvalidClaimError as error:
            raise Unauthenticated(f"{REFUSED.get(error.claim, 'a claim is unfit')} ({error.claim})") from error


class _Signed(NamedTuple):
    """What a token says, and the key with which it is signed."""

    key: Key
    claims: dict[str, Any]


REFUSED: Mapping[str, str] = {
    "iss": "it is of another issuer",
    "aud": "it is meant for another audience",
    "exp": "its end is not a time",
    "nbf": "it is not valid yet",
    "iat": "it was issued in the future",
}


def _header(token: str) -> dict[str, Any]:
    """What the token says of itself. Nothing of it is trusted: it picks among what is taken anyway."""
    if len(token) > LONGEST:
        raise Unauthenticated(f"it is longer than {LONGEST} characters")
    parts = token.split(".")
    if len(parts) != PARTS or not token.isascii():
        raise Unauthenticated("it has not the form of a signed token")
    try:
        header = json.loads(urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
    except (NotBase64, ValueError, RecursionError) as error:
        raise Unauthenticated("its header cannot be read") from error
    if not isinstance(header, dict):
        raise Unauthenticated("its header cannot be read")
    return header
