"""The token that a caller brings, as every door takes it."""

from datetime import datetime
from typing import Protocol

from events.errors import SettingsError
from services.access import TokenReader
from services.access.caller import Caller
from services.log import Log
from services.settings import Settings
from workers.doors.problems import UNAUTHENTICATED, Stopped

REALM = 'Bearer realm="sightline"'
LONGEST_TOKEN = 16_384

log = Log(__name__)


class Tokens(Protocol):
    """Who knows the caller of a token: `services.access.TokenReader` is one."""

    def caller(self, token: str, now: datetime) -> Caller:
        """Whom the token names at that moment. Unauthenticated for one that is not good."""
        ...


def tokens_of(settings: Settings, door: str) -> TokenReader | None:
    """Who knows callers by their tokens; None, said in the log, where the settings let nobody be known."""
    try:
        return TokenReader.of(settings)
    except SettingsError as error:
        log.error("the door stays shut", door=door, reason=str(error))  # noqa: TRY400 - one line says it all
        return None


def bearer_token(authorization: str) -> str:
    """The token of an Authorization header. Stopped, saying what to bring, where it holds none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > LONGEST_TOKEN:
        rule = "an Authorization header with one bearer token is needed"
        raise Stopped(UNAUTHENTICATED, rule, headers={"WWW-Authenticate": REALM})
    return token.strip()
