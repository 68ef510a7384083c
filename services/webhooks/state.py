"""One webhook, as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from events.errors import Refused
from events.recorded import Recorded
from events.webhooks import WebhookRemoved, WebhookSecretShown, WebhookSet, WebhookStopped
from services.core.folded import Folded

KIND = "webhook"
URL, SECRET = "webhook.url", "webhook.secret"
"""The fields for which address and secret are sealed."""

Phase = Literal["not begun", "standing", "stopped", "removed"]


def webhook_aggregate(reference: str) -> str:
    """The record of a webhook."""
    return f"{KIND}/{reference}"


@dataclass(slots=True)
class Webhook(Folded):
    """Where is posted to. `begun` is the version, and `position` the place in history, since which it stands.

    `former` is the sealed secret in whose place another one was made, at the instant `turned`.
    """

    phase: Phase = "not begun"
    held: WebhookSet | None = None
    shown: bool = False
    former: str | None = None
    turned: datetime | None = None
    begun: int = 0
    position: int = 0
    version: int = 0

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        self.version = recorded.originator_version
        match recorded.fact:
            case WebhookSet() as held:
                if self.phase != "standing":
                    self.begun, self.position = recorded.originator_version, recorded.position or 0
                if held.made:
                    known = self.held.secret if self.held is not None and self.phase != "removed" else None
                    self.former, self.turned, self.shown = known, recorded.envelope.recorded, False
                self.phase, self.held = "standing", held
            case WebhookSecretShown():
                self.shown = True
            case WebhookStopped():
                self.phase = "stopped"
            case WebhookRemoved():
                self.phase = "removed"


def require_standing(webhook: Webhook, reference: str) -> None:
    """Refused for one that was removed."""
    if webhook.phase == "removed":
        raise Refused("webhook", f"{reference} was removed")
