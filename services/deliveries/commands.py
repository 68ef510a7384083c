"""The command about messages: one came back."""

from typing import ClassVar, Literal

from pydantic import Field

from events.base import Ref
from services.core.command import Command, Example


class ReportBounce(Command):
    """Record that a message came back, as a mail server told whoever reads its mailbox. `delivery` names the message.

    Nothing is sent to that address any more until it is changed, and the tier above is told.
    """

    command: Literal["delivery.report_bounce"]
    example: ClassVar[Example] = {"role": "qa_team", "delivery": "M-1"}
    delivery: Ref = Field(description="The message.")

    @property
    def aggregate(self) -> str:
        """The record of the message."""
        return f"delivery/{self.delivery}"
