"""What is recorded in a register all the same but should be looked at again: a warning refuses nothing."""

from collections.abc import Iterator

from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped
from services.core.answers import beyond_standard
from services.core.record import Record
from services.obligations.model import OwedBy
from services.policy.model import Policy


def warnings_on_entry(recorded: Recorded, _: Record, policy: Policy, _owed_by: OwedBy) -> Iterator[str]:
    """What misses a standard of the register: numbers, and too few children looked at."""
    fact = recorded.fact
    if not isinstance(fact, EntryRecorded | EntryStepped):
        return
    register = next((each for each in policy.registers if each.name == fact.kind), None)
    if register is None:
        return
    if isinstance(fact, EntryStepped):
        step = register.step(fact.step)
        yield from beyond_standard(step.questions if step else (), fact.answers)
        return
    yield from beyond_standard(register.questions, fact.answers)
    for item in fact.items:
        yield from beyond_standard(register.items, item.answers)
    if len(fact.items) < register.items_at_least:
        yield f"{register.title}: {len(fact.items)} children, at least {register.items_at_least} are asked for"
