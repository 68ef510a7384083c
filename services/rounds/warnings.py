"""What is recorded of a round all the same but should be looked at again: a warning refuses nothing."""

from events.base import Fact
from events.rounds import DataRequested, DipsRecorded, RoundDrawn
from services.policy.model import Policy
from services.rounds.state import Round


def warning_of_round(fact: Fact, state: Round, policy: Policy) -> str:
    """What is odd about a fact, given the round as it leaves it; empty if nothing is (TOR-30, TOR-35, A-TOR-10)."""
    match fact:
        case DataRequested(late=True, latest=latest):
            return f"the request is late: its last day was {latest}"
        case RoundDrawn(size=size, chosen=chosen) if len(chosen) < size:
            return f"there are only {len(chosen)} children to draw, {size} were asked for"
        case DipsRecorded(undrawn=undrawn) if undrawn and state.draws:
            return f"no draw of the round chose {', '.join(undrawn)}"
        case DipsRecorded():
            most = [each.at_most for each in policy.rounds.draws if each.at_most is not None]
            if most and len(state.dips) > max(most):
                return f"{len(state.dips)} dip samples are more than the {max(most)} that are aimed at"
    return ""
