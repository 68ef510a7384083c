"""What happens to a child's key. One aggregate for each child, `child/<reference>`."""

from collections.abc import Mapping
from typing import Literal

from events.base import Fact

Reason = Literal["retention", "request", "order", "error", "restored"]
"""Why a key was erased. A list and no text: what could be written here could name the child.

`retention`: its time is over; `request`: the person asked for it; `order`: a court or the regulator did; `error`: the
texts were recorded about the wrong child; `restored`: a backup had brought back a key that was erased before.
"""


class ChildErased(Fact):
    """The child's key was destroyed, and with it every text and number that it had sealed.

    `version` and `key_id` name the key, as the texts do; one without an id is of the first days.
    """

    stored_name = "child.erased.v1"
    version: int
    key_id: str | None = None
    reason: Reason

    def sentence(self) -> str:
        why = ERASED_FOR[self.reason]
        return f"Key {self.version} was erased ({why}); nothing that it sealed can be read."


HoldReason = Literal["litigation", "inquiry", "review", "complaint", "police", "order", "unstated"]
"""For what a key is held. A list and no text: what could be written here could name the child.

`litigation`: a claim or proceedings in court; `inquiry`: a public inquiry; `review`: a review of the child's case that
the law asks for; `complaint`: a complaint, with the authority or an ombudsman; `police`: an investigation; `order`: a
court or the regulator asked for it; `unstated`: it was set without a reason, which no command does.
"""

UNSTATED: HoldReason = "unstated"


class ChildHeld(Fact):
    """The child's key was put under legal hold for this reason: it cannot be erased while any hold stands.

    `number` is that of the custodian's word on the child's key; it tells this hold from one that is set after it.
    """

    stored_name = "child.held.v1"
    number: int
    reason: HoldReason

    def sentence(self) -> str:
        why = HELD_FOR[self.reason]
        return f"The key was put under legal hold for {why}; it cannot be erased while that stands."


class ChildHoldReleased(Fact):
    """The legal hold for this reason is over, up to that `number`; others stand as they stood."""

    stored_name = "child.hold_released.v1"
    number: int
    reason: HoldReason

    def sentence(self) -> str:
        return f"The legal hold of the key for {HELD_FOR[self.reason]} ended."


ERASED_FOR: Mapping[Reason, str] = {
    "retention": "its time is over",
    "request": "the person asked for it",
    "order": "a court or the regulator ordered it",
    "error": "it was about the wrong child",
    "restored": "a backup had brought it back",
}

HELD_FOR: Mapping[HoldReason, str] = {
    "litigation": "a claim or proceedings in court",
    "inquiry": "a public inquiry",
    "review": "a review of the case",
    "complaint": "a complaint",
    "police": "an investigation of the police",
    "order": "an order of a court or the regulator",
    "unstated": "a reason that was not stated",
}
