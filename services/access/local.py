"""The issuer of the embedded default: a key in the data folder, for whoever may read that folder.

It makes a first try possible without an identity provider, and nothing else: whoever can read the key can be anybody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Self

from joserfc import jwt
from joserfc.jwk import ECKey, Key

from events.errors import SettingsError, Unauthenticated
from services.access.claims import Claims, Named
from services.private import make_private, make_secret, read_secret
from services.settings import Settings

KEY_FILE = "issuer.key"
NAMED = "the local issuer's key"

LONGEST = timedelta(days=31)
"""How long a token may be good. Nobody can take one back but by removing the key, and with it all."""


@dataclass(frozen=True, slots=True)
class LocalIssuer:
    """Signs tokens, and tells its own from others."""

    ISSUER: ClassVar = "urn:sightline:local"
    AUDIENCE: ClassVar = "sightline"
    ALGORITHM: ClassVar = "ES256"
    CLAIMS: ClassVar = Claims(Named("sub"), Named("authority"))

    private: ECKey

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The issuer of the data folder, whose key is made at the first use. A repeat reads it.

        SettingsError where the settings name a real issuer, or the installation is not the embedded default; and for
        a key that cannot be read, or that others may read.
        """
        if settings.oidc_issuer is not None:
            raise SettingsError("setting SIGHTLINE_OIDC_ISSUER: names who issues tokens; there is no local issuer")
        if not settings.embedded:
            raise SettingsError(
                "setting SIGHTLINE_OIDC_ISSUER: needed where server or database are not the embedded ones; the local "
                "issuer serves those alone"
            )
        make_private(settings.data)
        file = settings.data / KEY_FILE
        make_secret(file, NAMED, lambda: ECKey.generate_key("P-256").as_pem(private=True))
        try:
            return cls(ECKey.import_key(read_secret(file, NAMED)))
        except ValueError as error:
            raise SettingsError(f"{NAMED}: {file} holds no key; remove it to have another made") from error

    def key(self, kid: str | None, algorithm: str) -> Key:
        """Its one key. Unauthenticated for a token of another one, such as of a key that was removed."""
        if algorithm != self.ALGORITHM or kid != self.private.thumbprint():
            raise Unauthenticated("it was signed with no key of this installation")
        return self.private

    def token(self, person: str, authorities: frozenset[str], now: datetime, lasting: timedelta) -> str:
        """A token by which the person is known in these authorities until it expires."""
        claims = {
            "iss": self.ISSUER,
            "aud": self.AUDIENCE,
            "sub": person,
            "authority": sorted(authorities),
            "nbf": int(now.timestamp()),
            "iat": int(now.timestamp()),
            "exp": int((now + lasting).timestamp()),
        }
        return jwt.encode({"alg": self.ALGORITHM, "kid": self.private.thumbprint()}, claims, self.private)
