"""What follows from a command about a webhook."""

import base64
import secrets

from events.base import Fact
from events.errors import Refused
from events.webhooks import WebhookRemoved, WebhookSecretShown, WebhookSet
from services.core.situation import Situation
from services.webhooks.commands import RemoveWebhook, SetWebhook, ShowSecret
from services.webhooks.state import SECRET, URL, Webhook
from services.webhooks.targets import target_of

SECRET_BYTES = 32
PREFIX = "whsec_"
"""How a secret of Standard Webhooks begins: by it a secret that got lost is found again in what it got into."""


def set_webhook(command: SetWebhook, webhook: Webhook, situation: Situation) -> list[Fact]:
    """It stands so from now on. The secret stays, unless a new one is asked for or the webhook was removed."""
    kept = None if command.rotate or webhook.phase == "removed" else webhook.held
    return [
        WebhookSet(
            url=situation.seal(URL, command.url),
            host=target_of(command.url).authority[:200],
            types=tuple(dict.fromkeys(command.types)),
            secret=kept.secret if kept else situation.seal(SECRET, new_secret()),
            made=kept is None,
        )
    ]


def show_secret(command: ShowSecret, webhook: Webhook, situation: Situation) -> list[Fact]:
    """It is shown. Refused where this secret was shown before."""
    situation.record.require_standing()
    if webhook.shown:
        raise Refused("webhook", f"the secret of {command.webhook} was shown; set it again with rotate for a new one")
    return [WebhookSecretShown()]


def remove(_: RemoveWebhook, _webhook: Webhook, situation: Situation) -> list[Fact]:
    """Nothing is posted there any more. Refused for one that was removed."""
    situation.record.require_standing()
    return [WebhookRemoved()]


def new_secret() -> str:
    """A secret in the form of Standard Webhooks."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
