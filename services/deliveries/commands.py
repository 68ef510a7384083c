"""The command about messages: one came back."""

from typing import Literal

from pydantic import Field

from events.base import Ref
from services.core.command import Command


class ReportBounce(Command):
    """Record that a message came back, as a mail server told whoever reads its mailbox. `delivery` names the message.

    Nothing is sent to that address any more until it is changed, and the tier above is told.
    """

    command: Literal["delivery.report_bounce"]
    delivery: Ref = Field(description="The message.")

    @property
    def aggregate(self) -> str:
        """The record of the message."""
        return f"delivery/{self.delivery}"
