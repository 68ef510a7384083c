"""What happens to a child's key. One aggregate for each child, `child/<reference>`."""

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
