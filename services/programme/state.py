"""One task's record of one month, as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field
from datetime import date

from events.programme import TaskSkipped
from events.recorded import Recorded

TASK = "duty/"
"""How the names of these records begin, as they are stored: it stays, whatever a task is called."""


def task_of(name: str) -> str:
    """How a task itself is named among records, without a month."""
    return f"{TASK}{name}"


def task_aggregate(task: str, on: date) -> str:
    """The record that holds what was done towards a task in the month of a day."""
    return f"{task_of(task)}-{on:%Y-%m}"


@dataclass(slots=True)
class TaskRecord:
    """What the next command about the task must know: which were carried out, and what was skipped in this month."""

    begun: bool = False
    skipped: set[tuple[str, date]] = field(default_factory=set)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        self.begun = True
        if isinstance(recorded.fact, TaskSkipped):
            self.skipped.add((recorded.fact.about, recorded.fact.on))
