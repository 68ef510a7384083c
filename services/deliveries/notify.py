"""GOV.UK Notify: each message under a reference of its own, by which it is found again.

Its client serves one thread, so every council's has one. Before a message goes again it is looked up by its reference;
what is still on its way there at that moment is the one case in which it could go twice.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

from notifications_python_client.errors import APIError
from requests import Timeout

from events.deliveries import Transport
from services.deliveries.letters import Letter
from services.deliveries.transports import Fate, NotTaken

logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL + 1)
"""Its own log would hold what the service answers, and that may hold the address."""

T = TypeVar("T")
ARRIVED = frozenset({"delivered", "received"})
CAME_BACK = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
SLACK = 5.0
NEVER, NOT_ALLOWED, TOO_OFTEN, THEIR_FAULT = 400, frozenset({401, 403}), 429, 500
LONGEST_ASKED = 3600.0


class Client(Protocol):
    """What is asked of the client of Notify, which states no types of its own."""

    def send_email_notification(
        self, email_address: str, template_id: str, personalisation: dict[str, str], reference: str
    ) -> Any:
        """Hand a message over; APIError where it is not taken."""
        ...

    def get_all_notifications(self, *, reference: str) -> Any:
        """The messages of that reference; APIError where it does not answer."""
        ...


class Notify:
    """Hands letters to GOV.UK Notify, with a template of two places, `subject` and `body`."""

    name: Transport = "notify"

    def __init__(self, make: Callable[[], Client], template: str, authority: str, *, seconds: float) -> None:
        self._make = make
        self._template = template
        self._authority = authority
        self._client: Client | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notify")
        self.patience = 3 * seconds + SLACK

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Notify"]:
        """The service itself: its client keeps connections by its own rules."""
        yield self

    async def put(self, letter: Letter) -> NotTaken | None:
        """Hand the letter over."""
        try:
            await self._asked(
                lambda client: client.send_email_notification(
                    email_address=letter.address,
                    template_id=self._template,
                    personalisation={"subject": letter.subject, "body": letter.text},
                    reference=self._reference(letter.identity),
                )
            )
        except APIError as error:
            return why(error)
        return None

    async def taken_before(self, identity: str) -> bool | None:
        """Whether the service knows the reference; None where it does not answer."""
        status = await self._status(identity)
        return None if status is None else bool(status)

    async def fate(self, identity: str) -> Fate:
        """What the service says of it."""
        status = await self._status(identity)
        return "arrived" if status in ARRIVED else "came back" if status in CAME_BACK else "on its way"

    async def _status(self, identity: str) -> str | None:
        """The state of the message; empty where the service knows none, None where it does not answer."""
        try:
            found = await self._asked(lambda client: client.get_all_notifications(reference=self._reference(identity)))
        except APIError:
            return None
        return next((str(each["status"]) for each in found["notifications"]), "")

    def _reference(self, identity: str) -> str:
        return f"{self._authority}.{identity}"

    async def _asked(self, question: Callable[[Client], T]) -> T:
        """Ask in the thread that the client belongs to."""

        def ask() -> T:
            self._client = self._client or self._make()
            return question(self._client)

        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)


def why(error: APIError) -> NotTaken:
    """The class of a failure: no word of what the service answered, for that may hold the address."""
    if error.response is None:
        timed_out = isinstance(error.__cause__, Timeout)
        return NotTaken("timed_out" if timed_out else "unreachable", closed=True)
    match error.status_code:
        case code if code in NOT_ALLOWED:
            return NotTaken("not_allowed", closed=True)
        case code if code == TOO_OFTEN:
            return NotTaken("busy", closed=True, again_in=_asked_for(error.response.headers.get("Retry-After")))
        case code if NEVER <= code < THEIR_FAULT:
            return NotTaken("refused", for_good=True)
    return NotTaken("deferred")


def _asked_for(header: str | None) -> float:
    """The seconds that the service asks for; nothing where it says none that can be kept."""
    return min(float(header), LONGEST_ASKED) if header is not None and header.isascii() and header.isdigit() else 0.0
