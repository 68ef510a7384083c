"""The kinds of record that commands are decided on, each with how its state begins and what is kept of it in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from events.recorded import Recorded
from services.audits.state import Audit
from services.cases.state import CaseList
from services.disputes.state import Dispute
from services.duties.record import DutyRecord
from services.indicators.record import IndicatorRecord
from services.people.directory import Directory
from services.registers.state import Entry
from services.rounds.files import Files
from services.rounds.state import Round
from services.sampling.month import Month


class State(Protocol):
    """What the desk needs of a record's state."""

    version: int
    commands: dict[str, str]

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        ...


STATES: Mapping[str, Callable[[], State]] = {
    "audit": Audit,
    "directory": Directory,
    "duty": DutyRecord,
    "month": Month,
    "dispute": Dispute,
    "entry": Entry,
    "indicator": IndicatorRecord,
    "cases": CaseList,
    "round": Round,
    "files": Files,
}
"""How each kind of record begins, before its first event."""


OWING = ("audit", "dispute", "entry", "duty", "month", "round")
"""The kinds of record that owe something: what is done about them starts clocks. Whatever asks what is owed, arms
timers, sweeps or plans takes them from here."""

WORKED_OUT = tuple(f"{kind}/" for kind in OWING)
"""How the names of those records begin."""


@dataclass(slots=True)
class Record:
    """An aggregate in memory: its history and the state that follows from it."""

    history: list[Recorded]
    state: State

    def take(self, recorded: Recorded) -> None:
        """Add an event that was decided."""
        self.history.append(recorded)
        self.state.apply(recorded)


def record_of(aggregate: str, history: tuple[Recorded, ...]) -> Record:
    """The record as its history leaves it."""
    state = STATES[aggregate.partition("/")[0]]()
    for recorded in history:
        state.apply(recorded)
    return Record(list(history), state)
