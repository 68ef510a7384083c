"""The commands about webhooks."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from events.published.base import TYPES
from services.core.command import Command, Example, SetAside, ShortRef
from services.webhooks.state import webhook_aggregate
from services.webhooks.targets import target_of


def _addressed(url: str) -> str:
    target_of(url)
    return url


def _published(name: str) -> str:
    known = sorted(each.event_type() for each in TYPES.values())
    if name not in known:
        raise ValueError(f"{name[:80]} is not published; known: {', '.join(known)}")
    return name


Url = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_addressed), SetAside]
"""Where is posted to: sealed before it is stored, for it may hold a password of the receiver's."""

TypeName = Annotated[str, AfterValidator(_published)]


class WebhookCommand(Command):
    """A command about a webhook."""

    webhook: ShortRef = Field(description="The webhook, such as W-1.")

    @property
    def aggregate(self) -> str:
        """The webhook's record."""
        return webhook_aggregate(self.webhook)


class SetWebhook(WebhookCommand):
    """Have what is published posted to an https address from now on, in the place of what was set before.

    The secret by which the receiver knows our messages is made here; `rotate` makes a new one.
    """

    command: Literal["webhook.set"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "webhook": "W-1",
        "url": "https://alarms.council.example/sightline",
        "types": ["sightline.escalation.raised.v1"],
    }
    url: Url = Field(description="Where is posted to: an https address.")
    types: tuple[TypeName, ...] = Field(
        default=(), description="Which types, such as sightline.escalation.raised.v1; without, all."
    )
    rotate: bool = Field(default=False, description="Make a new secret; the former one signs beside it for a time.")


class ShowSecret(WebhookCommand):
    """Be shown the secret, to give it to the receiver. It is shown once."""

    command: Literal["webhook.secret"]
    example: ClassVar[Example] = {"role": "qa_team", "webhook": "W-1"}


class RemoveWebhook(WebhookCommand):
    """Post nothing there any more, nor what waits."""

    command: Literal["webhook.remove"]
    example: ClassVar[Example] = {"role": "qa_team", "webhook": "W-1"}
