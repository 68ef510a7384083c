"""One entry of a register as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field
from datetime import datetime

from events.actions import ActionStage
from events.errors import NotFound
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped, EntryWithdrawn
from services.actions.state import Action, take_action
from services.core.folded import Folded


@dataclass(slots=True)
class Entry(Folded):
    """An entry as it stands. `recorded` is None before it is recorded, `steps` counts each step that happened."""

    recorded: EntryRecorded | None = None
    child: str | None = None
    withdrawn: bool = False
    since: datetime | None = None
    steps: dict[str, int] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    dates: dict[str, datetime] = field(default_factory=dict)
    action_stage: ActionStage = "audit"

    @property
    def began(self) -> EntryRecorded:
        """The entry as it was recorded. NotFound before that."""
        if self.recorded is None:
            raise NotFound("entry", "that is not recorded")
        return self.recorded

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        at = recorded.envelope.occurred
        match recorded.fact:
            case EntryRecorded() as fact:
                self.recorded, self.child, self.since = fact, fact.child, at
            case EntryStepped(step=step):
                self.steps[step] = self.steps.get(step, 0) + 1
            case EntryWithdrawn():
                self.withdrawn = True
            case _:
                take_action(self.actions, recorded)
        self.dates.setdefault(recorded.fact.stored_name.rpartition(".v")[0], at)
