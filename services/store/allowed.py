"""What an account may ask the server: whoever may not is not answered, and would wait in vain."""

import nats.errors
from nats.aio.client import Client

from services.store.errors import NotAllowed, StoreUnavailable
from services.store.quick import QuickClient


async def require_allowed(client: Client, name: str) -> None:
    """NotAllowed, at once, where the account may not make that request to the JetStream API: nobody would answer it.

    StoreUnavailable when the server does not say.
    """
    subject = f"$JS.API.{name}"
    try:
        await client.publish(subject)
        await client.flush()  # what the server refuses it says before it answers this
    except nats.errors.Error as error:
        raise StoreUnavailable(f"JetStream did not answer ({type(error).__name__})") from error
    if isinstance(client, QuickClient) and subject.lower() in client.refused:
        raise NotAllowed(f"the account may not ask the server for {name}")
