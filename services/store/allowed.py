"""What an account may ask the server: whoever may not is not answered, and would wait in vain."""

from collections.abc import Iterable

import nats.errors
from nats.aio.client import Client

from services.store.errors import NotAllowed, StoreUnavailable
from services.store.quick import QuickClient


async def require_allowed(client: Client, name: str) -> None:
    """NotAllowed, at once, where the account may not make that request to the JetStream API: nobody would answer it.

    StoreUnavailable when the server does not say.
    """
    if await not_allowed(client, [name]):
        raise NotAllowed(f"the account may not ask the server for {name}")


async def not_allowed(client: Client, names: Iterable[str]) -> frozenset[str]:
    """Those of these requests that the account may not make: all of them are asked about at once.

    StoreUnavailable when the server does not say.
    """
    subjects = {f"$JS.API.{name}": name for name in names}
    try:
        for subject in subjects:
            await client.publish(subject)
        await client.flush()  # what the server refuses it says before it answers this
    except nats.errors.Error as error:
        raise StoreUnavailable(f"JetStream did not answer ({type(error).__name__})") from error
    refused = client.refused if isinstance(client, QuickClient) else frozenset()
    return frozenset(name for subject, name in subjects.items() if subject.lower() in refused)
