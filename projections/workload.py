"""Who has what in hand: audits to return and to moderate, actions to complete, tasks of the month (SWI-7)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from events.stages import Stage
from projections.action_tracker import ActionRow
from projections.register import RegisterRow

ENDED: frozenset[Stage] = frozenset({"voided", "exempted", "closed"})
"""The stages of an audit about which nobody has anything to do any more."""

KINDS = ("audit", "moderation", "action", "task")
"""What somebody can have in hand."""


class Task(Protocol):
    """What a row of a programme task says of it."""

    @property
    def task(self) -> str:
        """Its name in the policy."""

    @property
    def about(self) -> str | None:
        """Whom or what it is about."""

    @property
    def title(self) -> str:
        """What is to be done."""

    @property
    def due(self) -> date:
        """The last day of its period."""

    @property
    def state(self) -> str:
        """Whether it is done, open, overdue or skipped."""

    @property
    def holders(self) -> Sequence[str]:
        """Who holds the post that owes it."""


@dataclass(frozen=True, slots=True)
class InHand:
    """One thing that somebody has in hand. `due` None: no date is stated."""

    person: str
    kind: str
    about: str
    what: str
    due: date | None
    overdue: bool


def in_hand(
    audits: Iterable[RegisterRow], actions: Iterable[ActionRow], tasks: Iterable[Task], *, today: date
) -> Iterator[InHand]:
    """Everything that anybody has in hand today: an audit is returned by its auditor, moderated by its moderator.

    `actions` are the open ones. An action is in hand of each who owns it, a task of each who holds the post.
    """
    for row in audits:
        if row.stage in ENDED:
            continue
        if row.returned_on is None:
            yield InHand(row.auditor, "audit", row.audit, row.audit_type, row.due, bool(row.late))
        elif row.moderator is not None and row.moderated_on is None:
            due = row.moderation_due
            late = due is not None and due < today and row.stands_since is None
            yield InHand(row.moderator, "moderation", row.audit, row.audit_type, due, late)
    for action in actions:
        for owner in (action.owner, *action.jointly):
            yield InHand(owner, "action", action.audit, action.action, action.due, action.overdue_since is not None)
    for task in tasks:
        if task.state in {"open", "overdue"}:
            for holder in task.holders:
                yield InHand(holder, "task", task.about or task.task, task.title, task.due, task.state == "overdue")
