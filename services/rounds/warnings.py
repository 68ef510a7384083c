"""What is recorded of a round all the same but should be looked at again: a warning refuses nothing."""

from collections.abc import Iterator

from events.base import Fact
from events.recorded import Recorded
from events.rounds import DataRequested, DipsRecorded, RoundDrawn
from services.core.record import Record
from services.obligations.model import OwedBy
from services.policy.model import Policy
from services.rounds.state import Round


def warnings_on_round(recorded: Recorded, record: Record, policy: Policy, _: OwedBy) -> Iterator[str]:
    """What is odd about a fact, given the round as it leaves it (TOR-30, TOR-35, A-TOR-10)."""
    if isinstance(record.state, Round) and (warning := _warning_of(recorded.fact, record.state, policy)):
        yield warning


def _warning_of(fact: Fact, state: Round, policy: Policy) -> str:
    match fact:
        case DataRequested(late=True, latest=latest):
            return f"the request is late: its last day was {latest}"
        case RoundDrawn(per=str(per), size=size, short=short):
            fewer = ", ".join(f"{name} has {count}" for name, count in short.items())
            return f"{size} of each {per} were asked for, and {fewer}" if fewer else ""
        case RoundDrawn(size=size, chosen=chosen) if len(chosen) < size:
            return f"there are only {len(chosen)} children to draw, {size} were asked for"
        case DipsRecorded(undrawn=undrawn) if undrawn and state.draws:
            return f"no draw of the round chose {', '.join(undrawn)}"
        case DipsRecorded():
            most = [each.at_most for each in policy.rounds.draws if each.at_most is not None]
            if most and len(state.dips) > max(most):
                return f"{len(state.dips)} dip samples are more than the {max(most)} that are aimed at"
    return ""
