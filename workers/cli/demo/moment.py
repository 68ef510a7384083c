"""The live moment of the demonstration: a concern is raised now, and those who must act are told at once."""

from dataclasses import dataclass
from time import monotonic, sleep

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from events.errors import Unavailable
from events.escalations import EscalationRaised
from services.audits.commands import RaiseSafetyConcern
from services.core.desk import Desk
from workers.asking.words import people, titles_of
from workers.recording.desks import recording_desks
from workers.system import System

WITHIN = 20.0
LOOK_EVERY = 0.001
INDENT = 17


@dataclass(frozen=True, slots=True)
class Moment:
    """What came of a concern: how long the command took, and how long after it the escalation stood in the record."""

    raised: EscalationRaised
    recorded_ms: float
    escalated_ms: float


def raise_concern(desk: Desk, audit: str) -> Moment:
    """Raise a safety concern as of now and wait for the escalation. Unavailable where none comes."""
    command = RaiseSafetyConcern(
        command="audit.raise_safety_concern",
        authority=desk.authority,
        actor="P-A6",
        role="auditor",
        audit=audit,
        concern="the child has not been seen for a week",
    )
    began = monotonic()
    written = desk.carry_out(command).events[-1].originator_version
    recorded = monotonic()
    while monotonic() - recorded < WITHIN:
        for event in desk.store.load(f"audit/{audit}")[written:]:
            if isinstance(event.fact, EscalationRaised):
                return Moment(event.fact, (recorded - began) * 1000, (monotonic() - recorded) * 1000)
        sleep(LOOK_EVERY)
    raise Unavailable(f"no escalation of audit {audit} within {WITHIN:.0f} seconds")


def show_moment(system: System, authority: str, audit: str, console: Console) -> None:
    """Raise a concern in an authority and say what came of it."""
    titles = titles_of(system.policies[authority])
    with recording_desks(system, "moment") as importer:
        moment = raise_concern(importer.desks[authority], audit)
    raised = moment.raised
    console.print(f"The auditor raises a safety concern about audit {audit}, now. No timer, no import, no reload:")
    console.print(f"  {moment.recorded_ms:>4.0f} ms        the concern is on the disk")
    console.print(f"  {moment.escalated_ms:>4.0f} ms later  the escalation is: “{raised.title}”, level {raised.level}")
    told = Padding(Text(f"told: {people(raised.recipients, titles)}"), (0, 0, 0, INDENT))
    console.print(told)
