"""Who asks: the caller of the bearer token, and whether they may see the views of an authority."""

from starlette.requests import Request

from events.errors import Unauthenticated
from services.access.caller import Caller
from workers.doors.bearer import REALM, Tokens, bearer_token
from workers.doors.office import Office
from workers.doors.problems import UNAUTHENTICATED, Stopped
from workers.doors.rates import Buckets


class Reception:
    """Who stands at the door: asked at the beginning of each request, and nowhere else.

    `Stopped` with the kind UNAUTHENTICATED, and what to bring instead, where nobody knows who asks; Forbidden for
    another authority than the token's; TOO_MANY for who asks too often, and for an address that keeps guessing.
    """

    def __init__(self, office: Office, tokens: Tokens, buckets: Buckets) -> None:
        self._office = office
        self._tokens = tokens
        self._buckets = buckets

    async def caller(self, request: Request) -> Caller:
        """The caller of this request, who is known in the authority of its path."""
        self._buckets.require_room(_address(request))
        try:
            caller = await self._known(request)
        except Unauthenticated as error:
            self._buckets.take(_address(request))
            told = f'{REALM}, error="invalid_token"'
            raise Stopped(UNAUTHENTICATED, str(error), headers={"WWW-Authenticate": told}) from error
        self._buckets.take(f"person {caller.known_by} {caller.person}")
        caller.require_authority(request.path_params["authority"])
        return caller

    async def reader(self, request: Request) -> Caller:
        """The caller, who holds a post in the authority today: whoever does may see its views, without the texts."""
        caller = await self.caller(request)
        await self._office.require_in_post(request.path_params["authority"], caller.person)
        return caller

    def stranger(self, request: Request, name: str) -> None:
        """Count a request of somebody who brings no token, under what they bring instead. Stopped as by `caller`."""
        self._buckets.require_room(_address(request))
        self._buckets.take(name)

    def guessed(self, request: Request) -> None:
        """Count a guess of the one who asks: what they brought leads nowhere."""
        self._buckets.take(_address(request))

    async def _known(self, request: Request) -> Caller:
        given = request.headers.getlist("authorization")
        token = bearer_token(given[0] if len(given) == 1 else "")
        return await self._office.ask(self._tokens.caller, token, self._office.system.clock())


def _address(request: Request) -> str:
    """Whose guesses are counted together."""
    return f"address {request.client.host if request.client else '-'}"
