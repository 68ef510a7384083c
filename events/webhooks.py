"""A webhook: an address of somebody else's, to which what is published of an authority is posted.

Address and secret are sealed with a key of that record's own. Nothing here says what was posted.
"""

from typing import Literal

from events.base import Fact, Label, Sealed

StopReason = Literal["gone"]
"""Why nothing is posted any more: the receiver answered that it is gone for good."""


class WebhookSet(Fact):
    """Where published messages are posted from now on, and of which types; in the place of what stood there.

    `types` are the types as messages name them; empty means all. `made` says that the secret is a new one. `host` is
    all of the address that is not sealed.
    """

    stored_name = "webhook.set.v1"
    clause = "a webhook is set"
    acts = ("webhook.set",)
    url: Sealed
    host: Label
    types: tuple[Label, ...] = ()
    secret: Sealed
    made: bool

    def sentence(self) -> str:
        what = "everything that is published" if not self.types else ", ".join(self.types)
        return f"A webhook at {self.host} was set for {what}{', with a new secret' if self.made else ''}."


class WebhookSecretShown(Fact):
    """The secret was shown to who set the webhook up at the other side; it is not shown again."""

    stored_name = "webhook.secret_shown.v1"
    acts = ("webhook.secret",)

    def sentence(self) -> str:
        return "The secret of the webhook was shown."


class WebhookRemoved(Fact):
    """Nothing is posted there any more, and what waited is not posted either."""

    stored_name = "webhook.removed.v1"
    clause = "a webhook is removed"
    acts = ("webhook.remove",)

    def sentence(self) -> str:
        return "The webhook was removed."


class WebhookStopped(Fact):
    """The receiver said that it is gone: nothing is posted there until the webhook is set again."""

    stored_name = "webhook.stopped.v1"
    reason: StopReason

    def sentence(self) -> str:
        return "The receiver answered that it is gone; nothing is posted there until the webhook is set again."
