"""What became of a message to one recipient, on a record of its own, `delivery/<identity>`.

One message tells of one notice, or of those of one type and day. Nothing here says where it went: an address stands,
sealed, in the directory alone.
"""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from events.base import Fact, Label, Ref
from events.escalations import Recipient
from events.wording import key

Transport = Literal["folder", "smtp", "notify"]
"""By which way a message goes: a folder of `.eml` files, a mail server, GOV.UK Notify."""

MessageKind = Literal["reminder", "notice", "correction", "escalation"]

Failure = Literal["refused", "deferred", "busy", "not_allowed", "unreachable", "timed_out", "dropped", "no_room"]
"""Why a message could not be handed over. A list and no text: what a server answers holds addresses.

`refused`: the other side will never take it; `deferred`: it will not take it now; `busy`: it was asked too often;
`not_allowed`: it does not know us; `unreachable`: nobody answers there; `timed_out`: no answer in time; `dropped`: the
connection ended in the middle; `no_room`: there is no room for the file.
"""

Suppression = Literal["no_address", "erased", "no_member", "left", "doubtful", "switched_off", "stale"]
"""Why nothing was sent.

`no_address`: none is recorded; `erased`: its key was; `no_member`: nobody is in the group; `left`: the person holds no
post any more; `doubtful`: an earlier message came back from there; `switched_off`: the installation sends nothing;
`stale`: it was recorded too long ago, such as before there were messages.
"""


class Told(BaseModel):
    """One notice in a message: the record that it is about, and the id of its event."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    about: Label
    notice: str


class _Message(Fact):
    """To whom a message goes, and of what it tells.

    `recipient` is a person; None for a group that nobody is in. `role` and `unit` are the post by which they were
    told. `instead_of` names the delivery that failed, of which the tier above is told.
    """

    recipient: Ref | None = None
    role: Label
    unit: Ref | None = None
    kind: MessageKind
    obligation: Label
    step: Label
    told: tuple[Told, ...]
    instead_of: str = ""

    @property
    def _to(self) -> str:
        post = key(self.role) if self.unit is None else f"{key(self.role)} of {self.unit}"
        return post if self.recipient is None else f"{self.recipient} ({post})"

    @property
    def _what(self) -> str:
        number = len(self.told)
        return f"the {self.kind}" if number == 1 else f"{number} {self.kind}s"


class DeliveryAttempted(_Message):
    """The message is about to be handed over, for the `number`th time; recorded before, so that none goes twice."""

    stored_name = "delivery.attempted.v1"
    transport: Transport
    number: int = 1

    def sentence(self) -> str:
        again = "" if self.number == 1 else f", attempt {self.number}"
        return f"A message with {self._what} “{self.obligation}” went out to {self._to}{again}."


class DeliverySuppressed(_Message):
    """Nothing is sent to the recipient of it, with the reason."""

    stored_name = "delivery.suppressed.v1"
    reason: Suppression

    def sentence(self) -> str:
        return f"No message with {self._what} “{self.obligation}” went to {self._to}: {SUPPRESSED[self.reason]}."


class DeliveryDelivered(Fact):
    """The other side took the message: the file stands, the mail server or GOV.UK Notify has accepted it."""

    stored_name = "delivery.delivered.v1"
    transport: Transport
    number: int = 1

    def sentence(self) -> str:
        return f"The message was {TAKEN[self.transport]}."


class DeliveryFailed(Fact):
    """The message could not be handed over. It is tried again at `again`; None: it is given up."""

    stored_name = "delivery.failed.v1"
    transport: Transport
    number: int = 1
    reason: Failure
    again: AwareDatetime | None = None

    def sentence(self) -> str:
        then = "it is tried again" if self.again else "it is given up"
        return f"The message could not be handed over, {FAILED[self.reason]}; {then}."


class DeliveryBounced(Fact):
    """The message was taken and came back: it did not reach the person."""

    stored_name = "delivery.bounced.v1"
    acts = ("delivery.report_bounce",)
    recipient: Ref

    def sentence(self) -> str:
        return f"The message to {self.recipient} came back: it did not reach them."


class DeliveryHandedUp(Fact):
    """The tier above is told of what did not reach the recipient; nobody where there is no tier above."""

    stored_name = "delivery.handed_up.v1"
    recipients: tuple[Recipient, ...] = ()

    def sentence(self) -> str:
        told = ", ".join(dict.fromkeys(key(each.role) for each in self.recipients))
        return f"As it did not reach its recipient, {told} is told." if told else "Nobody stands above to be told."


SUPPRESSED = {
    "no_address": "no address is recorded",
    "erased": "the key of the address was erased",
    "no_member": "nobody is in the group",
    "left": "they hold no post any more",
    "doubtful": "an earlier message came back from that address",
    "switched_off": "this installation sends no messages",
    "stale": "it was recorded too long ago",
}

FAILED = {
    "refused": "it was refused for good",
    "deferred": "it was not taken now",
    "busy": "the other side was asked too often",
    "not_allowed": "the other side does not let this installation send",
    "unreachable": "nobody answered there",
    "timed_out": "no answer came in time",
    "dropped": "the connection ended in the middle",
    "no_room": "there was no room for the file",
}

TAKEN = {
    "folder": "put into the folder of messages",
    "smtp": "taken by the mail server",
    "notify": "taken by GOV.UK Notify",
}
