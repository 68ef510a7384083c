"""What the kept bodies of webhooks mean."""

from events.base import Fact
from events.webhooks import WebhookRemoved, WebhookSecretShown, WebhookSet, WebhookStopped
from tests.histories import sealed

OF_WEBHOOKS: dict[str, Fact] = {
    "webhook.set.v1": WebhookSet(
        url=sealed(child="webhook_W-1"),
        host="hooks.example.org:8443",
        types=("sightline.escalation.raised.v1",),
        secret=sealed(child="webhook_W-1"),
        made=True,
    ),
    "webhook.secret_shown.v1": WebhookSecretShown(),
    "webhook.removed.v1": WebhookRemoved(),
    "webhook.stopped.v1": WebhookStopped(reason="gone"),
}
