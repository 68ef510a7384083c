"""Whether a webhook could be posted to, asked of the world when it is set; at each sending it is asked again."""

from collections.abc import Callable

from events.errors import Refused
from services.core.command import Command
from services.webhooks.commands import SetWebhook
from services.webhooks.targets import Reach, Unresolved


def reachable(reach: Reach) -> Callable[[Command], None]:
    """What refuses a webhook whose address leads nowhere, or where nothing is posted to."""

    def ask(command: Command) -> None:
        if isinstance(command, SetWebhook):
            try:
                reach.of_url(command.url)
            except Unresolved as error:
                raise Refused("url", "its host has no address now; check the name") from error

    return ask
