"""Commands by message: an order comes on a subject, with the token of who asks, and is answered to their inbox.

`commands.v1.<authority>.<part>.<act>`, such as `commands.v1.torbay.audit.moderate`; the body is the command, its `id`
among it, the header `Authorization` the bearer token. Whoever gets no answer asks again with the same id. What is
answered is what HTTP answers; a refusal is its problem, with the headers `Nats-Service-Error` and
`Nats-Service-Error-Code`. The server gives each order to one of the copies that run.

Nothing is stored before it is carried out: where no copy runs, whoever asks is told so at once by the server.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from secrets import token_hex
from time import monotonic
from typing import Annotated, Any

import structlog
from faststream import BaseMiddleware, Header, Path
from faststream.nats import NatsBroker, NatsMessage, NatsResponse

from events.errors import Refused, SightlineError, Unauthenticated
from services.access.caller import Caller
from services.log import Log
from workers.doors.bearer import Tokens, bearer_token, tokens_of
from workers.doors.bodies import json_object
from workers.doors.carrying_out import carried_out
from workers.doors.depth import require_depth
from workers.doors.office import Office, open_office
from workers.doors.problems import DEFECT, MEDIA_TYPE, TOO_LARGE, UNAUTHENTICATED, Problem, Stopped
from workers.doors.rates import Buckets
from workers.parts.worker import Worker
from workers.system import System

SUBJECT = "commands.v1.{authority}.{part}.{act}"
COPIES = "sightline"
"""The queue group: each order goes to one of the processes in it."""

AT_ONCE = 32
"""Orders that one process has in hand; further ones wait at the door."""

INBOXES = ("_INBOX.", "_R_.")
"""How the subjects begin to which an answer is sent: an inbox, and what the server makes of it between accounts."""

CODE = "Nats-Service-Error-Code"

ELSEWHERE = ("command", "authority")
"""The fields of a command that stand in the subject."""

log = Log(__name__)


@asynccontextmanager
async def receiving(system: System) -> AsyncIterator[None]:
    """Take orders while the block runs; what is in hand at its end is finished first.

    May run many times at once. Where nobody could be known by the settings, the log says so and no order is taken.
    """
    tokens = tokens_of(system.settings, "receiver")
    if tokens is None:
        yield
        return
    with open_office(system) as office:
        broker = receiver(office, tokens)
        try:
            await broker.start()
            yield
        finally:
            await broker.stop()


def receiver(office: Office, tokens: Tokens) -> NatsBroker:
    """The broker that takes the orders of an office; start it, and stop it."""
    settings = office.system.settings
    buckets = Buckets(settings.api_rate, settings.api_burst)
    broker = office.system.broker(typed=True, middlewares=[_Answered])

    async def known(authorization: str, authority: str) -> Caller:
        token = bearer_token(authorization)
        try:
            caller = await office.ask(tokens.caller, token, office.system.clock())
        except Unauthenticated as error:
            raise Stopped(UNAUTHENTICATED, str(error)) from error
        buckets.take(f"person {caller.known_by} {caller.person}")
        caller.require_authority(authority)
        return caller

    async def read(message: NatsMessage) -> dict[str, Any]:
        if len(message.body) > settings.api_body_bytes:
            raise Stopped(TOO_LARGE, f"at most {settings.api_body_bytes} bytes", field="body")
        require_depth(message.body)
        return json_object(message.body)

    @broker.subscriber(SUBJECT, queue=COPIES, decoder=read, max_workers=AT_ONCE)
    async def order(
        body: dict[str, Any],
        authority: Annotated[str, Path()],
        part: Annotated[str, Path()],
        act: Annotated[str, Path()],
        authorization: Annotated[str, Header("Authorization")] = "",
    ) -> dict[str, Any]:
        caller = await known(authorization, authority)
        for name in ELSEWHERE:
            if name in body:
                raise Refused(name, "stands in the subject; leave it out of the body")
        said = {**body, "command": f"{part}.{act}", "authority": authority}
        return await office.act(carried_out, office, caller, said, id_from="id")

    return broker


class _Answered(BaseMiddleware[Any, Any]):
    """Around each order: what the log says of it, and that every error is answered as a problem, and none is lost."""

    async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> Any:
        """Carry out the order; to a subject that is no inbox nothing is ever sent, and nothing is done for it.

        The server lets whoever asks name the subject of the answer. What we may publish on, they may not.
        """
        structlog.contextvars.clear_contextvars()
        if not msg.reply_to.startswith(INBOXES):
            log.warning("order without an inbox")
            msg.reply_to = ""
            return None
        began, request_id = monotonic(), token_hex(8)
        with structlog.contextvars.bound_contextvars(request=request_id, **msg.path):
            answer = await self._answer(call_next, msg, request_id)
            status = answer.headers.get(CODE, "200") if isinstance(answer, NatsResponse) else "200"
            log.info("order", status=int(status), ms=round((monotonic() - began) * 1000, 1))
            return answer

    async def _answer(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any, request_id: str) -> Any:
        try:
            return await call_next(msg)
        except SightlineError as error:
            return _refused(Problem.of(error), request_id)
        except Exception as error:  # noqa: BLE001 - the last one who can answer
            log.error("order failed", error=type(error).__name__)  # noqa: TRY400 - no text of it: it may name a child
            return _refused(Problem(DEFECT, DEFECT.title), request_id)

    async def after_processed(self, exc_type: Any = None, exc_val: Any = None, exc_tb: Any = None) -> bool:
        """Say in the log that an answer could not be sent; whoever asked will ask again."""
        del exc_val, exc_tb
        if exc_type is not None:
            log.error("order not answered", error=exc_type.__name__)
        return False


def _refused(problem: Problem, request_id: str) -> NatsResponse:
    headers = {
        "content-type": MEDIA_TYPE,
        "Nats-Service-Error": problem.kind.title,
        CODE: str(problem.kind.status),
        **problem.answer_headers,
    }
    return NatsResponse(problem.told(request_id), headers=headers)


DOOR = Worker(receiving)
