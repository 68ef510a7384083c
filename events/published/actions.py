"""Actions as others see them: whose they are and by when, never what they ask for."""

from datetime import date
from typing import Literal

from events.base import Ref
from events.published.base import Published, Term
from events.wording import by_when


class ActionSet(Published):
    """Somebody was given something to do by a date. `record` and `action` together name it.

    `owners` are people by opaque reference, or groups by their keys: a tracker elsewhere is of no use where it
    cannot tell one owner from another.
    """

    name = "action.set"
    action: Ref
    level: Literal["child", "service", "strategic"]
    stage: Literal["audit", "moderation"]
    owners: tuple[Ref, ...]
    due: date | None

    def sentence(self) -> str:
        """Whose it is, and by when."""
        return f"Action {self.action} ({self.level}) was given to {', '.join(self.owners)}, {by_when(self.due)}."


class ActionOverdue(Published):
    """An action's date has passed and it is not done: told with the first notice or escalation about it after `due`.

    Once for each date that it has had. Where the framework tells nobody, nothing is published.
    """

    name = "action.overdue"
    action: Ref
    owners: tuple[Ref, ...]
    due: date

    def sentence(self) -> str:
        """Since when, and whose it is."""
        return f"Action {self.action} of {', '.join(self.owners)} is overdue: it was {by_when(self.due)}."


class ActionConfirmed(Published):
    """It was confirmed, in the role `by_role`, that the action was followed up."""

    name = "action.confirmed"
    action: Ref
    by_role: Term

    def sentence(self) -> str:
        """By which role."""
        return f"Action {self.action} was confirmed by {self.by_role}."
