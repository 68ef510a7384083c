"""How much each has in hand, asked of a system (SWI-7)."""

from datetime import date

from projections.action_tracker import actions
from projections.register import register
from projections.workload import ENDED, InHand, in_hand
from services.clock import local_date
from workers.asking.activities import VIEW as ACTIVITIES
from workers.asking.programme import task_rows
from workers.system import System

VIEWS = ("register", "actions", ACTIVITIES)
"""The views that are read."""


def workload(system: System, authority: str, person: str | None = None) -> list[InHand]:
    """What each has in hand today, or the one `person` or group of the policy: by person, what is due first first."""
    engine, today = system.engine, local_date(system.clock())
    audits = register(engine, authority, as_of=today, without=ENDED)
    open_actions = actions(engine, authority, as_of=today, state="open")
    due = task_rows(system, authority, first=today.replace(day=1))
    held = [each for each in in_hand(audits, open_actions, due, today=today) if person in (None, each.person)]
    return sorted(held, key=lambda each: (each.person, each.due or date.max, each.kind, each.about))
